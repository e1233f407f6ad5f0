//! How far a long run is: one line on stderr, on a terminal only.

use crate::sim::World;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Work that is shorter than this says nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    next: Option<Instant>,
    shown: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Progress {
            next: terminal.then(|| Instant::now() + PATIENCE),
            shown: false,
        }
    }

    /// Between two slices of work.
    pub(super) fn tick(&mut self, world: &World) {
        self.say(|| {
            let (now, steps) = (world.now(), world.steps());
            format!("{now} s of virtual time, {steps} events")
        });
    }

    /// Between two slices of other work.
    pub(super) fn say(&mut self, what: impl FnOnce() -> String) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = Some(now + EVERY);
        self.shown = true;
        let _ = write!(std::io::stderr(), "\r\x1b[K{}", what());
    }

    /// Leaves no trace on the terminal.
    pub(super) fn done(self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

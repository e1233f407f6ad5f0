//! Breakpoints: the play stops when something comes about.

use super::{Notice, Player};
use crate::lab::{Phrase, Until};

/// The most breakpoints: each costs a look after every event.
const MOST: usize = 12;

impl Player {
    /// Sets a breakpoint, or takes it away.
    pub(super) fn set_break(&mut self, until: &Until, stop: bool) {
        self.breaks.retain(|(known, _)| known != until);
        if stop && self.breaks.len() < MOST {
            let so = until.reached(self.history.run(), &self.names);
            self.breaks.push((until.clone(), so));
        } else if stop {
            let full = Phrase::new("app.breaks-full").with("most", MOST);
            self.notice = Some(Notice::plain(full));
        }
    }

    /// After a step of the play: stops it where a breakpoint has come about.
    pub(super) fn breaks_here(&mut self) -> bool {
        let mut stopped = self.at_goal();
        for (until, was) in &mut self.breaks {
            let so = until.reached(self.history.run(), &self.names);
            // A message or a reason is of one event; another state lasts, and counts once.
            let fleeting = matches!(until, Until::Message(_) | Until::Note(_));
            if so && (fleeting || !*was) {
                stopped = true;
                let what = until.print(&self.names);
                let told = Phrase::new("app.break").with("what", what);
                self.notice = Some(Notice::plain(told));
            }
            *was = so;
        }
        if stopped {
            self.playing = false;
        }
        stopped
    }

    /// After a jump: what is so here has not just come about.
    pub(super) fn look_at_breaks(&mut self) {
        for (until, was) in &mut self.breaks {
            *was = until.reached(self.history.run(), &self.names);
        }
    }
}

//! A player that follows another one: its clock is always where the other's is.

use super::{KEEP, Late, Player, SLICE};
use crate::engine::Time;
use crate::lab::{BranchId, Command, Entry, History, Names, Setup, Story};
use crate::view::Plugin;
use std::rc::Rc;

/// What the same commands became in another lab.
#[derive(Clone, Default)]
pub(in crate::ui) struct Mirrored {
    /// How many entries of the other's log were looked at.
    entries: usize,
    /// How many of its commands this lab does not know.
    pub(in crate::ui) unknown: usize,
}

impl Player {
    /// A branch of this run as a run of its own.
    pub(in crate::ui) fn apart(&self, branch: BranchId) -> Option<Player> {
        let history = self.history.apart(branch)?;
        let mut player = Player::new(self.plugin, self.history.setup().clone());
        player.history = history;
        Some(player)
    }

    /// Another lab under the same weather: the same seed, and the same value of every parameter
    /// that both have.
    pub(in crate::ui) fn under_same_weather(&self, plugin: &'static dyn Plugin) -> Player {
        let mine = self.history.setup();
        let lab: &'static dyn crate::lab::Lab = plugin;
        let mut setup: Setup = lab.setup(mine.seed);
        for (spec, value) in mine.params.iter() {
            // One that the other lab does not have, or that is out of its bounds, stays as it was.
            let _ = setup.params.set(spec.name, &value.to_string());
        }
        Player::new(plugin, setup)
    }

    /// The same lab and seed with another value of one parameter, if it has that.
    pub(in crate::ui) fn otherwise(&self, name: &str, value: &str) -> Option<Player> {
        let mut setup = self.history.setup().clone();
        setup.params.set(name, value).ok()?;
        Some(Player::new(self.plugin, setup))
    }

    /// Goes where the other's clock is, doing on the way what was done there. False where that
    /// takes longer than this frame.
    pub(in crate::ui) fn mirror(
        &mut self,
        other: &Player,
        done: &mut Mirrored,
        late: Late<'_>,
    ) -> bool {
        let log = &other.history.branch().log;
        let clock_us = other.common_us();
        let now = Time(clock_us as u64);
        while let Some(logged) = log.get(done.entries).filter(|logged| logged.at.time <= now) {
            if !self.follow(logged.at.time.0 as f64, late) {
                return false;
            }
            done.entries += 1;
            if let Entry::Act(action) = &logged.entry {
                let text = Command::Act(Rc::clone(action)).print(&other.names);
                done.unknown += usize::from(!self.give_text(&text));
            }
        }
        self.follow(clock_us, late)
    }

    /// The clock that two players can have in common. Where a command of this one is still to come
    /// at this very moment, that is the moment before: the other one knows moments, not steps.
    pub(in crate::ui) fn common_us(&self) -> f64 {
        let here = self.position();
        let mut log = self.history.branch().log.iter();
        let comes = log.any(|logged| {
            matches!(logged.entry, Entry::Act(_))
                && logged.at.time == here.time
                && logged.at.step >= here.step
        });
        if comes {
            (self.clock_us - 1.0).max(0.0)
        } else {
            self.clock_us
        }
    }

    fn give_text(&mut self, text: &str) -> bool {
        let names: &Names = &self.names;
        let world = self.history.run().world();
        let Ok(Command::Act(action)) = Story::parse_command(text, names, world) else {
            return false;
        };
        self.generation += 1;
        // What finds no target has no effect here; that is a note in the trace.
        let _ = self.history.act(&action);
        true
    }

    /// Goes to where a clock is. False where that takes longer than this frame.
    pub(in crate::ui) fn follow(&mut self, clock_us: f64, late: Late<'_>) -> bool {
        let target = Time(clock_us as u64);
        if target < self.position().time {
            self.history.seek_time(target);
            self.generation += 1;
        }
        let mut steps = 0;
        while self.due_us().is_some_and(|due| due <= clock_us) {
            self.step();
            steps += 1;
            if steps % SLICE == 0 && late() {
                self.settle();
                return false;
            }
        }
        self.history.run_to(target);
        self.clock_us = clock_us;
        self.note_verdicts();
        self.notice = None;
        true
    }

    /// An empty history of the same lab, for a run that is to be told anew.
    pub(in crate::ui) fn begin_again(&mut self) {
        let setup = self.history.setup().clone();
        self.history = History::new(self.plugin, setup, KEEP);
        self.found.clear();
        self.settle();
    }
}

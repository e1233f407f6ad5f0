//! A run as the story that plays to it.

use super::{Entry, History, Logged};
use crate::engine::Span;
use crate::lab::command::Command;
use crate::lab::parse::LONGEST;
use crate::lab::run::Position;
use crate::lab::story::{Line, Story, header};
use std::rc::Rc;

impl History {
    /// The story of this branch, up to its end: exact, so that it plays to the same run.
    #[must_use]
    pub fn story(&self) -> Story {
        let branch = self.branch();
        self.story_of(&branch.log, branch.end, branch.whole)
    }

    /// The story of this branch up to the playhead.
    #[must_use]
    pub fn story_so_far(&self) -> Story {
        let here = self.position();
        let before = |logged: &&Logged| match logged.entry {
            Entry::Act(_) => logged.at.step < here.step,
            Entry::Annotation(_) => logged.at <= here,
        };
        let log: Vec<Logged> = self.branch().log.iter().filter(before).cloned().collect();
        self.story_of(&log, here, self.run.whole())
    }

    /// The first line of this run's story.
    #[must_use]
    pub fn header(&self) -> String {
        header(self.names.lab, &self.setup)
    }

    fn story_of(&self, log: &[Logged], end: Position, whole: Position) -> Story {
        let mut lines = Vec::new();
        let mut last = Position::default();
        let mut line = |command| {
            let number = lines.len() + 2;
            lines.push(Line { number, command });
        };
        for logged in log {
            way(last, logged.at, logged.whole, &mut line);
            last = logged.at;
            match &logged.entry {
                Entry::Act(action) => {
                    line(Command::Act(Rc::clone(action)));
                    last.step += 1;
                }
                Entry::Annotation(command) => line(command.clone()),
            }
        }
        way(last, end, whole, &mut line);
        Story {
            setup: self.setup.clone(),
            names: self.names.clone(),
            lines,
        }
    }
}

/// The commands that lead from one place to another: a run up to the last moment that is whole
/// there, and single steps where the place lies between several events of one moment.
fn way(from: Position, to: Position, whole: Position, line: &mut impl FnMut(Command)) {
    let mut whole = if whole.step > from.step { whole } else { from };
    if whole.step == to.step {
        whole.time = to.time;
    }
    if whole != from {
        // No line may name a longer time than a story can.
        let mut left = whole.time - from.time;
        while left > LONGEST {
            line(Command::RunFor(LONGEST));
            left = Span(left.0 - LONGEST.0);
        }
        line(Command::RunFor(left));
    }
    if to.step > whole.step {
        line(Command::Step(to.step - whole.step));
    }
}

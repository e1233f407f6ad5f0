//! Long ways, worked through in slices: a story, a seek far ahead, a run until something. The
//! page stays alive meanwhile, whatever a stranger's link asks for.

use super::{Late, Notice, Player};
use crate::engine::Time;
use crate::lab::{Command, Line, Link, Outcome, Phrase, Player as Script, Position, Run, Story};
use crate::sim::Miss;

/// How many events a slice has.
const SLICE: u64 = 256;
/// How many events a story may take before the page stops it.
pub(super) const MOST_EVENTS: u64 = 10_000_000;

/// Where to go when a story was played.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(in crate::ui) enum Then {
    /// Nowhere: it ends where it ends.
    Stay,
    /// Back to its beginning, from where a person steps through it.
    Begin,
    /// To a step of it. What it broke there is told by who opens it so.
    Step(u64),
    /// To a place in it, where the trace had this hash.
    Go(Position, Option<u64>),
}

/// What is being worked through.
pub(super) enum Job {
    /// The lines of a story, or one command.
    Script {
        script: Script,
        then: Then,
        /// Events that it may still take.
        left: u64,
    },
    /// To a step.
    Step(u64),
    /// To a moment.
    Moment(Time),
    /// To a place, to compare the trace there.
    Place(Position, Option<u64>),
}

impl Player {
    /// Begins to play a story on this experiment.
    pub(in crate::ui) fn run_story(&mut self, story: &Story, then: Then) {
        let script = Script::new(story);
        self.job = Some(Job::Script {
            script,
            then,
            left: MOST_EVENTS,
        });
        self.playing = false;
    }

    /// Begins to carry out commands, one after the other; what does not come about ends the row.
    pub(super) fn run_commands(&mut self, mut commands: Vec<Command>) {
        if commands.is_empty() {
            return;
        }
        let rest = commands.split_off(1);
        let line = |command| Line { number: 1, command };
        let story = Story {
            setup: self.history.setup().clone(),
            names: (*self.names).clone(),
            lines: commands.into_iter().map(line).collect(),
        };
        self.run_story(&story, Then::Stay);
        self.rest = rest;
    }

    /// Begins to go to a step; back is done at once.
    pub(super) fn go_to_step(&mut self, step: u64) {
        if step <= self.position().step {
            self.history.seek(step);
            self.settle();
        } else {
            self.job = Some(Job::Step(step));
        }
    }

    /// Begins to go to a moment; back is done at once.
    pub(super) fn go_to_moment(&mut self, time: Time) {
        if time <= self.position().time {
            self.history.seek_time(time);
            self.settle();
        } else {
            self.job = Some(Job::Moment(time));
        }
    }

    /// Begins to go to a place of this branch.
    pub(super) fn go_to_place(&mut self, place: Position) {
        self.job = Some(Job::Place(place, None));
    }

    /// Stops what is being worked through.
    pub(super) fn cancel(&mut self) {
        self.rest.clear();
        if self.job.take().is_some() {
            self.settle();
        }
    }

    /// Goes on with the job until it is done or the frame's time is up.
    pub(in crate::ui) fn work(&mut self, late: Late<'_>) {
        let branch = self.history.branch_id();
        let mut fresh = None;
        while let Some(job) = self.job.take() {
            self.job = match job {
                Job::Script { script, then, left } => {
                    self.work_script(script, then, left, &mut fresh)
                }
                Job::Step(step) => (!self.walk(step, Time(u64::MAX))).then_some(Job::Step(step)),
                Job::Moment(time) => {
                    let arrived = self.walk(u64::MAX, time);
                    if arrived {
                        self.history.run_to(time);
                    }
                    (!arrived).then_some(Job::Moment(time))
                }
                Job::Place(place, hash) => self.work_place(place, hash),
            };
            // Where verdicts fall is best known while the records are fresh.
            self.note_verdicts();
            if late() {
                break;
            }
        }
        if fresh.is_some() {
            self.notice = fresh;
        }
        if self.history.branch_id() != branch {
            self.forked(branch);
        }
        self.settle();
    }

    fn work_script(
        &mut self,
        mut script: Script,
        then: Then,
        left: u64,
        notice: &mut Option<Notice>,
    ) -> Option<Job> {
        let mut ended = |line: &Line, outcome: Outcome| {
            // The lines of a whole story are judged by the runner, not by the page.
            if then == Then::Stay
                && let Some(told) = told(line, &outcome)
            {
                *notice = Some(told);
            }
        };
        let (tutor, names) = (&mut self.tutor, &self.names);
        let mut look = |run: &Run| tutor.look(run, names);
        let done = script.play(&mut self.history, SLICE, &mut look, &mut ended);
        self.goals_here();
        let rest = std::mem::take(&mut self.rest);
        if !done {
            self.rest = rest;
        } else if notice.is_none() && !rest.is_empty() {
            self.run_commands(rest);
            return self.job.take();
        }
        if done {
            // What the whole story found is marked, wherever the playhead goes now.
            self.note_verdicts();
            return match then {
                Then::Stay => None,
                Then::Begin => {
                    // Its end is not given away: what breaks is marked, and told where it does.
                    self.notice = None;
                    self.tell_again();
                    self.history.seek(0);
                    None
                }
                Then::Step(step) => {
                    self.notice = None;
                    self.history.seek(step.min(self.position().step));
                    None
                }
                Then::Go(place, hash) => Some(Job::Place(place, hash)),
            };
        }
        let left = left.saturating_sub(SLICE);
        if left == 0 {
            let most = Phrase::new("app.story-endless").with("events", MOST_EVENTS);
            *notice = Some(Notice::plain(most));
            return None;
        }
        Some(Job::Script { script, then, left })
    }

    fn work_place(&mut self, place: Position, hash: Option<u64>) -> Option<Job> {
        // A link may name a step that its story does not reach.
        let step = place.step.min(self.history.branch().end.step);
        if step < self.position().step {
            self.history.seek(step);
        }
        if !self.walk(step, Time(u64::MAX)) {
            return Some(Job::Place(place, hash));
        }
        if step == place.step {
            self.history.seek_to(place);
        }
        let world = self.history.run().world();
        if hash.is_some_and(|hash| hash != world.trace_hash()) || step != place.step {
            self.notice = Some(Notice::plain(self.differs()));
        }
        None
    }

    /// The trace is not the one that was shared: with the reason, where that is known.
    fn differs(&self) -> Phrase {
        let other = |version: &&String| version.as_str() != Link::VERSION;
        match self.from_version.as_ref().filter(other) {
            None => Phrase::new("app.link-differs"),
            Some(version) => Phrase::new("app.link-differs-version")
                .echo("old", version)
                .with("new", Link::VERSION),
        }
    }

    /// One slice of the way; true where it is at its end.
    fn walk(&mut self, step: u64, time: Time) -> bool {
        for _ in 0..SLICE {
            let due = self.history.next_time().filter(|due| *due <= time);
            if self.position().step >= step || due.is_none() {
                return true;
            }
            self.history.step();
            if self.goals_here() {
                return true;
            }
        }
        false
    }
}

/// What the page says of a command that did not do what it says.
pub(super) fn told(line: &Line, outcome: &Outcome) -> Option<Notice> {
    match outcome {
        Outcome::Done => None,
        Outcome::Missed(miss) => Some(Notice::plain(Phrase::new(miss_key(*miss)))),
        Outcome::Unmet(got) => {
            let key = match line.command {
                Command::Expect(_) => "app.unmet",
                _ => "app.not-reached",
            };
            Some(Notice::about(Phrase::new(key), "got", got.clone()))
        }
    }
}

fn miss_key(miss: Miss) -> &'static str {
    match miss {
        Miss::NoSuchMessage => "app.miss-no-such-message",
        Miss::NodeDown => "app.miss-node-down",
        Miss::NodeNotDown => "app.miss-node-not-down",
        Miss::NodeNotUp => "app.miss-node-not-up",
        Miss::NodeNotPaused => "app.miss-node-not-paused",
        Miss::TimerNotSet => "app.miss-timer-not-set",
        Miss::NothingToDo => "app.miss-nothing-to-do",
    }
}

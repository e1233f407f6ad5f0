//! What the detector promises, judged from outside: by what was delivered, when, and who is
//! really down. Of the monitor only its opinion is asked.

use super::engine::{MONITOR, Monitor};
use super::notes;
use crate::engine::{Arg, Fingerprint, NodeId, Note, NoteKey, Renaming, Span, Time, engine_of};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Status, World};
use std::hash::Hash;

/// How long after calm every live node is to be trusted: more than a dozen heartbeats at the
/// longest interval, so that not even the worst loss takes them all.
const TRUSTED_WITHIN: Span = Span::secs(30);

const NOT_TOO_EARLY: usize = 0;
const DEAD_NOTICED: usize = 1;
const TRUSTED_AGAIN: usize = 2;
const SOMEBODY_SUSPECTED: usize = 3;
const FALSE_ALARM: usize = 4;

/// A detector counts time, so it promises nothing once clocks run wrong; all else may break.
const CLOCKS_RIGHT: FaultSet = FaultSet::all_but(&[FaultKind::ClockSkew]);

pub(super) const CHECKS: &[CheckSpec] = &[
    CheckSpec {
        id: "a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat",
        mode: Mode::Always,
        assumes: CLOCKS_RIGHT,
    },
    CheckSpec {
        id: "a-dead-node-is-suspected",
        mode: Mode::Always,
        assumes: CLOCKS_RIGHT,
    },
    CheckSpec {
        id: "a-live-node-is-trusted-again",
        mode: Mode::Eventually(TRUSTED_WITHIN),
        assumes: FaultSet::ALL,
    },
    CheckSpec {
        id: "a-node-is-suspected",
        mode: Mode::Sometimes,
        assumes: FaultSet::ALL,
    },
    CheckSpec {
        id: "a-false-alarm",
        mode: Mode::Sometimes,
        assumes: FaultSet::ALL,
    },
];

/// What is so of one watched node.
#[derive(Copy, Clone, Hash, Default)]
struct Truth {
    /// When the monitor last got a heartbeat of it, or came up itself.
    heard: Time,
    /// Since when it is down.
    down_since: Option<Time>,
    /// The monitor's opinion after the last step.
    suspected: bool,
    /// Whether, since the last calm, a heartbeat came and the monitor trusted it then.
    trusted_again: bool,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    timeout: Span,
    /// Since when the monitor runs without a break; `None` while it is down or paused.
    awake_since: Option<Time>,
    monitor_was: Status,
    truths: Vec<Truth>,
    calm_at: Option<Time>,
    /// No dead node has to be suspected before this moment.
    next_deadline: Option<Time>,
}

impl Watcher {
    pub(super) fn new(world: &World, timeout: Span) -> Self {
        let nodes = world.ids().count() - 1;
        Watcher {
            timeout,
            awake_since: Some(Time(0)),
            monitor_was: Status::Up,
            truths: vec![Truth::default(); nodes],
            calm_at: None,
            next_deadline: None,
        }
    }

    fn truths(&mut self) -> impl Iterator<Item = (NodeId, &mut Truth)> {
        (1..).map(NodeId).zip(&mut self.truths)
    }

    /// Somebody acted: who is up, down or paused now?
    fn note_status(&mut self, world: &World) {
        let now = world.now();
        let monitor = world.cell(MONITOR).status();
        let came_up = self.monitor_was == Status::Down && monitor == Status::Up;
        self.awake_since = match monitor {
            Status::Up => self.awake_since.or(Some(now)),
            Status::Paused | Status::Down => None,
        };
        if came_up {
            self.awake_since = Some(now);
        }
        self.monitor_was = monitor;
        for (node, truth) in self.truths() {
            if came_up {
                // Its memory is lost, so what it heard before counts no more.
                (truth.heard, truth.suspected) = (now, false);
            }
            truth.down_since = match world.cell(node).status() {
                Status::Down => truth.down_since.or(Some(now)),
                Status::Up | Status::Paused => None,
            };
        }
    }

    /// The monitor did something: whom does it suspect now that it did not before?
    fn judge_opinions(&mut self, world: &World, verdicts: &mut Verdicts) {
        let now = world.now();
        let Some(monitor) = engine_of::<Monitor>(world.cell(MONITOR).node()) else {
            return;
        };
        let timeout = self.timeout;
        for (node, truth) in self.truths() {
            let suspects = monitor.suspects(node);
            if suspects && !truth.suspected {
                verdicts.see(SOMEBODY_SUSPECTED);
                if world.cell(node).status() != Status::Down {
                    verdicts.see(FALSE_ALARM);
                }
                let silence = now - truth.heard;
                if silence < timeout {
                    let args = [node.into(), silence.into(), timeout.into()];
                    let note = note(notes::SUSPECTED_TOO_EARLY, args);
                    verdicts.violate(NOT_TOO_EARLY, Some(note));
                }
            }
            truth.suspected = suspects;
        }
    }

    /// The moment by which the monitor must have noticed that this node is dead: its timer began
    /// at the last heartbeat, at the latest, and a monitor that slept looks when it wakes up.
    fn deadline(&self, truth: &Truth) -> Option<Time> {
        let (down, awake) = (truth.down_since?, self.awake_since?);
        let unnoticed = !truth.suspected;
        unnoticed.then(|| down.max(truth.heard).max(awake) + self.timeout)
    }

    fn judge_deadlines(&mut self, world: &World, verdicts: &mut Verdicts) {
        if self
            .next_deadline
            .is_none_or(|deadline| world.now() <= deadline)
        {
            return;
        }
        let late = self.truths.iter().position(|truth| {
            let deadline = self.deadline(truth);
            deadline.is_some_and(|deadline| world.now() > deadline)
        });
        if let Some(at) = late {
            let since = world.now() - self.truths[at].down_since.unwrap_or_default();
            let node = NodeId(at as u16 + 1);
            let args = [node.into(), since.into(), self.timeout.into()];
            verdicts.violate(DEAD_NOTICED, Some(note(notes::DEAD_UNNOTICED, args)));
        }
    }

    fn find_next_deadline(&mut self) {
        let deadlines = self.truths.iter().filter_map(|truth| self.deadline(truth));
        self.next_deadline = deadlines.min();
    }
}

fn note(key: NoteKey, args: [Arg; 3]) -> Note {
    Note::new(key, args)
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.truths()
                .for_each(|(_, truth)| truth.trusted_again = false);
        }
        // First what should have happened before this step, then the step itself.
        self.judge_deadlines(world, verdicts);
        let record = world.record();
        let mut changed = false;
        let mut heard = None;
        match &record.what {
            Happened::Commanded(..) | Happened::Struck(..) => {
                self.note_status(world);
                changed = true;
            }
            Happened::Delivered(letter) if letter.name.to == MONITOR => {
                heard = Some(letter.name.from.index() - 1);
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Delivered(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        if let Some(at) = heard {
            self.truths[at].heard = world.now();
        }
        if record.touched.contains(&MONITOR) && world.cell(MONITOR).status() != Status::Down {
            self.judge_opinions(world, verdicts);
            changed = true;
        }
        if let Some(at) = heard {
            self.truths[at].trusted_again |= !self.truths[at].suspected;
        }
        if changed {
            self.find_next_deadline();
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == TRUSTED_AGAIN && self.truths.iter().all(|truth| truth.trusted_again)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}

//! The chain of causes that led to a step: its message's sending, its timer's setting, its
//! write's asking, followed backwards through the records that are kept.

use crate::engine::{NodeId, Note, NoteSpec};
use crate::sim::{Action, FaultKind, Happened, LossReason, MessageName, Record};

/// One link of the chain.
pub struct Cause<'a> {
    /// What happened.
    pub record: &'a Record,
    /// What had a hand in it without being its cause: the command that cut the link on which
    /// a message was lost, the message that was lost while a timer ran.
    pub beside: Option<&'a Record>,
    /// How often the same timer ran out before, each time setting itself anew.
    pub before: u32,
}

/// A chain of causes, the latest first.
#[derive(Default)]
pub struct Causes<'a> {
    /// The links.
    pub chain: Vec<Cause<'a>>,
    /// The step of the next link, where its record is no longer kept or the chain is too long.
    pub earlier: Option<u64>,
}

/// The record of a step. `recent` is free of gaps.
#[must_use]
pub fn record_of(recent: &[Record], step: u64) -> Option<&Record> {
    let first = recent.first()?.step;
    let at = usize::try_from(step.checked_sub(first)?).ok()?;
    recent.get(at)
}

/// The last thing that happened at a node.
#[must_use]
pub fn last_at(recent: &[Record], node: NodeId) -> Option<&Record> {
    let at = |record: &&Record| record.what.node() == Some(node) || record.touched.contains(&node);
    recent.iter().rev().find(at)
}

/// The last thing that came of a message between two nodes, in either direction.
#[must_use]
pub fn last_between(recent: &[Record], a: NodeId, b: NodeId) -> Option<&Record> {
    let between = |record: &&Record| match &record.what {
        Happened::Delivered(letter) | Happened::Lost(letter, _) => {
            let link = (letter.name.from, letter.name.to);
            link == (a, b) || link == (b, a)
        }
        Happened::Nothing
        | Happened::Started(_)
        | Happened::TimerFired(..)
        | Happened::Written(..)
        | Happened::Commanded(..)
        | Happened::Struck(..) => false,
    };
    recent.iter().rev().find(between)
}

/// What came of a message.
#[must_use]
pub fn last_of(recent: &[Record], message: MessageName) -> Option<&Record> {
    let of = |record: &&Record| match &record.what {
        Happened::Delivered(letter) | Happened::Lost(letter, _) => letter.name == message,
        // One that was dropped by hand is lost by that, and nothing else comes of it.
        Happened::Commanded(action, None) | Happened::Struck(action, None) => {
            **action == Action::Drop(message)
        }
        Happened::Commanded(_, Some(_))
        | Happened::Struck(_, Some(_))
        | Happened::Nothing
        | Happened::Started(_)
        | Happened::TimerFired(..)
        | Happened::Written(..) => false,
    };
    recent.iter().rev().find(of)
}

/// The causes of a step, at most `most` of them.
#[must_use]
pub fn causes(recent: &[Record], step: u64, most: usize) -> Causes<'_> {
    let mut causes = Causes::default();
    let mut next = step;
    while next != 0 {
        let Some(record) = record_of(recent, next) else {
            causes.earlier = Some(next);
            break;
        };
        // A step has its cause before it, so this ends.
        next = record.cause.min(next - 1);
        if let Some(last) = causes
            .chain
            .last_mut()
            .filter(|last| same_timer(last, record))
        {
            last.before += 1;
            continue;
        }
        if causes.chain.len() == most {
            causes.earlier = Some(record.step);
            break;
        }
        causes.chain.push(Cause {
            record,
            beside: beside(recent, record),
            before: 0,
        });
    }
    causes
}

/// What went before a step and may have a hand in it, the latest first, at most `most`: faults, whoever
/// brought them about, and steps in which a rule was not kept because it is switched off.
#[must_use]
pub fn misdeeds<'a>(
    recent: &'a [Record],
    step: u64,
    notes: &[NoteSpec],
    most: usize,
) -> Vec<&'a Record> {
    let lapse = |note: &Note| {
        let spec = notes.get(usize::from(note.key.0));
        spec.is_some_and(NoteSpec::lapse)
    };
    let misdeed = |record: &&Record| match &record.what {
        Happened::Commanded(action, None) | Happened::Struck(action, None) => {
            action.fault().is_some()
        }
        Happened::Commanded(_, Some(_))
        | Happened::Struck(_, Some(_))
        | Happened::Nothing
        | Happened::Started(_)
        | Happened::Delivered(_)
        | Happened::Lost(..)
        | Happened::TimerFired(..)
        | Happened::Written(..) => record.notes.iter().any(lapse),
    };
    let before = recent.iter().rev().filter(|record| record.step < step);
    before.filter(misdeed).take(most).collect()
}

/// The notes of a step, those of the lab's own engine before those of one inside it.
#[must_use]
pub fn own_first<'a>(notes: &'a [Note], specs: &[NoteSpec]) -> Vec<&'a Note> {
    let inner = |note: &&Note| {
        let spec = specs.get(usize::from(note.key.0));
        spec.is_some_and(|spec| spec.inner)
    };
    let (inside, mut own): (Vec<&Note>, Vec<&Note>) = notes.iter().partition(inner);
    own.extend(inside);
    own
}

/// Whether a link is of the timer that ran out in this step, too.
fn same_timer(link: &Cause<'_>, record: &Record) -> bool {
    match (&link.record.what, &record.what) {
        (Happened::TimerFired(a, of_a), Happened::TimerFired(b, of_b)) => (a, of_a) == (b, of_b),
        _ => false,
    }
}

fn beside<'a>(recent: &'a [Record], record: &Record) -> Option<&'a Record> {
    let before = recent.iter().rev().filter(|r| r.step < record.step);
    match &record.what {
        Happened::TimerFired(node, _) => before
            .take_while(|r| r.step > record.cause)
            .find(|r| matches!(&r.what, Happened::Lost(letter, _) if letter.name.to == *node)),
        Happened::Lost(letter, why) => {
            let guilty = |action: &Action| match why {
                LossReason::Loss => false,
                LossReason::Cut => action.fault() == Some(FaultKind::Partition),
                LossReason::Down => {
                    let fault = action.fault();
                    let kills = [FaultKind::Crash, FaultKind::DiskLost].map(Some);
                    action.node() == Some(letter.name.to) && kills.contains(&fault)
                }
                LossReason::Dropped => *action == Action::Drop(letter.name),
            };
            let mut before = before;
            before.find(|r| match &r.what {
                Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                    guilty(action)
                }
                Happened::Commanded(_, Some(_))
                | Happened::Struck(_, Some(_))
                | Happened::Nothing
                | Happened::Started(_)
                | Happened::Delivered(_)
                | Happened::Lost(..)
                | Happened::TimerFired(..)
                | Happened::Written(..) => false,
            })
        }
        Happened::Nothing
        | Happened::Started(_)
        | Happened::Delivered(_)
        | Happened::Written(..)
        | Happened::Commanded(..)
        | Happened::Struck(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{NoteKey, Time, Timer, WriteId};
    use std::rc::Rc;

    fn record(step: u64, cause: u64, what: Happened) -> Record {
        Record {
            step,
            time: Time(step * 1000),
            cause,
            what,
            ..Record::default()
        }
    }

    fn run() -> Vec<Record> {
        let node = NodeId(0);
        vec![
            record(5, 1, Happened::TimerFired(node, Timer(0))),
            record(6, 0, Happened::Started(NodeId(1))),
            record(7, 5, Happened::Written(node, WriteId(1))),
            record(8, 7, Happened::TimerFired(node, Timer(1))),
        ]
    }

    #[test]
    fn the_chain_follows_causes_and_names_the_first_one_not_kept() {
        let recent = run();
        let found = causes(&recent, 8, 8);
        let steps: Vec<u64> = found.chain.iter().map(|link| link.record.step).collect();
        assert_eq!((steps, found.earlier), (vec![8, 7, 5], Some(1)));
    }

    #[test]
    fn the_chain_is_no_longer_than_asked() {
        let recent = run();
        let found = causes(&recent, 8, 2);
        assert_eq!((found.chain.len(), found.earlier), (2, Some(5)));
        assert!(causes(&recent, 99, 8).chain.is_empty());
    }

    #[test]
    fn a_timer_that_sets_itself_is_one_link() {
        let tick = |step, cause| record(step, cause, Happened::TimerFired(NodeId(0), Timer(0)));
        let recent = vec![tick(1, 0), tick(2, 1), tick(3, 2), tick(4, 3)];
        let found = causes(&recent, 4, 8);
        let links: Vec<_> = found
            .chain
            .iter()
            .map(|l| (l.record.step, l.before))
            .collect();
        assert_eq!((links, found.earlier), (vec![(4, 3)], None));
    }

    const NOTES: &[NoteSpec] = &[
        NoteSpec {
            id: "entry-sent",
            args: &[],
            cites: "figure 2",
            inner: true,
        },
        NoteSpec {
            id: "deleted-anothers",
            args: &[],
            cites: "the rule compare-the-token is off",
            inner: false,
        },
    ];

    #[test]
    fn what_went_before_is_told_and_what_belongs_to_it_is_not() {
        let mut recent = run();
        recent[0].notes.push(Note::new(NoteKey(0), []));
        recent[1].notes.push(Note::new(NoteKey(1), []));
        let kill = Rc::new(Action::Kill(NodeId(0)));
        let none = Some(crate::sim::Miss::NodeDown);
        recent.push(record(9, 0, Happened::Commanded(Rc::clone(&kill), None)));
        recent.push(record(10, 0, Happened::Struck(Rc::clone(&kill), None)));
        recent.push(record(11, 0, Happened::Commanded(kill, none)));
        let steps = |step, most| -> Vec<u64> {
            let found = misdeeds(&recent, step, NOTES, most);
            found.iter().map(|record| record.step).collect()
        };
        assert_eq!(steps(99, 9), [10, 9, 6]);
        assert_eq!(steps(10, 9), [9, 6]);
        assert_eq!(steps(99, 1), [10]);
    }

    #[test]
    fn notes_of_the_lab_stand_before_those_of_the_engine_inside() {
        let notes = [0, 1, 0].map(|key| Note::new(NoteKey(key), []));
        let keys = own_first(&notes, NOTES).into_iter().map(|note| note.key.0);
        assert_eq!(keys.collect::<Vec<_>>(), [1, 0, 0]);
    }

    #[test]
    fn the_last_thing_at_a_node_is_found() {
        let recent = run();
        let step = |node| last_at(&recent, NodeId(node)).map(|record| record.step);
        assert_eq!((step(0), step(1), step(2)), (Some(8), Some(6), None));
    }
}

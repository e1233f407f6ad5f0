//! The chain of causes that led to a step: its message's sending, its timer's setting, its
//! write's asking, followed backwards through the records that are kept.

use crate::engine::NodeId;
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
    use crate::engine::{Time, Timer, WriteId};

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

    #[test]
    fn the_last_thing_at_a_node_is_found() {
        let recent = run();
        let step = |node| last_at(&recent, NodeId(node)).map(|record| record.step);
        assert_eq!((step(0), step(1), step(2)), (Some(8), Some(6), None));
    }
}

//! What it keeps, what it forgets, and what came of what.

use super::event::NOBODY;
use super::*;
use crate::sim::{LossReason, MessageName};

#[test]
fn an_event_takes_40_bytes() {
    assert_eq!(size_of::<Event>(), 40);
}

fn chronicle(steps: u64) -> Chronicle {
    let mut chronicle = Chronicle::default();
    for step in 1..=steps {
        chronicle.note(&started(step, 0));
    }
    chronicle
}

fn started(step: u64, node: u16) -> Record {
    Record {
        step,
        time: Time(step * 10),
        what: Happened::Started(NodeId(node)),
        ..Record::default()
    }
}

#[test]
fn it_is_bounded_and_forgets_the_oldest() {
    let steps = Chronicle::CHUNK * (Chronicle::MOST_CHUNKS as u64 + 3) + 5;
    let kept = chronicle(steps);
    assert_eq!(kept.full.len(), Chronicle::MOST_CHUNKS);
    assert!(kept.event(1).is_none() && kept.event(steps).is_some());
    let (most, gone) = kept.missing(Time(0), Time(u64::MAX), steps);
    assert_eq!((most, gone), (Chronicle::MOST_CHUNKS + 4, Some(2)));
    assert_eq!(kept.forgotten(Time(0), Time(u64::MAX), steps).len(), 3);
}

#[test]
fn what_is_restored_pushes_out_what_is_farthest_from_it() {
    let steps = Chronicle::CHUNK * (Chronicle::MOST_CHUNKS as u64 + 3);
    let mut kept = chronicle(steps);
    let events = (1..=Chronicle::CHUNK).map(|step| Event::of(&started(step, 0)));
    kept.restore(0, &events.collect::<Vec<_>>(), &[]);
    assert!(kept.event(1).is_some());
    assert!(kept.event(steps).is_none(), "the farthest one");
    assert_eq!(kept.full.len(), Chronicle::MOST_CHUNKS);
    kept.note(&started(steps + 1, 0));
    assert!(
        kept.event(steps + 1).is_some(),
        "what goes on is noted all the same"
    );
}

#[test]
fn a_prefix_goes_on_by_itself() {
    let whole = chronicle(5000);
    for step in [0, 1, 2047, 2048, 2049, 4096, 5000] {
        let mut part = whole.until(step);
        assert_eq!(part.last(), step);
        for step in step + 1..=5000 {
            part.note(&started(step, 0));
        }
        let all = |of: &Chronicle| -> Vec<(u64, Event)> {
            let all = of.between(Time(0), Time(u64::MAX), u64::MAX);
            all.map(|(step, event)| (step, *event)).collect()
        };
        assert_eq!(all(&part).len(), 5000);
        assert_eq!(all(&part), all(&whole));
        assert_eq!(part.starts, whole.starts);
    }
}

/// `n0` sends in step 1, `n1` hears of it in step 3 and sends, `n2` hears of that in step 6;
/// what else happens has nothing to do with it.
fn relay() -> Chronicle {
    let event = |what, node, peer, back| Event {
        time: Time(0),
        since: Time(0),
        back,
        left: back,
        ordinal: 1,
        node,
        peer,
        what,
        kind: 0,
        copy: 0,
        noted: false,
    };
    let tail = vec![
        event(What::Timer, 0, NOBODY, 0),
        event(What::Timer, 2, NOBODY, 0),
        event(What::Delivered, 1, 0, 2),
        event(What::Timer, 0, NOBODY, 0),
        event(What::Lost(LossReason::Loss), 3, 1, 2),
        event(What::Delivered, 2, 1, 3),
        event(What::Timer, 1, NOBODY, 0),
    ];
    Chronicle {
        last: tail.len() as u64,
        tail,
        starts: vec![Time(0)],
        ..Chronicle::default()
    }
}

fn relations(step: u64) -> Vec<Relation> {
    let chronicle = relay();
    let cone = chronicle.cone(step, 4, 7).expect("it is kept");
    let all = chronicle.between(Time(0), Time(0), 7);
    all.map(|(step, event)| cone.relation(step, event))
        .collect()
}

#[test]
fn past_and_future_follow_messages_and_the_order_at_each_node() {
    use Relation::{After, Before, Beside, Same};
    assert_eq!(
        relations(3),
        [Before, Beside, Same, Beside, After, After, After]
    );
    assert_eq!(
        relations(6),
        [Before, Before, Before, Beside, Beside, Same, Beside]
    );
    assert_eq!(
        relations(1),
        [Same, Beside, After, After, After, After, After]
    );
}

#[test]
fn a_loss_has_a_past_and_no_future() {
    use Relation::{Before, Beside, Same};
    assert_eq!(
        relations(5),
        [Before, Beside, Before, Beside, Same, Beside, Beside]
    );
}

#[test]
fn a_message_is_found_by_what_came_of_it() {
    let name = MessageName {
        kind: 0,
        from: NodeId(1),
        to: NodeId(3),
        ordinal: 1,
        copy: 0,
    };
    assert_eq!(relay().end_of(name, 7), Some(5));
    assert_eq!(relay().end_of(name, 4), None, "that is still to come");
}

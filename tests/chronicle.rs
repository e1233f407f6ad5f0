//! The chronicle: it says what the records said, whatever way a person took through the run, and
//! its cones are what vector clocks say.

mod support;

use proptest::prelude::*;
use splitbrain::engine::Time;
use splitbrain::lab::{Chronicle, Event, History, Relation, What};
use splitbrain::protocols;
use splitbrain::sim::{Action, Happened, MessageName, Record};
use std::collections::BTreeMap;
use std::rc::Rc;
use support::{hash, parse, play};

/// A run under faults, with all of its records.
fn stormy(id: &str, seed: u64) -> (History, Vec<Record>) {
    let text = format!(
        "lab {id} seed={seed}\nrun 300ms\nduplication 10%\nstorm every 60ms\nrun 1500ms\ncalm\nrun 300ms\n"
    );
    let mut records = Vec::new();
    let (history, _) = play(&parse(&text), &mut |run| {
        records.push(run.world().record().clone());
    });
    (history, records)
}

fn ids() -> Vec<&'static str> {
    let labs = protocols::labs();
    labs.iter().map(|lab| lab.info().id).collect()
}

/// Every step that is kept, up to one.
fn kept(history: &History, until: u64) -> Vec<(u64, Event)> {
    let all = history
        .chronicle()
        .between(Time(0), Time(u64::MAX), u64::MAX);
    all.take_while(|(step, _)| *step <= until)
        .map(|(step, event)| (step, *event))
        .collect()
}

/// Fails where an event does not say what the record says.
fn assert_same(step: u64, event: &Event, record: &Record) {
    assert_eq!((step, event.time), (record.step, record.time));
    assert_eq!(event.cause(step).unwrap_or(0), record.cause, "step {step}");
    assert_eq!(event.node(), record.what.node(), "step {step}");
    assert_eq!(event.noted, !record.notes.is_empty(), "step {step}");
    let what = match &record.what {
        // A storm that finds nothing to strike.
        Happened::Nothing => What::Missed,
        Happened::Started(_) => What::Started,
        Happened::Delivered(letter) => {
            assert_eq!(event.message(), Some(letter.name));
            assert_eq!(event.since, letter.sent_at);
            What::Delivered
        }
        Happened::Lost(letter, why) => {
            assert_eq!(event.message(), Some(letter.name));
            assert_eq!(event.since, letter.sent_at);
            What::Lost(*why)
        }
        Happened::TimerFired(..) => What::Timer,
        Happened::Written(..) => What::Written,
        Happened::Commanded(_, Some(_)) | Happened::Struck(_, Some(_)) => What::Missed,
        Happened::Commanded(_, None) | Happened::Struck(_, None) => {
            assert!([What::Harmed, What::Done].contains(&event.what));
            event.what
        }
    };
    assert_eq!(event.what, what, "step {step}");
}

#[test]
fn it_says_of_every_step_what_the_record_says() {
    for id in ids() {
        let (history, records) = stormy(id, 11);
        let events = kept(&history, u64::MAX);
        assert_eq!(events.len(), records.len());
        for ((step, event), record) in events.iter().zip(&records) {
            assert_same(*step, event, record);
        }
        let deeds = history.chronicle().deeds();
        let acted = records.iter().filter(|record| {
            matches!(
                record.what,
                Happened::Commanded(_, None) | Happened::Struck(_, None)
            )
        });
        let steps: Vec<u64> = acted.map(|record| record.step).collect();
        assert!(steps.len() > 5);
        assert_eq!(
            deeds.iter().map(|deed| deed.step).collect::<Vec<_>>(),
            steps
        );
    }
}

/// The clocks of all lines after each step, reckoned from the records alone.
fn clocks(records: &[Record], nodes: usize) -> Vec<Vec<u64>> {
    let mut now = vec![vec![0; nodes]; nodes];
    let mut carried: BTreeMap<MessageName, Vec<u64>> = BTreeMap::new();
    let mut after = Vec::new();
    for record in records {
        let heard = match &record.what {
            Happened::Delivered(letter) | Happened::Lost(letter, _) => carried
                .get(&MessageName {
                    copy: 0,
                    ..letter.name
                })
                .cloned(),
            _ => None,
        };
        let heard = heard.unwrap_or_else(|| vec![0; nodes]);
        let lost = matches!(record.what, Happened::Lost(..));
        match record.what.node().filter(|_| !lost) {
            Some(node) => {
                let clock = &mut now[node.index()];
                for (mine, theirs) in clock.iter_mut().zip(&heard) {
                    *mine = (*mine).max(*theirs);
                }
                clock[node.index()] += 1;
                after.push(clock.clone());
            }
            // Of a step without a line, what it heard is all that it knows.
            None => after.push(heard),
        }
        for sent in &record.sent {
            carried.insert(sent.name, now[sent.name.from.index()].clone());
        }
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn cones_are_what_vector_clocks_say(lab in 0..2_usize, seed in 1..500_u64, pick in any::<u64>()) {
        let (history, records) = stormy(ids()[lab], seed);
        let nodes = history.names().nodes().count();
        let clocks = clocks(&records, nodes);
        let chronicle = history.chronicle();
        let until = records.len() as u64;
        let place = |step: u64| {
            let line = chronicle.event(step).and_then(Event::line)?;
            Some((line.index(), clocks[step as usize - 1][line.index()]))
        };
        for turn in 0..12 {
            let step = 1 + pick.rotate_left(5 * turn) % until;
            let cone = chronicle.cone(step, nodes, until).expect("a short run is kept");
            for other in (1..=until).filter(|other| *other != step) {
                let event = chronicle.event(other).expect("kept");
                let knows = |who: u64, of: u64| {
                    place(of).is_some_and(|(line, count)| clocks[who as usize - 1][line] >= count)
                };
                let expected = match (knows(step, other), knows(other, step)) {
                    (true, _) => Relation::Before,
                    (_, true) => Relation::After,
                    (false, false) => Relation::Beside,
                };
                prop_assert_eq!(cone.relation(other, event), expected, "{} seen from {}", other, step);
            }
        }
    }
}

#[test]
fn it_stays_exact_on_every_way_through_the_run() {
    for id in ids() {
        let (mut history, _) = stormy(id, 5);
        let (end, trace) = (history.position().step, hash(&history));
        let whole = kept(&history, end);
        for step in [end - 1, end - 2, end / 2, 0, 1, end / 3, end] {
            history.seek(step);
            assert_eq!(kept(&history, end), whole, "after going to {step}");
        }
        assert_eq!(hash(&history), trace);
        let fork_at = end / 2;
        history.seek(fork_at);
        let node = history.names().nodes().next().expect("a node").0;
        let _ = history.act(&Rc::new(Action::Skew(node, 7)));
        assert_eq!(history.branch_id(), 1);
        let forked = kept(&history, end);
        assert_eq!(forked[..fork_at as usize], whole[..fork_at as usize]);
        assert_eq!(forked.len() as u64, fork_at + 1);
        while history.position().step < end && history.step() {}
        let grown = kept(&history, end);
        for ((step, event), record) in grown.iter().zip(history.records_to(end, 1 << 20)) {
            assert_same(*step, event, &record);
        }
        history.switch(0);
        assert_eq!(kept(&history, end), whole, "the old future is as it was");
        history.switch(1);
        assert_eq!(kept(&history, end), grown);
    }
}

#[test]
fn what_was_forgotten_comes_back_as_it_was() {
    let story = parse("lab heartbeat nodes=40\n");
    let mut history = History::new(story.names.lab, story.setup.clone(), 16);
    let chunk = Chronicle::CHUNK;
    while history.position().step < 2 * chunk {
        history.step();
    }
    let early: Vec<(u64, Event)> = kept(&history, 2 * chunk);
    let end = chunk * (Chronicle::MOST_CHUNKS as u64 + 3);
    while history.position().step < end && history.step() {}
    assert!(history.chronicle().event(1).is_none());
    let (from, to) = (Time(0), early[early.len() - 1].1.time);
    while let (_, Some(gone)) = history.chronicle().missing(from, to, end) {
        history.recall(gone);
    }
    assert_eq!(kept(&history, 2 * chunk)[..early.len()], early);

    // A fork in what was forgotten goes on from there.
    history.seek(2 * chunk + 7);
    let node = history.names().nodes().next().expect("a node").0;
    assert_eq!(history.act(&Rc::new(Action::Kill(node))), Ok(()));
    assert_eq!(history.chronicle().last(), 2 * chunk + 8);
    for step in 2 * chunk + 1..=2 * chunk + 8 {
        assert!(history.chronicle().event(step).is_some(), "step {step}");
    }
}

//! Branches beside each other: where two part, what another one was like at a time, and the
//! counters, which a fork must count as a fresh run of its story would.

mod support;

use splitbrain::engine::{Facts, Span, Time};
use splitbrain::lab::{Command, Counts, History, Player, Series, Until, last_change, parting};
use splitbrain::sim::{Action, Happened};
use splitbrain::view::charts;
use std::rc::Rc;
use support::{hash, parse, play};

const BUSY: &str = "lab raft seed=3 clients=2 rate=20\nrun 3s\nkill n1\nrun 2s\n";

fn busy() -> History {
    play(&parse(BUSY), &mut |_| {}).0
}

fn action(history: &History, line: &str) -> Rc<Action> {
    let text = format!("{}\n{line}\n", history.header());
    let story = parse(&text);
    match &story.lines[0].command {
        splitbrain::lab::Command::Act(action) => Rc::clone(action),
        other => panic!("{other:?} is no action"),
    }
}

/// Forks at a step and goes on for two seconds.
fn fork(history: &mut History, step: u64, line: &str) -> usize {
    history.seek(step);
    let act = action(history, line);
    assert_eq!(history.act(&act), Ok(()));
    let end = history.position().time + Span::secs(2);
    history.run_to(end);
    history.branch_id()
}

#[test]
fn two_branches_part_at_the_first_step_with_another_trace() {
    let mut history = busy();
    let step = history.position().step / 2;
    let other = fork(&mut history, step, "pause n2");
    let found = parting(&history, 0, other).expect("they part");
    assert_eq!(found.step, step + 1);
    assert!(matches!(found.right.what, Happened::Commanded(..)));
    assert!(!matches!(found.left.what, Happened::Commanded(..)));
    let back = parting(&history, other, 0).expect("the other way round, too");
    assert_eq!((back.step, back.left.step), (found.step, found.right.step));
    // Step by step the two traces are alike before, and are not from there on.
    let mut one = history.cursor(0, 0).expect("the first branch");
    let mut two = history.cursor(other, 0).expect("the second branch");
    for at in 1..=step + 20 {
        assert!(one.step() && two.step());
        let alike = one.run().world().trace_hash() == two.run().world().trace_hash();
        assert_eq!(alike, at < found.step, "step {at}");
    }
}

#[test]
fn a_branch_does_not_part_from_itself_nor_from_one_that_is_only_shorter() {
    let mut history = busy();
    assert!(parting(&history, 0, 0).is_none());
    assert!(parting(&history, 0, 7).is_none(), "there is no branch 7");
    // The same command at the same place again: another branch, and nothing differs.
    let at = history.branch().log[0].at;
    history.seek_to(at);
    let kill = action(&history, "kill n1");
    assert_eq!(history.act(&kill), Ok(()));
    assert!(parting(&history, 0, history.branch_id()).is_none());
}

#[test]
fn another_branch_is_shown_as_it_was_at_a_time() {
    let mut history = busy();
    let middle = history.position().step / 2;
    let other = fork(&mut history, middle, "kill n3");
    let time = history.position().time;
    for micros in [0, 1_000_000, 2_345_678, time.0 - 1] {
        let seen = history.run_at(other, Time(micros)).expect("a branch");
        history.seek_time(Time(micros));
        assert_eq!(seen.world().trace_hash(), hash(&history));
        assert_eq!(seen.position(), history.position());
    }
    let end = history.branch().end;
    let past = history.run_at(other, Time(u64::MAX)).expect("a branch");
    assert_eq!(past.position(), end, "past its end there is nothing");
    assert!(history.run_at(9, time).is_none());
}

/// All that the series counted.
fn total(series: &Series) -> Counts {
    let mut total = Counts::default();
    series
        .buckets()
        .iter()
        .for_each(|bucket| total.add(&bucket.counts));
    total
}

#[test]
fn the_series_counts_what_the_world_counts() {
    let history = busy();
    let counters = history.run().world().counters();
    let total = total(history.series());
    assert_eq!(total.events, history.position().step);
    assert!(total.answered > 50, "{} answers", total.answered);
    for (kind, [sent, delivered, dropped]) in total.messages.iter().enumerate() {
        assert_eq!(*sent, counters.sent[kind], "sent, kind {kind}");
        assert_eq!(
            *delivered, counters.delivered[kind],
            "delivered, kind {kind}"
        );
        assert_eq!(*dropped, counters.dropped[kind], "dropped, kind {kind}");
    }
}

#[test]
fn a_fork_counts_as_a_fresh_run_of_its_story_does() {
    let mut history = busy();
    let end = history.position().step;
    for step in [1, end / 3, end / 2 + 7, end - 1] {
        history.switch(0);
        fork(&mut history, step, "kill n2");
        let story = history.story();
        let (fresh, _) = play(&story, &mut |_| {});
        let (mine, other) = (history.series(), fresh.series());
        assert_eq!(mine.width(), other.width());
        assert_eq!(
            mine.buckets().len(),
            other.buckets().len(),
            "forked at {step}"
        );
        for (a, b) in mine.buckets().iter().zip(other.buckets()) {
            assert_eq!(
                (a.from, a.open, &a.counts),
                (b.from, b.open, &b.counts),
                "forked at {step}"
            );
        }
    }
}

#[test]
fn seeking_counts_nothing_twice_and_forgets_nothing() {
    let mut history = busy();
    let before = total(history.series());
    let end = history.position();
    for share in [10, 90, 40, 0] {
        history.seek(end.step * share / 100);
    }
    history.seek_to(end);
    assert_eq!(total(history.series()), before);
    // Far ahead, where no records are kept on the way.
    history.seek(end.step + 20_000);
    assert_eq!(total(history.series()).events, end.step + 20_000);
}

#[test]
fn a_long_run_has_no_more_buckets_than_a_short_one() {
    let story = parse("lab raft seed=1 rate=5\nrun 120s\n");
    let (history, _) = play(&story, &mut |_| {});
    let series = history.series();
    assert!(series.buckets().len() <= Series::MOST);
    assert!(series.width() >= Span::ms(160), "{}", series.width());
    assert_eq!(total(series).events, history.position().step);
    let mut last = None;
    for bucket in series.buckets() {
        assert!(last < Some(bucket.from), "in order, none twice");
        assert_eq!(bucket.from.0 % series.width().0, 0);
        last = Some(bucket.from);
    }
}

#[test]
fn a_history_without_records_counts_nothing() {
    let story = parse("lab raft seed=1\nrun 1s\n");
    let mut history = History::onwards(story.names.lab, story.setup.clone());
    Player::new(&story).play(&mut history, u64::MAX, &mut |_| {}, &mut |_, _| {});
    assert!(history.series().buckets().is_empty());
}

#[test]
fn charts_tell_when_nobody_is_served() {
    let text = "lab raft seed=3 clients=2 rate=20\nrun 3s\nkill n1\nkill n2\nkill n3\nrun 3s\n";
    let (history, _) = play(&parse(text), &mut |_| {});
    let now = history.position().time;
    let drawn = charts(
        history.series(),
        history.names(),
        &history.setup().params,
        now,
    );
    let chart = |id: &str| {
        let found = drawn.charts.iter().find(|chart| chart.id == id);
        found.unwrap_or_else(|| panic!("no chart {id}"))
    };
    for chart in &drawn.charts {
        let all = chart.lines.iter().map(|line| line.values.len());
        assert!(
            all.eq(chart.lines.iter().map(|_| drawn.times.len())),
            "{}",
            chart.id
        );
    }
    let mean = |values: &[Option<f64>]| {
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let half = drawn.times.partition_point(|time| *time < Time(3_000_000));
    let served = &chart("availability").lines[0].values;
    let (before, after) = (mean(&served[half - 10..half]), mean(&served[half + 10..]));
    assert!(
        before > 50.0 && after == 0.0,
        "{before} % before, {after} % after"
    );
    let waiting = &chart("waiting").lines[0].values;
    assert_eq!(waiting.last(), Some(&Some(2.0)), "both clients wait");
    // The rate of what was sent, over all stretches, gives back how many were sent.
    let messages = chart("messages");
    let (lost, sent) = messages.lines.split_last().expect("lines");
    let width = history.series().width().0 as f64 / 1e6;
    let counters = history.run().world().counters();
    for (kind, line) in sent.iter().enumerate() {
        let all: f64 = line.values.iter().flatten().sum::<f64>() * width;
        assert_eq!(all.round() as u64, counters.sent[kind], "kind {kind}");
    }
    let all: f64 = lost.values.iter().flatten().sum::<f64>() * width;
    assert_eq!(all.round() as u64, counters.dropped.iter().sum::<u64>());
    // What comes after the playhead is not told.
    let early = charts(
        history.series(),
        history.names(),
        &history.setup().params,
        Time(1_000_000),
    );
    assert_eq!(early.times.len(), half / 3 + 1);
}

#[test]
fn the_last_change_of_a_value_is_the_step_that_made_it_so() {
    let mut history = busy();
    let node = history.run().world().find("n2").expect("n2");
    let term = |cell: &splitbrain::sim::Cell| {
        let mut facts = Facts::default();
        cell.node().facts(&mut facts);
        let found = facts.0.iter().find(|(name, _)| *name == "term");
        found.map(|(_, fact)| format!("{fact:?}"))
    };
    let found = last_change(&history, node, u64::MAX, &term).expect("it has another term now");
    let value = |history: &History| term(history.run().world().cell(node));
    let now = value(&history);
    history.seek(found);
    assert_eq!(value(&history), now, "it is so after that step");
    history.seek(found - 1);
    assert_ne!(value(&history), now, "and was not before it");
    let earlier = last_change(&history, node, u64::MAX, &term);
    assert!(earlier < Some(found));
    // What never changed has no such step, and neither has what changed too long ago.
    assert_eq!(last_change(&history, node, u64::MAX, &|_| None), None);
    history.switch(0);
    assert_eq!(
        last_change(&history, node, 1, &|cell| Some(format!(
            "{:?}",
            cell.status()
        ))),
        None
    );
}

/// Who waits for a write in a run where nobody writes learns so before a minute of it is gone.
#[test]
fn what_would_not_come_about_is_foreseen() {
    let foreseen = |text: &str, back: Option<u64>| {
        let (mut history, _) = play(&parse(text), &mut |_| {});
        if let Some(step) = back {
            history.seek(step);
        }
        let wait = parse(&format!("{}\nrun until writing n1\n", history.header()));
        let Command::RunUntil(until, _) = &wait.lines[0].command else {
            panic!("it waits");
        };
        let before = (
            history.position(),
            hash(&history),
            history.branches().count(),
        );
        let comes = history.foresees(until, Until::WITHIN);
        let after = (
            history.position(),
            hash(&history),
            history.branches().count(),
        );
        assert_eq!(before, after, "nothing moves");
        comes
    };
    let idle = "lab raft seed=7 rate=0\nrun until leader\nrun 120ms\n";
    assert!(!foreseen(idle, None));
    assert!(foreseen(idle, Some(0)), "it votes on the way");
    assert!(foreseen(
        "lab raft seed=7 rate=20\nrun until leader\nrun 1s\n",
        None
    ));
}

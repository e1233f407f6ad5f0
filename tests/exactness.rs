//! The corners in which a run could stop being exact: what waits for a paused node, what is noted
//! in the past, times longer than a line can say, and when a promise is judged broken.

mod support;

use splitbrain::engine::{Span, Time};
use splitbrain::lab::{Command, History, Verdict};
use splitbrain::sim::{Action, Happened};
use std::rc::Rc;
use support::{hash, parse, play};

fn after(text: &str) -> History {
    play(&parse(text), &mut |_| {}).0
}

/// The least latency in the story below.
const LEAST: Span = Span::ms(5);

#[test]
fn what_waits_for_a_paused_node_is_lost_when_it_crashes() {
    for end in ["kill m1", "wipe m1"] {
        let text = format!("lab heartbeat\nrun 1s\npause m1\nrun 1s\n{end}\nstep 1000\n");
        let history = after(&text);
        let world = history.run().world();
        assert!(world.cell(world.find("m1").expect("m1")).parked() == 0);
        let overdue = world.flights().filter(|flight| flight.due < world.now());
        assert_eq!(overdue.count(), 0, "after {end} nothing waits for ever");
        let lost: u64 = world.counters().dropped.iter().sum();
        assert!(
            lost > 50,
            "after {end}: what waited and what came later, {lost} in all"
        );
    }
}

#[test]
fn dropping_what_waits_for_a_paused_node_hurts_no_other_message() {
    let mut history = after("lab heartbeat latency_min=5ms\nrun 1s\npause m1\nrun 150ms\n");
    let now = history.run().world().now();
    let waiting = history.run().world().flights().filter(|f| f.due < now);
    let waiting: Vec<_> = waiting.map(|flight| flight.letter.name).collect();
    assert!(waiting.len() > 3);
    for name in waiting {
        let dropped = history.act(&Rc::new(Action::Drop(name)));
        assert_eq!(dropped, Ok(()), "it waits, and can be dropped");
    }
    // Their places are free again, and the next messages take them.
    while history.run().world().now() < now + Span::ms(105) {
        history.step();
    }
    let monitor = history.run().world().find("m1").expect("m1");
    assert_eq!(history.act(&Rc::new(Action::Resume(monitor))), Ok(()));
    let mut delivered = 0;
    while history.run().world().now() < now + Span::secs(1) && history.step() {
        let record = history.run().world().record();
        if let Happened::Delivered(letter) = &record.what {
            delivered += 1;
            let took = record.time - letter.sent_at;
            assert!(took >= LEAST, "{:?} took {took}", letter.name);
        }
    }
    assert!(delivered > 20);
}

#[test]
fn a_mark_in_the_past_comes_before_the_command_given_there() {
    let mut history = after("lab heartbeat\nrun 1s\nkill n1\nrun 1s\n");
    let (end, whole) = (history.position(), hash(&history));
    let before_kill = history.branch().log[0].at;
    history.seek_to(before_kill);
    history.annotate(Command::Mark("before the crash".to_owned()));
    history.seek_to(end);
    let printed = history.story().print();
    let at = |what: &str| {
        printed
            .find(what)
            .unwrap_or_else(|| panic!("{what} in {printed}"))
    };
    assert!(at("mark \"before the crash\"") < at("kill n1"), "{printed}");
    assert_eq!(hash(&after(&printed)), whole, "{printed}");
}

#[test]
fn a_run_longer_than_a_line_can_say_is_told_in_several_lines() {
    let text = "lab heartbeat nodes=1 interval=2s timeout=60s\nrun 3600s\nrun 3600s\nrun 1s\n";
    let history = after(text);
    let printed = history.story().print();
    let again = after(&printed);
    assert_eq!(again.position(), history.position(), "{printed}");
    assert_eq!(again.position().time, Time(7_201_000_000));
    assert_eq!(hash(&again), hash(&history));
}

#[test]
fn the_longest_latencies_do_not_overflow() {
    let text = "lab heartbeat nodes=50\nlatency 1ms tail 3600s\nreorder on\nrun 30s\n";
    let history = after(text);
    let world = history.run().world();
    assert!(world.flights().count() > 10_000);
    assert!(world.flights().all(|flight| flight.due > world.now()));
}

#[test]
fn a_broken_promise_has_one_step_and_time_however_the_run_was_cut() {
    let lab = "lab raft seed=1 clients=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms\n\
               rule randomise-timeout off\ncalm\n";
    let verdicts = |history: &History| -> Vec<Verdict> {
        history
            .run()
            .verdicts()
            .iter()
            .map(|(_, verdict)| verdict)
            .collect()
    };
    let whole = after(&format!("{lab}run 8s\n"));
    let broken = verdicts(&whole);
    assert!(broken.iter().any(|verdict| verdict.id() == "violated"));
    for piece in [1u64, 37, 250, 999] {
        let pieces = format!("run {piece}ms\n").repeat((8000 / piece) as usize);
        let rest = format!("run {}ms\n", 8000 % piece);
        assert_eq!(
            verdicts(&after(&format!("{lab}{pieces}{rest}"))),
            broken,
            "in pieces of {piece} ms"
        );
    }
    assert_eq!(verdicts(&after(&whole.story().print())), broken);
}

//! What holds of any story of any lab: it prints as it reads, it can be sought in exactly, its
//! branches leave each other alone, and one change leaves every other draw as it was.

#[path = "support/commands.rs"]
mod commands;
mod support;

use commands::Picker;
use proptest::prelude::*;
use splitbrain::engine::{Dice, Facts, NodeId, Span};
use splitbrain::lab::{Command, History, Line, Names, Run, Setup, Story};
use splitbrain::protocols;
use splitbrain::sim::{Action, Happened, LossReason, Ratio, Scope};
use std::collections::BTreeMap;
use std::rc::Rc;
use support::{hash, parse, play};

/// So many stories a property; each is some thousand events. `SPLITBRAIN_CASES=100` makes it a
/// hundred times as many, for a long look.
fn cases(cases: u32) -> ProptestConfig {
    let times = std::env::var("SPLITBRAIN_CASES").map_or(Ok(1), |times| times.parse::<u32>());
    ProptestConfig {
        cases: cases * times.expect("SPLITBRAIN_CASES is a whole number"),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A story of a lab: its seed, and a number for each command.
fn numbers() -> impl Strategy<Value = (usize, u64, Vec<u64>)> {
    let labs = 0..protocols::labs().len();
    (
        labs,
        any::<u64>(),
        prop::collection::vec(any::<u64>(), 1..24),
    )
}

fn story((lab, seed, numbers): &(usize, u64, Vec<u64>)) -> Story {
    let lab = protocols::labs()[*lab];
    let setup: Setup = lab.setup(*seed);
    let world = lab.world(&setup);
    let names = Names::of(lab, &world);
    let command = |(i, n): (usize, &u64)| Line {
        number: i + 2,
        command: Picker::new(&names, &world, *n).command(),
    };
    let lines = numbers.iter().enumerate().map(command).collect();
    Story {
        setup,
        names,
        lines,
    }
}

/// All that can be seen of a run.
fn look(run: &Run) -> String {
    let world = run.world();
    let mut seen = format!("{} {:016x}", world.steps(), world.trace_hash());
    for (spec, verdict) in run.verdicts().iter() {
        seen.push_str(&format!("\n{} {verdict:?}", spec.id));
    }
    for node in world.ids() {
        let (cell, mut facts) = (world.cell(node), Facts::default());
        cell.node().facts(&mut facts);
        cell.node().disk_facts(&mut facts);
        let timers: Vec<_> = cell.timers().collect();
        seen.push_str(&format!(
            "\n{node:?} {:?} {facts:?} {timers:?}",
            cell.status()
        ));
    }
    let flights = world
        .flights()
        .map(|f| (f.letter.name, f.due, f.fate, f.held));
    let mut flights: Vec<_> = flights.collect();
    flights.sort_by_key(|(name, ..)| *name);
    seen + &format!("\n{flights:?} {:?} {:?}", world.net(), world.counters())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_story_prints_as_it_reads_and_plays_the_same(numbers in numbers()) {
        let story = story(&numbers);
        let printed = story.print();
        let read = parse(&printed);
        prop_assert_eq!(&read.setup, &story.setup);
        prop_assert_eq!(&read.lines, &story.lines, "{}", printed);
        let (played, outcomes) = play(&story, &mut |_| {});
        let (again, same) = play(&read, &mut |_| {});
        prop_assert_eq!(hash(&again), hash(&played), "{}", printed);
        prop_assert_eq!(outcomes, same, "{}", printed);
    }

    #[test]
    fn the_story_of_a_run_plays_to_the_same_run(numbers in numbers()) {
        let (history, _) = play(&story(&numbers), &mut |_| {});
        let printed = history.story().print();
        let (again, _) = play(&parse(&printed), &mut |_| {});
        prop_assert_eq!(look(again.run()), look(history.run()), "{}", printed);
        prop_assert_eq!(again.position(), history.position(), "{}", printed);
    }

    #[test]
    fn seeking_to_any_step_is_running_to_it(numbers in numbers(), share in 0..=100u64) {
        let mut looks = Vec::new();
        let (mut history, _) = play(&story(&numbers), &mut |run| looks.push(look(run)));
        let (end, whole) = (history.position(), look(history.run()));
        prop_assert_eq!(end.step, looks.len() as u64);
        let steps = [share, 100 - share, share / 2, 100].map(|share| end.step * share / 100);
        for step in steps.into_iter().filter(|step| *step > 0) {
            history.seek(step);
            prop_assert_eq!(&look(history.run()), &looks[step as usize - 1], "step {}", step);
            let kept = history.recent().iter().map(|record| record.step);
            let first = step + 1 - history.recent().len() as u64;
            prop_assert!(kept.eq(first..=step), "the records up to step {}", step);
        }
        history.seek_to(end);
        prop_assert_eq!(look(history.run()), whole);
    }

    #[test]
    fn a_branch_leaves_its_parent_as_it_was(numbers in numbers(), share in 0..100u64, n: u64) {
        let (mut history, _) = play(&story(&numbers), &mut |_| {});
        let (parent, end) = (history.branch_id(), history.position());
        let (before, told) = (look(history.run()), history.story().print());
        history.seek(end.step * share / 100);
        let here = history.position();
        let action = {
            let names = history.names().clone();
            Picker::new(&names, history.run().world(), n).action()
        };
        // A miss is a step, too.
        let _ = history.act(&Rc::new(action));
        history.run_to(here.time + Span::ms(200));
        if here.step < end.step {
            prop_assert_ne!(history.branch_id(), parent, "the past was touched");
            prop_assert_eq!(history.branch().parent, Some((parent, here)));
            history.switch(parent);
            prop_assert_eq!(look(history.run()), before);
            prop_assert_eq!(history.story().print(), told);
        }
    }
}

/// What a link did to its n-th message.
type Draws = BTreeMap<(NodeId, NodeId, usize), (Span, bool)>;

/// Runs the lab on a lossy net that keeps no order, and drops one message by hand.
fn draws(lab: usize, seed: u64, dropped: Option<usize>) -> (Draws, bool) {
    let lab = protocols::labs()[lab];
    let mut history = History::onwards(lab, lab.setup(seed));
    let act = |history: &mut History, action| history.act(&Rc::new(action)).is_ok();
    act(&mut history, Action::Reorder(Scope::Net, true));
    act(&mut history, Action::Loss(Scope::Net, Ratio::percent(20)));
    let (mut draws, mut on_link) = (Draws::new(), BTreeMap::new());
    let (mut seen, mut hit) = (0, false);
    while history.run().world().now().0 < 1_500_000 && history.step() {
        let record = history.run().world().record().clone();
        for sent in record.sent {
            let nth: &mut usize = on_link.entry((sent.name.from, sent.name.to)).or_default();
            *nth += 1;
            let takes = sent.due - record.time;
            let lost = sent.lost == Some(LossReason::Loss);
            draws.insert((sent.name.from, sent.name.to, *nth), (takes, lost));
            seen += 1;
            if Some(seen) == dropped {
                hit = act(&mut history, Action::Drop(sent.name));
            }
        }
    }
    (draws, hit)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn dropping_one_message_changes_no_other_draw(
        lab in 0..protocols::labs().len(), seed: u64, dropped in 1..40usize,
    ) {
        let (whole, _) = draws(lab, seed, None);
        // The run may send fewer messages than that, but sends some.
        let dropped = 1 + dropped % whole.len().min(40);
        let (less, hit) = draws(lab, seed, Some(dropped));
        prop_assert!(hit, "message {} was there to be dropped", dropped);
        let both: Vec<_> = whole.keys().filter(|key| less.contains_key(key)).collect();
        prop_assert!(both.len() >= dropped, "the runs have messages in common");
        for key in both {
            prop_assert_eq!(whole[key], less[key], "of the link and ordinal {:?}", key);
        }
    }

    #[test]
    fn a_draw_for_one_purpose_changes_none_for_another(key: u64, others in 0..20u32) {
        let fresh = Dice { key, ..Dice::default() };
        let (mut alone, mut busy) = (fresh, fresh);
        for _ in 0..others {
            busy.draw(1, 0..=1000);
        }
        let draw = |dice: &mut Dice| [(); 8].map(|()| dice.draw(0, 0..=u64::MAX));
        prop_assert_eq!(draw(&mut alone), draw(&mut busy));
    }
}

/// Where an error of a story is, if it has one, has to be inside the text.
fn error_is_inside(text: &str) -> Result<(), TestCaseError> {
    let mut nothing = |_: &mut Setup| Ok(());
    let Err(error) = Story::parse(text, &protocols::labs(), &mut nothing) else {
        return Ok(());
    };
    let lines = text.lines().count().max(1);
    prop_assert!((1..=lines).contains(&error.line), "line {}", error.line);
    let columns = text.lines().nth(error.line - 1).unwrap_or_default();
    let columns = columns.chars().count() + 1;
    prop_assert!(
        (1..=columns).contains(&error.column),
        "column {}",
        error.column
    );
    prop_assert!(!error.complaint.key.is_empty());
    Ok(())
}

/// The stories that ship, and one line of each kind besides.
fn samples() -> Vec<String> {
    let labs = protocols::labs();
    let all = labs.iter().flat_map(|lab| lab.info().stories);
    let mut texts: Vec<String> = all.map(|story| story.text.to_owned()).collect();
    for lab in 0..labs.len() {
        let numbers = (0..200u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        texts.push(story(&(lab, 7, numbers.collect())).print());
    }
    texts
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_text_is_read_or_refused_with_its_place(text in any::<String>(), body in "[ -~\\n]{0,200}") {
        error_is_inside(&text)?;
        error_is_inside(&body)?;
        for lab in protocols::labs() {
            error_is_inside(&format!("lab {}\n{body}\n{text}", lab.info().id))?;
        }
    }

    #[test]
    fn a_damaged_story_is_read_or_refused_with_its_place(
        which: prop::sample::Index, hits in prop::collection::vec((any::<prop::sample::Index>(), 0..5u8, any::<char>()), 1..6),
    ) {
        let samples = samples();
        let mut text: Vec<char> = samples[which.index(samples.len())].chars().collect();
        for (at, how, with) in hits {
            let at = at.index(text.len());
            match how {
                0 => drop(text.remove(at)),
                1 => text.insert(at, with),
                2 => text[at] = with,
                3 => text.insert(at, ['\n', '"', '#', '>', '|', ' ', '9', '-', '.'][with as usize % 9]),
                _ => text.truncate(at.max(1)),
            }
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        error_is_inside(&text)?;
        if let Ok(story) = support::read(&text) {
            prop_assert_eq!(&parse(&story.print()).lines.len(), &story.lines.len());
            let commands = |story: &Story| story.lines.iter().map(|l| l.command.clone()).collect::<Vec<Command>>();
            prop_assert_eq!(commands(&parse(&story.print())), commands(&story), "{}", text);
        }
    }
}

#[test]
fn every_kind_of_step_comes_up_in_these_stories() {
    let mut seen = BTreeMap::new();
    for (lab, _) in protocols::labs().iter().enumerate() {
        for seed in 0..40u64 {
            let numbers = (0..20).map(|n| (seed * 20 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            play(&story(&(lab, seed, numbers.collect())), &mut |run| {
                let kind = match &run.world().record().what {
                    Happened::Nothing => "nothing",
                    Happened::Started(_) => "started",
                    Happened::Delivered(_) => "delivered",
                    Happened::Lost(..) => "lost",
                    Happened::TimerFired(..) => "timer",
                    Happened::Written(..) => "written",
                    Happened::Commanded(_, None) => "commanded",
                    Happened::Commanded(_, Some(_)) => "missed",
                    Happened::Struck(..) => "struck",
                };
                *seen.entry(kind).or_insert(0) += 1;
            });
        }
    }
    let all = [
        "commanded",
        "delivered",
        "lost",
        "missed",
        "started",
        "struck",
        "timer",
    ];
    for kind in all {
        assert!(seen.contains_key(kind), "no {kind} among {seen:?}");
    }
}

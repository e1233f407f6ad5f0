//! Stories, storms, and exact replay.

use super::{SEEDS, each, play, read, storm_story};
use splitbrain::engine::Span;
use splitbrain::lab::{Command, Expect, History, Story};
use splitbrain::sim::{Action, FaultSet};
use std::collections::BTreeSet;
use std::rc::Rc;

#[test]
fn stories_parse_print_and_parse_back() {
    each(|_, info| {
        assert!(
            info.stories.len() >= 4,
            "{}: fewer than four stories",
            info.id
        );
        for file in info.stories {
            let story = read(file.text);
            assert_eq!(
                story.names.lab.info().id,
                info.id,
                "{}: of another lab",
                file.id
            );
            let again = read(&story.print());
            assert_eq!(story.setup, again.setup, "{}/{}", info.id, file.id);
            let commands = |story: &Story| -> Vec<Command> {
                story
                    .lines
                    .iter()
                    .map(|line| line.command.clone())
                    .collect()
            };
            assert_eq!(
                commands(&story),
                commands(&again),
                "{}/{}",
                info.id,
                file.id
            );
            assert_eq!(story.print(), again.print(), "{}/{}", info.id, file.id);
        }
    });
}

#[test]
fn stories_play_as_they_say() {
    each(|_, info| {
        for file in info.stories {
            let story = read(file.text);
            // Both can fail; a trace hash alone would say only that it is as it was.
            let says = |command: &Command| match command {
                Command::Expect(Expect::Trace(_)) => false,
                Command::Expect(_) | Command::RunUntil(..) => true,
                Command::Act(_) | Command::RunFor(_) | Command::Step(_) | Command::Mark(_) => false,
            };
            let expects = story.lines.iter().any(|line| says(&line.command));
            assert!(expects, "{}/{} expects nothing", info.id, file.id);
            let (_, failed) = play(&story, &mut |_| {});
            assert!(
                failed.is_empty(),
                "{}/{}:\n{}",
                info.id,
                file.id,
                failed.join("\n")
            );
        }
    });
}

#[test]
fn survives_a_storm_and_recovers() {
    each(|_, info| {
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let (history, failed) = play(&read(&text), &mut |_| {});
            let world = history.run().world();
            assert!(
                failed.is_empty(),
                "{}\nin this story:\n{text}",
                failed.join("\n")
            );
            let delivered: u64 = world.counters().delivered.iter().sum();
            assert!(delivered > 0, "nothing was said in this story:\n{text}");
            assert!(
                world.faults() != FaultSet::NONE,
                "no fault in this story:\n{text}"
            );
        }
    });
}

#[test]
fn one_seed_is_one_run() {
    each(|_, info| {
        let mut hashes = BTreeSet::new();
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let hash = || play(&read(&text), &mut |_| {}).0.run().world().trace_hash();
            let (first, second) = (hash(), hash());
            assert_eq!(first, second, "two runs differ:\n{text}");
            hashes.insert(first);
        }
        assert_eq!(
            hashes.len(),
            SEEDS.count(),
            "{}: two seeds gave one run",
            info.id
        );
    });
}

#[test]
fn any_step_is_reached_exactly() {
    each(|_, info| {
        let text = storm_story(info, 1);
        let mut hashes = vec![0; 1];
        let (mut history, _) = play(&read(&text), &mut |run| {
            assert_eq!(
                run.world().steps() as usize,
                hashes.len(),
                "a step was not shown"
            );
            hashes.push(run.world().trace_hash());
        });
        let last = hashes.len() - 1;
        // Far and near, forth and back, in an order of no meaning.
        let steps = (1..60usize)
            .map(|i| 1 + i * 7919 % last)
            .chain([last, last - 1, 1, 2]);
        for step in steps {
            history.seek(step as u64);
            let got = history.run().world().trace_hash();
            assert_eq!(
                got, hashes[step],
                "{}: step {step} of {last} of:\n{text}",
                info.id
            );
        }
    });
}

#[test]
fn a_history_prints_as_a_story_that_plays_the_same() {
    each(|_, info| {
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let (mut history, _) = play(&read(&text), &mut |_| {});
            replays(&history);
            // Touch the past: the fork, too.
            let step = history.run().world().steps() / 3;
            history.seek(step);
            let world = history.run().world();
            let node = world.ids().last().expect("a lab has nodes");
            let kill = Command::Act(Rc::new(Action::Kill(node)));
            let Command::Act(action) = &kill else { return };
            let _ = history.act(action);
            assert_eq!(
                history.branches().count(),
                2,
                "the past was touched:\n{text}"
            );
            let until = history.run().world().now() + Span::secs(1);
            history.run_to(until);
            replays(&history);
        }
    });
}

/// The story of a history plays to the same trace, at the same step and time.
fn replays(history: &History) {
    let printed = history.story().print();
    let (again, _) = play(&read(&printed), &mut |_| {});
    let end = |history: &History| {
        let world = history.run().world();
        (world.steps(), world.now(), world.trace_hash())
    };
    assert_eq!(
        end(&again),
        end(history),
        "another run comes of:\n{printed}"
    );
}

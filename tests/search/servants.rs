//! Those who search for somebody with whom they share no memory: what they find together, and what they
//! make of nonsense.

use super::{first, lab, played, search, shrunk};
use splitbrain::lab::search::{Answer, Batch, Ledger, Order, Quest, Servant};
use splitbrain::protocols::labs;

/// What servants found, who share the runs out among themselves: so many of them, one after the
/// other in turns that `order` decides, each for so many runs; and what they saw up to it.
fn shared_out(
    quest: &Quest,
    servants: usize,
    runs: u64,
    order: impl Fn(u64) -> u64,
) -> Option<u64> {
    let labs = labs();
    let mut ledger = Ledger::new(3000);
    let mut all: Vec<Servant> = (0..servants).map(|_| Servant::default()).collect();
    let mut out: Vec<Option<Batch>> = vec![None; servants];
    for turn in 0.. {
        if ledger.found().is_some() || ledger.over() {
            break;
        }
        for batch in out.iter_mut().filter(|batch| batch.is_none()) {
            *batch = ledger.take(runs);
        }
        let who = (order(turn) % servants as u64) as usize;
        let Some(batch) = out[who].take() else {
            continue;
        };
        // Every seventh dies over its work, and another one begins in its place.
        if order(turn).is_multiple_of(7) {
            all[who] = Servant::default();
            ledger.give_back(batch, batch.from, false);
            continue;
        }
        let text = Order::Runs(batch).print(quest);
        // Some are late at once.
        let late = order(turn).is_multiple_of(3);
        let answer = all[who].obey(&text, &labs, &|| late).expect("an order");
        let Some(Answer::Ran { to, found, tally }) = Answer::read(&answer, quest.lab) else {
            panic!("{answer}");
        };
        assert_eq!(tally.runs, to - batch.from);
        ledger.give_back(batch, to, found);
    }
    ledger.found()
}

#[test]
fn what_servants_find_is_what_one_search_finds() {
    for (id, rule, seed) in [
        ("raft", "compare-logs", 1),
        ("raft", "back-up", 2),
        ("raft", "check-previous", 1),
    ] {
        let lab = lab(id);
        let mut one = search(lab, Some(rule), seed);
        let finding = first(&mut one, 3000).expect("a violation");
        let goal = one.goal().clone();
        let quest = Quest { lab, goal, seed };
        let mix = |turn: u64| (turn + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        for (servants, runs) in [(1, 1000), (2, 3), (5, 4), (8, 1)] {
            let found = shared_out(&quest, servants, runs, mix);
            assert_eq!(found, Some(finding.number), "{rule}: {servants} servants");
        }
        // And the story, however often it was interrupted.
        let alone = shrunk(lab, &one, &finding);
        let mut servant = Servant::default();
        let order = Order::Shrink(finding.number).print(&quest);
        loop {
            let answer = servant.obey(&order, &labs(), &|| true).expect("an order");
            let Some(Answer::Shrunk(found)) = Answer::read(&answer, lab) else {
                panic!("{answer}");
            };
            let check = lab.info().checks[found.check].id;
            assert!(played(&found.story, true).contains(&(check, found.step)));
            if found.shortest {
                assert_eq!(found.story, alone.story.print());
                assert_eq!((found.commands, found.tried), (alone.commands, alone.tried));
                break;
            }
        }
    }
}

#[test]
fn nonsense_is_no_order_and_no_answer() {
    let raft = lab("raft");
    let orders = [
        "",
        "raft 1\n",
        "raft 1\nruns 0",
        "raft 1\nruns 0 5 7",
        "raft 1\nruns -1 5",
        "raft one\nruns 0 5",
        "nothing 1\nruns 0 5",
        "raft 1 nothing\nruns 0 5",
        "raft 1\nsing 5",
    ];
    for order in orders {
        let answer = Servant::default().obey(order, &labs(), &|| true);
        assert_eq!(answer, None, "{order:?}");
    }
    let good = Servant::default().obey("raft 1\nruns 4 6", &labs(), &|| false);
    let good = good.expect("an order");
    assert!(Answer::read(&good, raft).is_some(), "{good}");
    // Of another lab, which has other notes; and cut off anywhere.
    assert_eq!(Answer::read(&good, lab("heartbeat")), None);
    let lines = good.lines().count();
    for cut in 0..lines {
        let text: String = good
            .lines()
            .take(cut)
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(Answer::read(&text, raft), None, "{text:?}");
    }
    for answer in [
        "",
        "ran\n",
        "shortest 99 1 1 1 1 1\nlab raft",
        "shortest 1 1\nlab raft",
    ] {
        assert_eq!(Answer::read(answer, raft), None, "{answer:?}");
    }
}

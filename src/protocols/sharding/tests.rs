//! What is special about sharding: moves under every fault, and each rule with the check that it
//! guards, over many seeds.

use super::keeper::Keeper;
use super::lab::{KEEPER, Sharding};
use super::space::{Key, Layout, Space, crc16};
use crate::engine::{NodeId, Span, engine_of};
use crate::lab::{Lab, Run, Verdict};
use crate::protocols::testing::{act, ask, pass, run, verdict};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};

const LAB: &dyn Lab = &Sharding;
const LAYOUTS: [&str; 2] = ["ranges", "slots"];

fn broken(run: &Run) -> Vec<&'static str> {
    let all = run.verdicts().iter();
    let all = all.filter(|(_, verdict)| matches!(verdict, Verdict::Violated { .. }));
    all.map(|(spec, _)| spec.id).collect()
}

/// The example of the specification of Redis Cluster, appendix A.
#[test]
fn keys_are_hashed_as_redis_cluster_hashes_them() {
    assert_eq!(crc16(b"123456789"), 0x31C3);
    let space = Space::new(Layout::Slots, (24, 16), KEEPER, vec![NodeId(1)]);
    for key in (0..24).map(Key) {
        let place = space.place(key);
        assert!(place.0 < 16);
        assert!(space.keys_at(place).any(|other| other == key));
    }
}

#[test]
fn a_hot_range_is_split_and_moved_and_the_load_evens_out() {
    let mut run = run(LAB, 1, &[]);
    pass(&mut run, Span::secs(20));
    assert_eq!(broken(&run), [""; 0]);
    for seen in [
        "a-range-is-split",
        "a-piece-changes-its-owner",
        "a-client-is-redirected",
    ] {
        assert_eq!(verdict(&run, seen), "seen", "{seen}");
    }
    let keeper = engine_of::<Keeper>(run.world().cell(KEEPER).node()).expect("the keeper");
    let load = |shard: NodeId| -> u64 {
        let own = keeper
            .map()
            .table
            .pieces()
            .filter(|piece| piece.owner == shard);
        own.map(|piece| super::balance::load(keeper.heat(), piece.ends()))
            .sum()
    };
    let loads: Vec<u64> = (1..=3).map(|n| load(NodeId(n))).collect();
    let (most, least) = (loads.iter().max(), loads.iter().min());
    assert!(most < least.map(|least| least * 3).as_ref(), "{loads:?}");
}

#[test]
fn nothing_is_broken_under_any_fault_that_is_promised_for() {
    for layout in LAYOUTS {
        for seed in 1..=12 {
            let mut run = run(LAB, seed, &[("layout", layout), ("rate", "25")]);
            let kinds = FaultSet::all_but(&[FaultKind::DiskLost]);
            let every = Span::ms(120 + 20 * seed);
            act(&mut run, Action::Storm(StormPlan { every, kinds }));
            pass(&mut run, Span::secs(12));
            act(&mut run, Action::Calm);
            pass(&mut run, Span::secs(6));
            assert_eq!(broken(&run), [""; 0], "{layout}, seed {seed}");
            for check in [
                "after-calm-moves-come-to-an-end",
                "after-calm-every-key-is-served",
            ] {
                assert_eq!(verdict(&run, check), "holds", "{layout}, {seed}: {check}");
            }
        }
    }
}

/// Whoever crashes, at whatever moment of a move: it comes to its end, and nothing is lost.
#[test]
fn a_move_survives_a_crash_at_any_moment() {
    // The slot of k00 is at s3.
    for (layout, source) in [("ranges", "s1"), ("slots", "s3")] {
        for name in ["m1", source, "s2"] {
            for ms in (0..180).step_by(6) {
                let params = [("layout", layout), ("balance", "off"), ("rate", "40")];
                let mut run = run(LAB, ms + 1, &params);
                pass(&mut run, Span::ms(400));
                let keeper = run.world().find("m1").expect("the keeper");
                let words = ["move", "k00", "to", "s2"];
                ask(LAB, &mut run, keeper, &words);
                pass(&mut run, Span::ms(ms));
                let node = run.world().find(name).expect("a server");
                act(&mut run, Action::Kill(node));
                pass(&mut run, Span::ms(90));
                act(&mut run, Action::Restart(node));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(4));
                let said = format!("{layout}, {name} after {ms} ms");
                assert_eq!(broken(&run), [""; 0], "{said}");
                for check in [
                    "after-calm-moves-come-to-an-end",
                    "after-calm-every-key-is-served",
                ] {
                    assert_eq!(verdict(&run, check), "holds", "{said}: {check}");
                }
                // The crash of the keeper may have come before its order was on its disk.
                let moved = verdict(&run, "a-piece-changes-its-owner") == "seen";
                assert!(moved || (name == "m1" && ms < 12), "{said}");
            }
        }
    }
}

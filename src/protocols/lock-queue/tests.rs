//! The counts of notifications, sessions over a change of leader, and each promise turned red once
//! by a fault or a mistake that it is not made for.

use super::checks::clients;
use super::lab::{LockQueue, leader};
use super::message::NOTIFICATION;
use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run};
use crate::protocols::raft::Command;
use crate::protocols::testing::{self, act, pass, verdict};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};
use std::rc::Rc;

const LAB: &dyn Lab = &LockQueue;

fn rule_off(run: &mut Run, id: &str) {
    let rule = LAB.rule(id).expect("a rule of this lab");
    act(run, Action::Rule(rule, false));
}

fn until(run: &mut Run, what: &str) {
    let moment = LAB.info().moments.iter().find(|moment| moment.id == what);
    let moment = moment.expect("a moment of this lab");
    let end = run.world().now() + Span::secs(20);
    while !(moment.holds)(run.world()) {
        assert!(run.step() && run.world().now() < end, "never {what}");
    }
}

fn ask(run: &mut Run, client: NodeId) {
    testing::ask(LAB, run, client, &["lock"]);
}

/// The notifications until all have had their turn, `n` being in line before the first releases.
fn notifications(n: u16, herd: bool) -> u64 {
    let count = n.to_string();
    let setup = testing::setup(
        LAB,
        u64::from(n),
        &[("clients", &count), ("rest", "0ms"), ("hold", "1s")],
    );
    let mut run = Run::new(LAB, &setup);
    if herd {
        rule_off(&mut run, "watch-the-predecessor");
    }
    until(&mut run, "connected");
    let all: Vec<NodeId> = clients(run.world()).map(|(id, _)| id).collect();
    for client in &all {
        ask(&mut run, *client);
    }
    until(&mut run, "all-idle");
    for (_, client) in clients(run.world()) {
        assert_eq!(client.done(), 1);
    }
    assert_eq!(
        verdict(&run, "one-event-wakes-at-most-one-client"),
        if herd && n > 2 { "violated" } else { "holds" }
    );
    run.world().counters().sent[usize::from(NOTIFICATION)]
}

#[test]
fn each_release_wakes_one_and_a_herd_all() {
    for n in 1..=8 {
        assert_eq!(notifications(n, false), u64::from(n) - 1, "{n} in line");
        let herd = u64::from(n) * (u64::from(n) - 1) / 2;
        assert_eq!(notifications(n, true), herd, "{n} in a herd");
    }
}

/// The leading server is killed again and again, five of them in turn; nobody loses a session.
#[test]
fn sessions_survive_every_change_of_leader() {
    for seed in 1..=10 {
        let setup = testing::setup(
            LAB,
            seed,
            &[
                ("nodes", "5"),
                ("clients", "4"),
                ("session_timeout", "800ms"),
            ],
        );
        let mut run = Run::new(LAB, &setup);
        until(&mut run, "connected");
        let sessions = |run: &Run| -> Vec<_> {
            let all = clients(run.world());
            all.map(|(_, client)| client.session()).collect()
        };
        let before = sessions(&run);
        for _ in 0..5 {
            until(&mut run, "leader");
            let dead = leader(run.world()).expect("there is one");
            act(&mut run, Action::Kill(dead));
            pass(&mut run, Span::ms(900));
            act(&mut run, Action::Restart(dead));
            pass(&mut run, Span::secs(1));
        }
        assert_eq!(sessions(&run), before, "seed {seed}");
        assert_eq!(verdict(&run, "a-session-expires"), "not-seen");
        assert_eq!(verdict(&run, "one-believer-at-a-time"), "holds");
        assert_eq!(verdict(&run, "a-lock-changes-hands"), "seen");
    }
}

fn stormy(seed: u64, kinds: FaultSet) -> Run {
    let mut run = testing::run(LAB, seed, &[("rest", "100ms"), ("clients", "4")]);
    act(
        &mut run,
        Action::Storm(StormPlan {
            every: Span::ms(150 + 50 * (seed % 5)),
            kinds,
        }),
    );
    pass(&mut run, Span::secs(15));
    run
}

/// The promise that rests on time, in storms: pauses make two believe, and nothing else does.
#[test]
fn only_a_pause_makes_two_believe() {
    let awake = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew, FaultKind::Pause]);
    let asleep = FaultSet::of(&[FaultKind::Pause, FaultKind::Crash, FaultKind::Restart]);
    let mut two = 0;
    for seed in 1..=40 {
        let run = stormy(seed, awake);
        assert_eq!(verdict(&run, "one-believer-at-a-time"), "holds", "{seed}");
        assert_eq!(verdict(&run, "one-grant-at-a-time"), "holds", "{seed}");
        let run = stormy(seed, asleep);
        two += usize::from(verdict(&run, "one-believer-at-a-time") == "violated");
        assert_eq!(verdict(&run, "one-grant-at-a-time"), "holds", "{seed}");
        assert_eq!(
            verdict(&run, "no-older-write-is-accepted"),
            "holds",
            "{seed}"
        );
    }
    assert!(two > 0, "storms too weak");
}

/// A leader whose clock runs fast ends sessions of clients that it heard in time.
#[test]
fn a_fast_clock_breaks_the_first_promise() {
    let mut run = testing::run(LAB, 1, &[("rest", "0ms"), ("hold", "1s")]);
    until(&mut run, "connected");
    let leader = leader(run.world()).expect("there is one");
    act(&mut run, Action::Drift(leader, 500_000));
    // Long enough for heartbeats that are counted by the fast clock.
    pass(&mut run, Span::ms(500));
    let mut all = clients(run.world()).map(|(id, _)| id);
    let (first, second) = (all.next(), all.next());
    drop(all);
    ask(&mut run, first.expect("a client"));
    until(&mut run, "held");
    ask(&mut run, second.expect("another"));
    act(
        &mut run,
        Action::Cut {
            from: first.expect("a client"),
            to: leader,
            both: true,
        },
    );
    for server in 0..3 {
        let cut = Action::Cut {
            from: first.expect("a client"),
            to: NodeId(server),
            both: true,
        };
        // The one to the leader is cut already.
        let _ = run.act(&Rc::new(cut));
    }
    pass(&mut run, Span::secs(2));
    assert_eq!(verdict(&run, "one-grant-at-a-time"), "violated");
    assert_eq!(verdict(&run, "one-believer-at-a-time"), "violated");
}

#[test]
fn a_change_comes_out_of_the_log_as_it_went_in() {
    use super::tree::{Change, Lock, Place, SessionId};
    let session = SessionId(7);
    let changes = [
        Change::Open {
            client: NodeId(6),
            attempt: 3,
        },
        Change::Create {
            session,
            number: 4,
            lock: Lock(1),
        },
        Change::Delete {
            session,
            number: 5,
            lock: Lock(0),
            place: Place(9),
        },
        Change::Delete {
            session,
            number: 6,
            lock: Lock(1),
            place: Place(2),
        },
        Change::Expire { session },
    ];
    for change in changes {
        assert_eq!(Change::unpack(change.pack()), Some(change));
    }
    assert_eq!(Change::unpack(Command([5, 0, 0, 0])), None);
}

//! Rules and search as pairs: with a rule off the search finds a run that breaks what the rule
//! guards, within a stated number of runs; with all on it finds none. And what it finds is an
//! ordinary story, as short as it gets, that plays by the player of stories.
//!
//! `cargo xtask sweep` runs the whole of it and writes down what it took: docs/checking.md.

mod beyond;
mod page;
mod servants;
mod sweep;

use splitbrain::lab::search::{Bounds, DOWN, Finding, Goal, Search, Shrinker, Shrunk, Tally};
use splitbrain::lab::{History, Lab, Outcome, Player, Story};
use splitbrain::protocols::labs;

/// Each rule with a seed of the search, and the number of runs within which it finds a violation
/// of the check that the rule guards.
const WITHIN: &[(&str, &str, u64, u64)] = &[
    ("raft", "compare-logs", 1, 10),
    ("raft", "commit-own-term", 5, 300),
    ("raft", "persist-vote", 2, 400),
    ("raft", "randomise-timeout", 1, 10),
    ("raft", "confirm-leadership", 3, 100),
    ("raft", "more-than-half", 2, 10),
    ("raft", "apply-once", 3, 100),
    ("raft", "check-previous", 1, 10),
    ("raft", "back-up", 2, 10),
    ("raft", "wait-for-silence", 3, 10),
    ("raft", "keep-sessions", 1, 300),
    ("raft", "count-a-voter-once", 1, 300),
    ("raft", "step-down-for-a-higher-term", 3, 10),
    ("raft", "forget-the-vote-in-a-new-term", 2, 10),
    ("raft", "commit-no-further-than-counted", 1, 60),
    ("raft", "match-only-what-was-answered", 1, 20),
    ("raft", "answer-what-is-on-disk", 4, 300),
    ("raft", "follow-no-further-than-agreed", 3, 60),
    ("raft", "remove-what-conflicts", 1, 10),
    ("raft", "keep-what-agrees", 1, 10),
    ("raft", "answer-when-committed", 1, 10),
    ("raft", "answer-each-request-once", 3, 10),
    ("raft", "read-after-an-own-commit", 5, 200),
    ("raft", "own-term-first", 4, 10),
    ("raft", "one-change-at-a-time", 4, 200),
    ("raft", "learners-do-not-count", 1, 50),
    ("raft", "catch-up-first", 4, 10),
    ("raft", "both-majorities", 2, 200),
    ("raft", "lease-ends-first", 4, 200),
    ("raft", "take-members-from-the-log", 1, 60),
    ("raft", "keep-members-in-the-snapshot", 1, 50),
    ("raft", "count-what-a-learner-has", 4, 10),
    ("raft", "wait-for-the-joint-commit", 1, 50),
    ("paxos", "remember-promises", 1, 400),
    ("paxos", "adopt-the-highest", 1, 10),
    ("paxos", "prepare-before-accept", 1, 10),
    ("paxos", "more-than-half", 5, 50),
    ("paxos", "quorums-overlap", 3, 50),
    ("paxos", "unique-ballots", 1, 10),
    ("paxos", "back-off", 3, 20),
    ("paxos", "answer-what-is-on-disk", 3, 100),
    ("paxos", "count-an-acceptor-once", 4, 50),
    ("paxos", "compare-what-is-heard", 3, 50),
    ("paxos", "compare-before-accepting", 1, 10),
    ("paxos", "count-this-ballot", 2, 100),
    ("paxos", "count-ballots-apart", 1, 10),
    ("paxos", "nothing-is-no-value", 1, 10),
    ("paxos", "send-again", 3, 10),
    ("multi-paxos", "remember-promises", 2, 10),
    ("multi-paxos", "adopt-the-highest", 2, 10),
    ("multi-paxos", "more-than-half", 1, 30),
    ("multi-paxos", "unique-ballots", 5, 10),
    ("multi-paxos", "back-off", 3, 10),
    ("multi-paxos", "confirm-leadership", 5, 30),
    ("multi-paxos", "fill-gaps", 2, 60),
    ("multi-paxos", "apply-in-order", 3, 10),
    ("multi-paxos", "apply-once", 2, 10),
    ("multi-paxos", "answer-what-is-on-disk", 2, 10),
    ("multi-paxos", "count-an-acceptor-once", 5, 20),
    ("multi-paxos", "compare-before-accepting", 3, 10),
    ("multi-paxos", "tell-of-every-slot", 4, 30),
    ("multi-paxos", "chosen-in-this-ballot", 5, 60),
    ("multi-paxos", "fill-with-a-no-op", 2, 60),
    ("multi-paxos", "read-after-recovery", 5, 60),
    ("multi-paxos", "answer-when-applied", 4, 10),
    ("version-vote", "ask-a-majority-first", 2, 10),
    ("version-vote", "break-ties-by-writer", 2, 10),
    ("version-vote", "write-back-what-was-read", 1, 50),
    ("version-vote", "version-apart-from-value", 1, 10),
    ("version-vote", "wait-for-a-majority", 5, 10),
    ("version-vote", "answer-what-is-on-disk", 5, 50),
    ("version-vote", "keep-the-newer", 1, 10),
    ("version-vote", "take-the-highest", 4, 20),
    ("version-vote", "count-a-replica-once", 1, 300),
    ("version-vote", "count-this-request", 3, 10),
    ("version-vote", "retry-under-its-version", 3, 20),
    ("version-vote", "write-back-under-its-version", 1, 10),
    ("version-vote", "send-again", 4, 10),
    ("bully", "wait-for-the-answer", 5, 10),
    ("bully", "a-higher-node-takes-over", 1, 10),
    ("bully", "ask-again", 3, 10),
    ("bully", "a-majority-assents", 5, 10),
    ("bully", "step-down-for-a-higher-node", 5, 10),
    ("bully", "answer-while-electing", 5, 10),
    ("bully", "assent-once-a-term", 3, 20),
    ("bully", "assent-when-on-disk", 3, 300),
    ("ring-election", "swallow-smaller-ids", 1, 10),
    ("ring-election", "pass-by-the-dead", 4, 10),
    ("ring-election", "once-round", 1, 50),
    ("ring-election", "a-larger-id-takes-over", 3, 20),
    ("ring-election", "begin-again", 4, 10),
    ("ring-election", "stand-back", 3, 300),
    ("ring-election", "step-down-for-a-larger-id", 4, 10),
    ("priority-vote", "one-vote-a-term", 2, 60),
    ("priority-vote", "more-than-half", 3, 100),
    ("priority-vote", "persist-the-vote", 2, 100),
    ("priority-vote", "look-at-yourself-again", 4, 400),
    ("priority-vote", "vote-when-on-disk", 2, 1500),
    ("priority-vote", "count-each-voter-once", 2, 300),
    ("priority-vote", "votes-of-this-term", 5, 600),
    ("priority-vote", "step-down-for-a-newer-term", 1, 1000),
    ("heartbeat", "restart-on-arrival", 1, 10),
    ("heartbeat", "take-a-suspicion-back", 3, 20),
    ("heartbeat", "time-a-node-again", 3, 20),
    ("heartbeat", "wait-the-whole-timeout", 1, 20),
    ("state-lock", "test-and-set-in-one-step", 2, 10),
    ("state-lock", "only-the-holder-releases", 2, 10),
    ("state-lock", "one-place", 1, 10),
    ("state-lock", "grant-what-is-on-disk", 1, 20),
    ("state-lock", "look-at-the-number", 4, 20),
    ("state-lock", "tell-the-holder-again", 1, 10),
    ("counter", "one-atomic-step", 2, 20),
    ("counter", "retries-carry-an-id", 2, 10),
    ("counter", "one-shared-key", 3, 10),
    ("counter", "no-expiry", 3, 10),
    ("counter", "answer-what-is-on-disk", 3, 100),
    ("counter", "take-the-answer-to-this", 2, 10),
    ("counter", "hand-the-lock-on", 2, 10),
    ("counter", "merge-by-the-greater", 1, 10),
    ("counter", "tell-every-replica", 5, 10),
    ("counter", "retry-at-the-same-replica", 2, 10),
    ("task-queue", "acknowledge-after-the-work", 1, 20),
    ("task-queue", "durable-queue", 2, 20),
    ("task-queue", "visibility-timeout", 3, 20),
    ("task-queue", "dead-letters", 3, 20),
    ("task-queue", "dedup-by-id", 3, 20),
    ("task-queue", "answer-what-is-on-disk", 2, 20),
    ("task-queue", "look-at-the-packet", 4, 20),
    ("task-queue", "send-the-same-packet", 4, 20),
    ("task-queue", "hand-out-what-is-on-disk", 3, 20),
    ("task-queue", "look-at-the-delivery", 5, 50),
    ("cache", "lease-on-a-miss", 3, 20),
    ("cache", "invalidate-after-the-write", 5, 10),
    ("cache", "one-fill-at-a-time", 4, 10),
    ("cache", "expire-by-ttl", 4, 10),
    ("cache", "dirty-on-disk", 2, 10),
    ("cache", "flush-before-eviction", 4, 10),
    ("cache", "a-fill-times-out", 1, 10),
    ("cache", "answer-what-is-on-disk", 2, 10),
    ("cache", "know-a-retry", 4, 10),
    ("cache", "fetch-again-what-changed", 1, 20),
    ("cache", "repeat-a-flush", 3, 100),
    ("hash-ring", "points-by-name-and-number", 1, 10),
    ("hash-ring", "walk-to-distinct-nodes", 2, 10),
    ("hash-ring", "place-by-hash", 5, 10),
    ("hash-ring", "stream-before-owning", 3, 20),
    ("hash-ring", "answer-what-is-on-disk", 2, 10),
    ("hash-ring", "write-to-both", 4, 100),
    ("hash-ring", "repair-what-was-read", 4, 50),
    ("hash-ring", "drop-when-handed-over", 3, 20),
    ("hash-ring", "compare-with-all", 4, 10),
    ("hash-ring", "ask-again", 3, 10),
    ("lease-lock", "time-to-live", 3, 20),
    ("lease-lock", "compare-the-token", 5, 20),
    ("lease-lock", "one-key", 2, 20),
    ("lease-lock", "own-clock", 2, 20),
    ("lease-lock", "wait-for-the-replica", 5, 20),
    ("lease-lock", "check-the-number", 4, 200),
    ("lease-lock", "count-from-the-request", 3, 20),
    ("lease-lock", "stop-with-the-lease", 5, 20),
    ("lease-lock", "answer-what-is-on-disk", 2, 20),
    ("lease-lock", "ask-with-a-new-token", 2, 20),
    ("redlock", "count-the-time-spent", 1, 100),
    ("redlock", "release-on-all", 1, 10),
    ("redlock", "delayed-restart", 5, 10),
    ("redlock", "no-clock-jumps", 5, 20),
    ("redlock", "more-than-half", 2, 10),
    ("redlock", "count-each-once", 4, 10),
    ("redlock", "stop-with-the-validity", 1, 10),
    ("sharding", "stop-writes-first", 2, 10),
    ("sharding", "take-over-only-what-is-whole", 3, 10),
    ("sharding", "an-older-epoch-is-refused", 3, 10),
    ("sharding", "what-was-applied-moves-along", 2, 100),
    ("sharding", "a-redirect-mends-the-table", 3, 10),
    ("sharding", "send-again-what-changed", 2, 10),
    ("sharding", "answer-what-is-on-disk", 1, 20),
    ("sharding", "release-on-disk-first", 1, 1000),
    ("sharding", "acknowledge-what-is-on-disk", 1, 300),
    ("lock-queue", "only-the-lowest-holds", 1, 20),
    ("lock-queue", "look-again", 4, 50),
    ("lock-queue", "delete-what-you-made", 2, 10),
    ("lock-queue", "watch-the-predecessor", 1, 10),
    ("lock-queue", "check-the-number", 4, 50),
    ("lock-queue", "one-order", 1, 10),
    ("lock-queue", "stop-when-cut-off", 1, 10),
    ("lock-queue", "renew-on-heartbeat", 1, 20),
    ("lock-queue", "renew-on-election", 1, 20),
    ("lock-queue", "confirm-before-answer", 4, 20),
    ("lock-queue", "numbers-go-up", 1, 20),
    ("lock-queue", "look-when-unwatched", 3, 100),
    ("load-balancer", "choose-without-feedback", 1, 10),
    ("load-balancer", "take-out-the-dead", 3, 100),
    ("load-balancer", "retry-budget", 1, 10),
    ("load-balancer", "slow-start", 1, 20),
    ("load-balancer", "in-turn", 1, 10),
    ("load-balancer", "finish-what-was-begun", 1, 10),
    ("load-balancer", "take-one-answer", 3, 10),
    ("load-balancer", "time-every-attempt", 1, 10),
    ("load-balancer", "walk-past-who-is-out", 4, 20),
    ("redlock", "check-the-number", 2, 50),
    ("chubby", "check-the-sequencer", 1, 50),
    ("chubby", "lock-delay", 4, 50),
    ("chubby", "honour-old-sessions", 1, 20),
    ("chubby", "invalidate-first", 1, 20),
    ("chubby", "keep-the-promise", 4, 800),
    ("chubby", "stop-in-jeopardy", 1, 20),
    ("chubby", "count-from-the-call", 4, 50),
    ("chubby", "flush-on-fail-over", 1, 60),
    ("chubby", "wait-for-every-session", 3, 20),
    ("chubby", "ask-again", 5, 10),
    ("two-phase-commit", "force-before-voting", 2, 10),
    ("two-phase-commit", "do-not-decide-alone", 2, 10),
    ("two-phase-commit", "apply-after-decision", 1, 10),
    ("two-phase-commit", "every-vote-is-needed", 1, 10),
    ("two-phase-commit", "force-the-decision", 3, 100),
    ("two-phase-commit", "remember-until-acknowledged", 3, 20),
    ("two-phase-commit", "hold-locks", 2, 10),
    ("two-phase-commit", "ask-when-in-doubt", 3, 10),
    ("two-phase-commit", "acknowledge-what-is-on-disk", 4, 400),
    ("two-phase-commit", "count-a-voter-once", 4, 20),
    ("two-phase-commit", "apply-once", 2, 10),
    ("two-phase-commit", "know-a-transaction", 5, 20),
    ("two-phase-commit", "new-numbers", 5, 10),
    ("three-phase-commit", "pre-commit-before-committing", 2, 100),
    ("three-phase-commit", "wait-as-long-as-it-may-take", 1, 10),
    ("three-phase-commit", "elect-a-backup", 4, 10),
    ("three-phase-commit", "ask-for-states-first", 1, 30),
    ("three-phase-commit", "who-was-down-takes-no-part", 4, 10),
    ("three-phase-commit", "ask-after-a-restart", 2, 10),
    ("three-phase-commit", "force-before-voting", 2, 10),
    ("three-phase-commit", "every-vote-is-needed", 1, 10),
    ("three-phase-commit", "hold-locks", 3, 10),
    (
        "three-phase-commit",
        "wait-for-all-after-a-total-failure",
        3,
        20,
    ),
    ("three-phase-commit", "count-a-voter-once", 3, 10),
    ("three-phase-commit", "apply-once", 2, 10),
    ("three-phase-commit", "know-a-transaction", 3, 10),
    ("three-phase-commit", "new-numbers", 1, 10),
    ("saga", "record-before-acting", 1, 10),
    ("saga", "record-before-answering", 1, 200),
    ("saga", "steps-are-idempotent", 1, 10),
    ("saga", "compensate-in-reverse", 3, 10),
    ("saga", "retry-compensations", 4, 10),
    ("saga", "bar-what-was-compensated-first", 5, 300),
    ("saga", "compensate-what-may-be-done", 5, 10),
    ("saga", "no-way-back-from-the-last-step", 3, 100),
    ("saga", "resume-after-a-restart", 2, 10),
    ("saga", "give-back-what-was-taken", 5, 10),
    ("saga", "an-answer-to-its-step", 3, 10),
    ("saga", "replay-every-event", 4, 10),
    ("saga", "remember-refusals", 4, 20),
    ("saga", "know-an-order", 1, 10),
];

/// How many runs with all rules on are made in every test run, for each lab.
const CLEAN: u64 = 2000;
/// A story with more commands than this is not short.
const SHORT: usize = 12;

fn lab(id: &str) -> &'static dyn Lab {
    let all = labs();
    let found = all.iter().find(|lab| lab.info().id == id);
    *found.unwrap_or_else(|| panic!("no lab {id}"))
}

/// The check that a rule guards, hidden or not.
fn guards(lab: &dyn Lab, rule: &str) -> &'static str {
    let found = lab.info().all_rules().find(|known| known.id == rule);
    found.expect("a rule of the lab").guards
}

fn search(lab: &'static dyn Lab, off: Option<&str>, seed: u64) -> Search {
    let off = off.map(|rule| lab.rule(rule).expect("a rule of the lab"));
    let goal = Goal::without(lab, off.as_slice());
    Search::new(lab, goal, Bounds::new(lab, seed))
}

fn first(search: &mut Search, runs: u64) -> Option<Finding> {
    (0..runs).find_map(|number| search.run_one(number))
}

fn shrunk(lab: &'static dyn Lab, search: &Search, finding: &Finding) -> Shrunk {
    let mut shrinker = Shrinker::new(lab, search.goal(), finding).unwrap_or_else(|| {
        let number = finding.number;
        panic!("{}, run {number}: it does not break again", lab.info().id)
    });
    while shrinker.step() {}
    shrinker.story()
}

/// Plays a story as a person would; the checks that it breaks under faults that they are promised for, by their ids,
/// and the steps.
fn played(text: &str, strict: bool) -> Vec<(&'static str, u64)> {
    let read = Story::parse(text, &labs(), &mut |_| Ok(()));
    let story = read.unwrap_or_else(|error| panic!("{error:?} in:\n{text}"));
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let mut ended = |_: &_, outcome| {
        assert!(
            !strict || outcome == Outcome::Done,
            "{outcome:?} in:\n{text}"
        );
    };
    let done = Player::new(&story).play(&mut history, 1_000_000, &mut |_| {}, &mut ended);
    assert!(done, "too long:\n{text}");
    let faults = history.run().world().faults();
    let verdicts = history.run().verdicts().iter();
    let verdicts = verdicts.filter(|(check, _)| faults.within(check.assumes));
    let broken = verdicts.filter_map(|(check, verdict)| match verdict {
        splitbrain::lab::Verdict::Violated { step, .. } => Some((check.id, step)),
        splitbrain::lab::Verdict::Holds
        | splitbrain::lab::Verdict::Seen { .. }
        | splitbrain::lab::Verdict::NotSeen
        | splitbrain::lab::Verdict::Pending => None,
    });
    broken.collect()
}

#[test]
fn every_rule_has_its_number_of_runs() {
    for lab in labs() {
        for rule in lab.info().all_rules() {
            let stated =
                |(of, id, ..): &&(&str, &str, u64, u64)| (*of, *id) == (lab.info().id, rule.id);
            assert_eq!(WITHIN.iter().filter(stated).count(), 1, "{}", rule.id);
        }
    }
}

/// A setting that is none, or that a parameter does not take, would say nothing.
#[test]
fn the_settings_of_labs_are_such() {
    for lab in labs() {
        for setting in lab.haunts() {
            let mut params = lab.setup(1).params;
            for (name, text) in *setting {
                params.set(name, text).expect("it takes it");
            }
            assert_ne!(params, lab.setup(1).params, "{setting:?}");
        }
    }
}

#[test]
fn with_a_rule_off_the_search_finds_what_it_was_for() {
    for &(id, rule, seed, within) in WITHIN {
        let lab = lab(id);
        let mut search = search(lab, Some(rule), seed);
        let finding = first(&mut search, within);
        let finding = finding.unwrap_or_else(|| panic!("{rule}: nothing in {within} runs"));
        let guards = guards(lab, rule);
        assert_eq!(lab.info().checks[finding.check].id, guards, "{rule}");
        // The stories of the planted mistakes are kept (`page.rs`).
        if lab.info().rules.iter().all(|known| known.id != rule) {
            continue;
        }
        let shrunk = shrunk(lab, &search, &finding);
        let text = shrunk.story.print();
        let broken = played(&text, true);
        assert!(
            broken.contains(&(guards, shrunk.step)),
            "{broken:?}:\n{text}"
        );
        assert!(shrunk.commands <= SHORT, "not short:\n{text}");
        let on = text.replace(&format!("rule {rule} off\n"), "");
        let holds = played(&on, false).iter().all(|(check, _)| *check != guards);
        assert!(holds, "the rule is on, and {guards} is violated:\n{on}");
    }
}

/// How many messages of each kind the stories of a lab send.
fn told_in_stories(lab: &'static dyn Lab) -> Vec<u64> {
    let mut all = vec![0; lab.info().message_kinds.len()];
    for story in lab.info().stories {
        let story = Story::parse(story.text, &labs(), &mut |_| Ok(())).expect("a story that ships");
        let mut history = History::new(lab, story.setup.clone(), 0);
        Player::new(&story).play(&mut history, 1_000_000, &mut |_| {}, &mut |_, _| {});
        let sent = history.run().world().counters().sent;
        all.iter_mut().zip(sent).for_each(|(all, n)| *all += n);
    }
    all
}

#[test]
fn with_all_rules_on_the_search_finds_nothing_and_has_looked() {
    for lab in labs() {
        let mut search = search(lab, None, 1);
        if let Some(finding) = first(&mut search, CLEAN) {
            let shrunk = shrunk(lab, &search, &finding);
            panic!("all rules are on:\n{}", shrunk.story.print());
        }
        let (tally, info) = (search.tally(), lab.info());
        assert_eq!(tally.runs, CLEAN);
        assert!(tally.events > CLEAN * 10, "{} events", tally.events);
        // What is only said where a rule is off is said in a story that ships.
        let told = told_in_stories(lab);
        for (kind, name) in info.message_kinds.iter().enumerate() {
            let seen = tally.messages.get(kind).is_some_and(|n| *n > 0);
            assert!(seen || told[kind] > 0, "{}: no {name}", info.id);
        }
        // Some are said only where a check or a rule is broken.
        let enough = info.notes.len() * 2 / 3;
        assert!(tally.notes_seen() >= enough, "{:?}", tally.notes);
        // Every role is come to, and left by a crash.
        for role in info.roles {
            let met = |(from, to): &(&str, &str)| from == role || to == role;
            assert!(tally.turns.keys().any(met), "{role}: {:?}", tally.turns);
            let crash = (*role, DOWN);
            assert!(tally.turns.contains_key(&crash), "{role}: no crash");
        }
        // And none is met that the lab does not know.
        let known = Tally::all_turns(info);
        let strange = tally.turns.keys().find(|turn| !known.contains(turn));
        assert_eq!(strange, None);
    }
}

#[test]
fn a_run_is_the_same_whatever_ran_before() {
    for lab in labs() {
        let mut of_lab: Vec<_> = WITHIN.iter().filter(|row| row.0 == lab.info().id).collect();
        of_lab.sort_by_key(|row| row.3);
        let (_, rule, seed, within) = *of_lab[0];
        assert!(within <= 60, "{rule}");
        let (mut one, mut other) = (search(lab, Some(rule), seed), search(lab, Some(rule), seed));
        let said = |finding: Option<Finding>| format!("{finding:?}");
        let forth: Vec<String> = (0..60).map(|n| said(one.run_one(n))).collect();
        let back: Vec<String> = (0..60).rev().map(|n| said(other.run_one(n))).collect();
        assert!(forth.iter().eq(back.iter().rev()));
        assert_eq!(one.tally(), other.tally());
        assert!(
            forth.iter().any(|said| said != "None"),
            "{rule}: nothing found"
        );
    }
}

#[test]
fn nothing_can_be_left_out_of_a_shrunk_story() {
    let lab = lab("raft");
    let mut search = search(lab, Some("back-up"), 1);
    let finding = first(&mut search, 500).expect("a violation");
    let text = shrunk(lab, &search, &finding).story.print();
    let lines: Vec<&str> = text.lines().collect();
    // All but the first line, the rule, and the two of the end.
    for gone in 2..lines.len() - 2 {
        let kept = lines.iter().enumerate().filter(|(i, _)| *i != gone);
        let fewer: Vec<&str> = kept.map(|(_, line)| *line).collect();
        let fewer = fewer.join("\n");
        let breaks = played(&fewer, false);
        let guards = "after-calm-all-live-logs-are-alike";
        assert!(
            breaks.iter().all(|(check, _)| *check != guards),
            "without {:?} it breaks, too:\n{text}",
            lines[gone]
        );
    }
}

//! The rules, the planted mistakes, and how large a quorum is under them.

use super::peer::Config;
use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const REMEMBER_PROMISES: RuleId = RuleId(0);
pub(super) const ADOPT_THE_HIGHEST: RuleId = RuleId(1);
pub(super) const PREPARE_FIRST: RuleId = RuleId(2);
pub(super) const MORE_THAN_HALF: RuleId = RuleId(3);
pub(super) const QUORUMS_OVERLAP: RuleId = RuleId(4);
pub(super) const UNIQUE_BALLOTS: RuleId = RuleId(5);
pub(super) const BACK_OFF: RuleId = RuleId(6);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{BACK_OFF, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = BACK_OFF.0 + 1;
    /// An acceptor answers when what it promises or accepts is on its disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// An acceptor whose answer arrives twice is one acceptor.
    pub(in super::super) const COUNT_AN_ACCEPTOR_ONCE: RuleId = RuleId(FIRST + 1);
    /// Of several proposals that are heard of, the one of the highest ballot counts, not the first.
    pub(in super::super) const COMPARE_WHAT_IS_HEARD: RuleId = RuleId(FIRST + 2);
    /// An acceptor compares the ballot of an `Accept` with its promise.
    pub(in super::super) const COMPARE_BEFORE_ACCEPTING: RuleId = RuleId(FIRST + 3);
    /// A promise of an older ballot is none of this one.
    pub(in super::super) const COUNT_THIS_BALLOT: RuleId = RuleId(FIRST + 4);
    /// A learner counts who accepted the same ballot.
    pub(in super::super) const COUNT_BALLOTS_APART: RuleId = RuleId(FIRST + 5);
    /// Who has accepted nothing says so; there is no value that stands for that.
    pub(in super::super) const NOTHING_IS_NO_VALUE: RuleId = RuleId(FIRST + 6);
    /// What was not answered in time is sent again.
    pub(in super::super) const SEND_AGAIN: RuleId = RuleId(FIRST + 7);
}

/// How many acceptors each phase needs.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Quorums {
    /// Promises.
    pub(super) one: usize,
    /// Acceptances: so many choose a value.
    pub(super) two: usize,
}

/// The quorums of a configuration, with the rules as they are.
pub(super) fn quorums(config: &Config, on: impl Fn(RuleId) -> bool) -> Quorums {
    let n = config.acceptors.len();
    let usual = if on(MORE_THAN_HALF) {
        n / 2 + 1
    } else {
        // The article's formula: the sum is at least n/2.
        n.div_ceil(2)
    };
    let [one, two] = config.quorums.map(|given| match given {
        0 => usual,
        given => given.min(n),
    });
    let chosen = config.quorums != [0, 0];
    let one = if chosen && on(QUORUMS_OVERLAP) {
        one.max(n + 1 - two)
    } else {
        one
    };
    Quorums { one, two }
}

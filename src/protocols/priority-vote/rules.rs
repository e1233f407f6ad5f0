//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const ONE_VOTE_A_TERM: RuleId = RuleId(0);
pub(super) const MORE_THAN_HALF: RuleId = RuleId(1);
pub(super) const PERSIST_THE_VOTE: RuleId = RuleId(2);
pub(super) const LOOK_AT_YOURSELF_AGAIN: RuleId = RuleId(3);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{LOOK_AT_YOURSELF_AGAIN, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = LOOK_AT_YOURSELF_AGAIN.0 + 1;
    /// A node votes when that is on its disk.
    pub(in super::super) const VOTE_WHEN_ON_DISK: RuleId = RuleId(FIRST);
    /// Each voter is counted once, however often its vote arrives.
    pub(in super::super) const COUNT_EACH_VOTER_ONCE: RuleId = RuleId(FIRST + 1);
    /// A vote of an older term does not count in this one.
    pub(in super::super) const VOTES_OF_THIS_TERM: RuleId = RuleId(FIRST + 2);
    /// A leader that hears of a newer term leads no more.
    pub(in super::super) const STEP_DOWN_FOR_A_NEWER_TERM: RuleId = RuleId(FIRST + 3);
}

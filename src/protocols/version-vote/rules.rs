//! The rules, the planted mistakes, and how many answers are enough under them.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const ASK_FIRST: RuleId = RuleId(0);
pub(super) const BREAK_TIES: RuleId = RuleId(1);
pub(super) const WRITE_BACK: RuleId = RuleId(2);
pub(super) const VERSION_APART: RuleId = RuleId(3);
pub(super) const MAJORITY: RuleId = RuleId(4);
pub(super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(5);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{ANSWER_WHAT_IS_ON_DISK, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = ANSWER_WHAT_IS_ON_DISK.0 + 1;
    /// A replica compares versions before it overwrites what it holds.
    pub(in super::super) const KEEP_THE_NEWER: RuleId = RuleId(FIRST);
    /// Of several answers the one of the highest version counts, not the first.
    pub(in super::super) const TAKE_THE_HIGHEST: RuleId = RuleId(FIRST + 1);
    /// A replica whose answer arrives twice is one replica.
    pub(in super::super) const COUNT_A_REPLICA_ONCE: RuleId = RuleId(FIRST + 2);
    /// An answer to an earlier request is none to this one.
    pub(in super::super) const COUNT_THIS_REQUEST: RuleId = RuleId(FIRST + 3);
    /// What is sent again has the version that it had.
    pub(in super::super) const RETRY_UNDER_ITS_VERSION: RuleId = RuleId(FIRST + 4);
    /// A reader writes back under the version that it read, not under a new one of its own.
    pub(in super::super) const WRITE_BACK_UNDER_ITS_VERSION: RuleId = RuleId(FIRST + 5);
    /// What was not answered in time is sent again.
    pub(in super::super) const SEND_AGAIN: RuleId = RuleId(FIRST + 6);
}

/// How many of so many replicas have to answer.
pub(super) fn needed(replicas: usize, on: impl Fn(RuleId) -> bool) -> usize {
    if on(MAJORITY) { replicas / 2 + 1 } else { 1 }
}

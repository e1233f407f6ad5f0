//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const REMEMBER_PROMISES: RuleId = RuleId(0);
pub(super) const ADOPT_THE_HIGHEST: RuleId = RuleId(1);
pub(super) const MORE_THAN_HALF: RuleId = RuleId(2);
pub(super) const UNIQUE_BALLOTS: RuleId = RuleId(3);
pub(super) const BACK_OFF: RuleId = RuleId(4);
pub(super) const CONFIRM_LEADERSHIP: RuleId = RuleId(5);
pub(super) const FILL_GAPS: RuleId = RuleId(6);
pub(super) const APPLY_IN_ORDER: RuleId = RuleId(7);
pub(super) const APPLY_ONCE: RuleId = RuleId(8);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{APPLY_ONCE, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = APPLY_ONCE.0 + 1;
    /// An acceptor answers when what it accepts is on its disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// An acceptor whose answer arrives twice is one acceptor.
    pub(in super::super) const COUNT_AN_ACCEPTOR_ONCE: RuleId = RuleId(FIRST + 1);
    /// An acceptor compares the ballot of an `Accept` with its promise.
    pub(in super::super) const COMPARE_BEFORE_ACCEPTING: RuleId = RuleId(FIRST + 2);
    /// A promise tells of every slot in which something was accepted, not of the last alone.
    pub(in super::super) const TELL_OF_EVERY_SLOT: RuleId = RuleId(FIRST + 3);
    /// What a server accepted is known to be chosen where the leader that says so proposed it; what
    /// it accepted under another ballot may be something else.
    pub(in super::super) const CHOSEN_IN_THIS_BALLOT: RuleId = RuleId(FIRST + 4);
    /// A gap gets a command that leaves the store as it is, not a record with nothing filled in.
    pub(in super::super) const FILL_WITH_A_NO_OP: RuleId = RuleId(FIRST + 5);
    /// A new leader reads once what it found in phase 1 is chosen.
    pub(in super::super) const READ_AFTER_RECOVERY: RuleId = RuleId(FIRST + 6);
    /// A client is answered when its request is applied, not when it is proposed.
    pub(in super::super) const ANSWER_WHEN_APPLIED: RuleId = RuleId(FIRST + 7);
}

/// How many servers are enough, of so many.
pub(super) fn majority(servers: usize, more_than_half: bool) -> usize {
    if more_than_half {
        servers / 2 + 1
    } else {
        servers.div_ceil(2)
    }
}

//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const FORCE_BEFORE_VOTING: RuleId = RuleId(0);
pub(super) const NOT_ALONE: RuleId = RuleId(1);
pub(super) const APPLY_AFTER_DECISION: RuleId = RuleId(2);
pub(super) const EVERY_YES: RuleId = RuleId(3);
pub(super) const FORCE_THE_DECISION: RuleId = RuleId(4);
pub(super) const REMEMBER: RuleId = RuleId(5);
pub(super) const HOLD_LOCKS: RuleId = RuleId(6);
pub(super) const ASK: RuleId = RuleId(7);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{ASK, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = ASK.0 + 1;
    /// A member acknowledges a decision when it is on its disk.
    pub(in super::super) const ACKNOWLEDGE_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// A vote that arrives twice is one vote.
    pub(in super::super) const COUNT_A_VOTER_ONCE: RuleId = RuleId(FIRST + 1);
    /// A decision that comes again is not done again.
    pub(in super::super) const APPLY_ONCE: RuleId = RuleId(FIRST + 2);
    /// A transaction that is known is not begun anew.
    pub(in super::super) const KNOW_A_TRANSACTION: RuleId = RuleId(FIRST + 3);
    /// Numbers are reserved on the disk.
    pub(in super::super) const NEW_NUMBERS: RuleId = RuleId(FIRST + 4);
}

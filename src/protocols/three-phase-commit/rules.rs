//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const PRE_COMMIT: RuleId = RuleId(0);
pub(super) const WAIT_THE_BOUND: RuleId = RuleId(1);
pub(super) const TAKE_OVER: RuleId = RuleId(2);
pub(super) const ASK_STATES: RuleId = RuleId(3);
pub(super) const STAND_BACK: RuleId = RuleId(4);
pub(super) const ASK_AFTER_RESTART: RuleId = RuleId(5);
pub(super) const FORCE_BEFORE_VOTING: RuleId = RuleId(6);
pub(super) const EVERY_YES: RuleId = RuleId(7);
pub(super) const HOLD_LOCKS: RuleId = RuleId(8);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{HOLD_LOCKS, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = HOLD_LOCKS.0 + 1;
    /// After a total failure nobody decides before all are back.
    pub(in super::super) const WAIT_FOR_ALL: RuleId = RuleId(FIRST);
    /// A vote that arrives twice is one vote.
    pub(in super::super) const COUNT_A_VOTER_ONCE: RuleId = RuleId(FIRST + 1);
    /// A decision that comes again is not done again.
    pub(in super::super) const APPLY_ONCE: RuleId = RuleId(FIRST + 2);
    /// A transaction that is known is not begun anew.
    pub(in super::super) const KNOW_A_TRANSACTION: RuleId = RuleId(FIRST + 3);
    /// Numbers are reserved on the disk.
    pub(in super::super) const NEW_NUMBERS: RuleId = RuleId(FIRST + 4);
}

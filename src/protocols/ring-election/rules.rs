//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const SWALLOW_SMALLER_IDS: RuleId = RuleId(0);
pub(super) const PASS_BY_THE_DEAD: RuleId = RuleId(1);
pub(super) const ONCE_ROUND: RuleId = RuleId(2);
pub(super) const A_LARGER_ID_TAKES_OVER: RuleId = RuleId(3);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{A_LARGER_ID_TAKES_OVER, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = A_LARGER_ID_TAKES_OVER.0 + 1;
    /// An election of which nothing comes is begun again.
    pub(in super::super) const BEGIN_AGAIN: RuleId = RuleId(FIRST);
    /// Who has passed a larger id on does not lead when its own comes home.
    pub(in super::super) const STAND_BACK: RuleId = RuleId(FIRST + 1);
    /// A leader that passes a larger id on leads no more.
    pub(in super::super) const STEP_DOWN_FOR_A_LARGER_ID: RuleId = RuleId(FIRST + 2);
}

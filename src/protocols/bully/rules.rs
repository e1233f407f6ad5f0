//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const WAIT_FOR_THE_ANSWER: RuleId = RuleId(0);
pub(super) const A_HIGHER_NODE_TAKES_OVER: RuleId = RuleId(1);
pub(super) const ASK_AGAIN: RuleId = RuleId(2);
pub(super) const A_MAJORITY_ASSENTS: RuleId = RuleId(3);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{A_MAJORITY_ASSENTS, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = A_MAJORITY_ASSENTS.0 + 1;
    /// A leader that hears of a higher one leads no more.
    pub(in super::super) const STEP_DOWN_FOR_A_HIGHER_NODE: RuleId = RuleId(FIRST);
    /// Who holds an election itself answers lower nodes all the same.
    pub(in super::super) const ANSWER_WHILE_ELECTING: RuleId = RuleId(FIRST + 1);
    /// A node assents once in a term.
    pub(in super::super) const ASSENT_ONCE_A_TERM: RuleId = RuleId(FIRST + 2);
    /// It assents when that is on its disk.
    pub(in super::super) const ASSENT_WHEN_ON_DISK: RuleId = RuleId(FIRST + 3);
}

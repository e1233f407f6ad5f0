//! The rules and the planted mistakes.

use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const RECORD_BEFORE_ACTING: RuleId = RuleId(0);
pub(super) const RECORD_BEFORE_ANSWERING: RuleId = RuleId(1);
pub(super) const IDEMPOTENT: RuleId = RuleId(2);
pub(super) const REVERSE: RuleId = RuleId(3);
pub(super) const RETRY_COMPENSATIONS: RuleId = RuleId(4);
pub(super) const BAR: RuleId = RuleId(5);
pub(super) const WHAT_MAY_BE_DONE: RuleId = RuleId(6);
pub(super) const NO_WAY_BACK: RuleId = RuleId(7);
pub(super) const RESUME: RuleId = RuleId(8);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{RESUME, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = RESUME.0 + 1;
    /// A refund gives back what was charged.
    pub(in super::super) const GIVE_BACK_WHAT_WAS_TAKEN: RuleId = RuleId(FIRST);
    /// An answer is taken for the step that it is about.
    pub(in super::super) const AN_ANSWER_TO_ITS_STEP: RuleId = RuleId(FIRST + 1);
    /// A service that comes up reads every event of its log.
    pub(in super::super) const REPLAY_EVERY_EVENT: RuleId = RuleId(FIRST + 2);
    /// A refusal is written to the log, too.
    pub(in super::super) const REMEMBER_REFUSALS: RuleId = RuleId(FIRST + 3);
    /// An order that comes again is the same order.
    pub(in super::super) const KNOW_AN_ORDER: RuleId = RuleId(FIRST + 4);
}

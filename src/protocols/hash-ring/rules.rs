//! The rules and the planted mistakes, by their places, and what they mean for a lookup.

use super::layout::Walk;
use crate::engine::RuleId;

/// In the order of the rules of the lab.
pub(super) const POINTS_BY_NAME_AND_NUMBER: RuleId = RuleId(0);
pub(super) const WALK_TO_DISTINCT_NODES: RuleId = RuleId(1);
pub(super) const PLACE_BY_HASH: RuleId = RuleId(2);
pub(super) const STREAM_BEFORE_OWNING: RuleId = RuleId(3);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{RuleId, STREAM_BEFORE_OWNING};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = STREAM_BEFORE_OWNING.0 + 1;
    /// A node answers when what it speaks of is on its disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// While keys move, a write goes to the nodes of both layouts.
    pub(in super::super) const WRITE_TO_BOTH: RuleId = RuleId(FIRST + 1);
    /// What a read saw is with more than half before it is told.
    pub(in super::super) const REPAIR_WHAT_WAS_READ: RuleId = RuleId(FIRST + 2);
    /// A key is dropped when those who gain it have it.
    pub(in super::super) const DROP_WHEN_HANDED_OVER: RuleId = RuleId(FIRST + 3);
    /// Nodes compare what they have with each other.
    pub(in super::super) const COMPARE_WITH_ALL: RuleId = RuleId(FIRST + 4);
    /// Who is not answered asks the next server.
    pub(in super::super) const ASK_AGAIN: RuleId = RuleId(FIRST + 5);
}

impl Walk {
    /// The rules in force, by somebody who knows.
    pub(super) fn of(on: impl Fn(RuleId) -> bool) -> Self {
        Walk {
            points: on(POINTS_BY_NAME_AND_NUMBER),
            distinct: on(WALK_TO_DISTINCT_NODES),
            hashed: on(PLACE_BY_HASH),
        }
    }
}

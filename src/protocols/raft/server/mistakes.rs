//! Planted mistakes, each a hidden rule beside the others (`LabInfo::mistakes`): what is switched off
//! is the care that someone did not take. They are for the tests: a check or a search that does
//! not notice one of these is worth little. Most were made in real implementations of Raft.

use crate::engine::RuleId;

/// They stand behind the rules.
pub(in super::super) const FIRST: u8 = super::LEASE_ENDS_FIRST.0 + 1;

/// A voter whose message arrives twice has one vote.
pub(super) const COUNT_A_VOTER_ONCE: RuleId = RuleId(FIRST);
/// A leader or candidate that hears a higher term takes that term, and is a follower in it.
pub(super) const STEP_DOWN_FOR_A_HIGHER_TERM: RuleId = RuleId(FIRST + 1);
/// The vote of a term is no vote in the next.
pub(super) const FORGET_THE_VOTE_IN_A_NEW_TERM: RuleId = RuleId(FIRST + 2);
/// The commit index is the index that was counted, not the one behind it.
pub(super) const COMMIT_NO_FURTHER_THAN_COUNTED: RuleId = RuleId(FIRST + 3);
/// The answer to a heartbeat is none to the entries that left after it.
pub(super) const MATCH_ONLY_WHAT_WAS_ANSWERED: RuleId = RuleId(FIRST + 4);
/// A follower answers when the entries are on its disk.
pub(super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 5);
/// A follower commits only as far as it knows that its log is the leader's.
pub(super) const FOLLOW_NO_FURTHER_THAN_AGREED: RuleId = RuleId(FIRST + 6);
/// With an entry that conflicts goes all that follows it.
pub(super) const REMOVE_WHAT_CONFLICTS: RuleId = RuleId(FIRST + 7);
/// A message that came late removes nothing that agrees with it.
pub(super) const KEEP_WHAT_AGREES: RuleId = RuleId(FIRST + 8);
/// A client is answered when its entry is committed, not when the leader has it.
pub(super) const ANSWER_WHEN_COMMITTED: RuleId = RuleId(FIRST + 9);
/// The answer that a session keeps is for its last request, not for the next one, too.
pub(super) const ANSWER_EACH_REQUEST_ONCE: RuleId = RuleId(FIRST + 10);
/// A new leader does not know what is committed before an entry of its own term is.
pub(super) const READ_AFTER_AN_OWN_COMMIT: RuleId = RuleId(FIRST + 11);
/// A configuration is in effect from the moment it is in the log.
pub(super) const TAKE_MEMBERS_FROM_THE_LOG: RuleId = RuleId(FIRST + 12);
/// A snapshot has the configuration in it.
pub(super) const KEEP_MEMBERS_IN_THE_SNAPSHOT: RuleId = RuleId(FIRST + 13);
/// A learner has what it has answered for, not what is on its way to it.
pub(super) const COUNT_WHAT_A_LEARNER_HAS: RuleId = RuleId(FIRST + 14);
/// The new configuration comes when the joint one is committed.
pub(super) const WAIT_FOR_THE_JOINT_COMMIT: RuleId = RuleId(FIRST + 15);

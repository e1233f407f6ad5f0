//! The rules, and behind them the planted mistakes, each by its place in the lab's list.

use crate::engine::RuleId;

/// Only the owner of the lowest node holds the lock.
pub(super) const ONLY_THE_LOWEST: RuleId = RuleId(0);
/// Who is woken looks at the queue again before it believes anything.
pub(super) const LOOK_AGAIN: RuleId = RuleId(1);
/// A release deletes the node that was made.
pub(super) const DELETE_WHAT_YOU_MADE: RuleId = RuleId(2);
/// Each waiter watches the node right before its own.
pub(super) const WATCH_THE_PREDECESSOR: RuleId = RuleId(3);
/// The resource refuses a write whose number is lower than one that it has seen.
pub(super) const CHECK_THE_NUMBER: RuleId = RuleId(4);
/// Everybody takes two locks in the same order.
pub(super) const ONE_ORDER: RuleId = RuleId(5);
/// A client that did not hear of its session for a whole timeout believes nothing any more.
pub(super) const STOP_WHEN_CUT_OFF: RuleId = RuleId(6);

/// The mistakes stand behind the rules.
pub(super) const FIRST_MISTAKE: u8 = 7;
/// A heartbeat gives its session the whole timeout again.
pub(super) const RENEW_ON_HEARTBEAT: RuleId = RuleId(FIRST_MISTAKE);
/// A new leader gives every session the whole timeout again.
pub(super) const RENEW_ON_ELECTION: RuleId = RuleId(FIRST_MISTAKE + 1);
/// A heartbeat is answered by who knows that it still leads.
pub(super) const CONFIRM_BEFORE_ANSWER: RuleId = RuleId(FIRST_MISTAKE + 2);
/// The numbers of nodes go up, whatever was deleted.
pub(super) const NUMBERS_GO_UP: RuleId = RuleId(FIRST_MISTAKE + 3);
/// Who waits and hears that its watch is gone looks again.
pub(super) const LOOK_WHEN_UNWATCHED: RuleId = RuleId(FIRST_MISTAKE + 4);

/// Where the rules of the Raft inside begin. They are always on here: the lab `raft` is where they
/// can be switched off.
pub(super) const RAFT: u8 = 32;

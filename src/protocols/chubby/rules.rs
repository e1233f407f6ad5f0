//! The rules, and behind them the planted mistakes, each by its place in the lab's list.

use crate::engine::RuleId;

/// The resource refuses a write whose sequencer is older than one that it has seen.
pub(super) const CHECK_THE_SEQUENCER: RuleId = RuleId(0);
/// A lock whose holder failed stays free for nobody for a while.
pub(super) const LOCK_DELAY: RuleId = RuleId(1);
/// A new master honours the sessions of the one before it.
pub(super) const HONOUR_OLD_SESSIONS: RuleId = RuleId(2);
/// A write is acknowledged when no cache has the old contents any more.
pub(super) const INVALIDATE_FIRST: RuleId = RuleId(3);

/// The mistakes stand behind the rules.
pub(super) const FIRST_MISTAKE: u8 = 4;
/// A replica that has heard the master votes for no other while the master's lease may last.
pub(super) const KEEP_THE_PROMISE: RuleId = RuleId(FIRST_MISTAKE);
/// A client in jeopardy believes nothing.
pub(super) const STOP_IN_JEOPARDY: RuleId = RuleId(FIRST_MISTAKE + 1);
/// A client counts its lease from when its call was sent, and not from when the answer came.
pub(super) const COUNT_FROM_THE_CALL: RuleId = RuleId(FIRST_MISTAKE + 2);
/// A client empties its cache when the master has changed.
pub(super) const FLUSH_ON_FAIL_OVER: RuleId = RuleId(FIRST_MISTAKE + 3);
/// A new master serves nothing but KeepAlives until every old session knows of it.
pub(super) const WAIT_FOR_EVERY_SESSION: RuleId = RuleId(FIRST_MISTAKE + 4);
/// A client whose request is not answered asks again.
pub(super) const ASK_AGAIN: RuleId = RuleId(FIRST_MISTAKE + 5);

/// Where the rules of the Raft inside begin. They are always on here: the lab `raft` is where they
/// can be switched off.
pub(super) const RAFT: u8 = 32;

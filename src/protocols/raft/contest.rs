//! How it is compared with others: as Multi-Paxos is.

use super::checks::leader;
use super::notes::CLIENT_DONE;
use crate::lab::contest::{Contest, replicated};

pub(super) static CONTEST: Contest = replicated(leader, &[CLIENT_DONE]);

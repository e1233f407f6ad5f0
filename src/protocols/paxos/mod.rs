//! Single-decree Paxos (Lamport 2001). The lecture is in `README.md`.

mod acceptor;
mod checks;
mod contest;
mod lab;
mod learner;
mod message;
mod notes;
mod peer;
mod proposer;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use acceptor::{Acceptor, Deed, Deeds};
pub use lab::Paxos;
pub use learner::Learner;
pub use message::{Ballot, PaxosMessage, Proposal};
pub use peer::{Config, Disk, Peer, Propose, Write};
pub use proposer::{Phase, Proposer};

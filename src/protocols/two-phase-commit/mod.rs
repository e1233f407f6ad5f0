//! Two-phase commit (Gray 1978), basic and with presumed abort (Mohan, Lindsay & Obermarck 1986). The lecture is in
//! `README.md`.

mod checks;
mod contest;
mod coordinator;
mod lab;
mod member;
mod message;
mod notes;
mod participant;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use coordinator::{Ballot, Coordinator, Told};
pub use lab::TwoPhaseCommit;
pub use member::{Config, Member};
pub use message::CommitMessage;

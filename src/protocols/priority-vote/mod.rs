//! Choosing a leader by priority, in the four forms that one article gives. The lecture is in `README.md`.

mod checks;
mod contest;
mod experiments;
mod forms;
mod lab;
mod message;
mod notes;
mod peer;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use forms::{Form, State};
pub use lab::PriorityVote;
pub use message::VoteMessage;
pub use peer::{Config, Disk, Peer, Phase};

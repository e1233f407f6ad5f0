//! A lock as a queue of ephemeral nodes, on a replicated service (Hunt et al. 2010). README.md is the
//! lecture.

mod checks;
mod client;
mod keeper;
mod lab;
mod message;
mod notes;
mod resource;
mod rules;
#[cfg(test)]
mod tests;
mod tree;
mod view;

pub use client::{Client, ClientConfig};
pub use keeper::{Keeper, KeeperConfig, Watch};
pub use lab::LockQueue;
pub use message::{Answer, Head, QueueMessage};
pub use resource::{Register, Resource};
pub use tree::{Change, Done, Lock, Place, Session, SessionId, Tree, Znode, Zxid};

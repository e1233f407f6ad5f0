//! Consistent hashing as a running store. The lecture is in `README.md`.

mod article;
mod checks;
mod client;
mod compare;
mod coordinator;
mod dial;
mod experiments;
mod hashes;
mod keeper;
mod lab;
mod layout;
mod message;
mod notes;
mod others;
mod ring;
mod rules;
mod server;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub use client::{Client, ClientConfig};
pub use hashes::HashKind;
pub use keeper::{Keeper, KeeperConfig};
pub use lab::HashRing;
pub use layout::{Layout, Member, Placement, Scheme, Walk};
pub use message::{Change, Membership, RingMessage};
pub use others::{jump, maglev};
pub use ring::{Point, Ring};
pub use server::{Server, ServerConfig};

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

pub use hashes::HashKind;
pub use lab::HashRing;
pub use others::{jump, maglev};
pub use ring::{Point, Ring};

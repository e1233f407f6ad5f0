//! A counter for many clients, over a store and as a replicated data type. The lecture is in `README.md`.

mod checks;
mod client;
mod crdt;
mod lab;
mod message;
mod notes;
mod replica;
mod store;
#[cfg(test)]
mod tests;
mod vault;
mod view;

pub use client::{Client, ClientConfig};
pub use crdt::PnCounter;
pub use lab::{Counter, Way};
pub use message::CounterMessage;
pub use replica::Replica;
pub use store::Store;

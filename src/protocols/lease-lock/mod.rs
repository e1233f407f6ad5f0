//! A lock with a time to live on one store, as Redis has it. The lecture is in `README.md`.

mod checks;
mod client;
mod lab;
mod message;
mod notes;
mod resource;
mod store;
#[cfg(test)]
mod tests;

mod view;

pub use client::{Client, ClientConfig};
pub use lab::LeaseLock;
pub use message::{Key, LockMessage, Token};
pub use resource::{Guarded, Numbers};
pub use store::{Lock, Shelf, Store, StoreConfig};

//! A lock over several independent stores: Redlock. The lecture is in `README.md`.

mod checks;
mod client;
mod instance;
mod lab;
mod message;
mod notes;
mod resource;
#[cfg(test)]
mod tests;
mod trial;
mod view;

pub use client::{Client, ClientConfig};
pub use instance::{Instance, InstanceConfig, Kept, Key};
pub use lab::Redlock;
pub use message::{RedlockMessage, Token};
pub use resource::{Guarded, Numbers};
pub use trial::{Reckoning, Trial};

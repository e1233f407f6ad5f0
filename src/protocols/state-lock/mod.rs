//! A lock with three states that is polled, and the numbers that come of it. The lecture is in `README.md`.

mod checks;
mod experiment;
mod keeper;
mod lab;
mod message;
mod notes;
mod taker;
#[cfg(test)]
mod tests;
mod view;

pub use keeper::{Keeper, Lock};
pub use lab::StateLock;
pub use message::{Ask, LockMessage};
pub use taker::{State, Taker};

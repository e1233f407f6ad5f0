//! A queue of tasks between producers and workers. The lecture is in `README.md`.

mod broker;
mod checks;
mod lab;
mod ledger;
mod message;
mod notes;
mod producer;
#[cfg(test)]
mod tests;
mod vault;
mod view;
mod worker;

pub use broker::{Broker, BrokerConfig, Dispatch};
pub use lab::TaskQueue;
pub use ledger::{Ledger, Row};
pub use message::{Hand, Packet, Quality, QueueMessage, Task, TaskId};
pub use producer::{Producer, ProducerConfig, Wish};
pub use vault::{Entry, Vault};
pub use worker::{Worker, WorkerConfig};

//! Sagas (Garcia-Molina & Salem 1987) over event logs: orders, stock and payment. The lecture is in `README.md`.

mod checks;
mod contest;
mod course;
mod customer;
mod event;
mod judge;
mod lab;
mod ledger;
mod message;
mod notes;
mod order;
mod orders;
mod panels;
mod rules;

mod service;
#[cfg(test)]
mod tests;
mod view;

pub use course::{Phase, Saga, Sagas};
pub use customer::{Customer, Wish};
pub use event::{Disk, Event, Journal, What, Write};
pub use lab::SagaLab;
pub use ledger::{Deal, Entry, Ledger, Trade};
pub use message::{Reply, SagaMessage};
pub use order::{Order, Outcome, SagaId, Step, Steps, Why};
pub use orders::Orders;
pub use service::Service;

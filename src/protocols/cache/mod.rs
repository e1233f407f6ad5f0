//! A cache in front of a store. The lecture is in `README.md`.

mod book;
mod checks;
mod client;
mod experiments;
mod lab;
mod message;
mod node;
mod notes;
mod popularity;
mod shelf;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod theory;
mod through;
mod view;
mod watcher;

pub use book::Book;
pub use client::{Client, ClientConfig, Wish};
pub use lab::CacheLab;
pub use message::{CacheMessage, Key, Row, Ticket, Version};
pub use node::{Cache, CacheConfig, Mode, Tally};
pub use popularity::Popularity;
pub use shelf::{Eviction, Shelf, Slot};
pub use store::{Store, StoreConfig};
pub use table::Table;

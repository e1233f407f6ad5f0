//! Data divided among shards: ranges that split, hash slots that move, while clients write. The
//! lecture is in `README.md`.

mod balance;
mod book;
mod checks;
mod client;
mod keeper;
mod lab;
mod message;
mod moving;
mod notes;
mod shard;
mod space;
mod table;
#[cfg(test)]
mod tests;
mod view;

pub use book::{Book, Change, Coming, Leaving, Record};
pub use client::{Client, ClientConfig, Operation};
pub use keeper::{Keeper, KeeperConfig, Plan};
pub use lab::Sharding;
pub use message::ShardingMessage;
pub use shard::{Shard, ShardConfig};
pub use space::{Key, Layout, Place, Space};
pub use table::{Epoch, Piece, Table};

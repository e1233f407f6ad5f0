//! The engines, the world, what every lab is made of, and Raft, whose speed is measured: see the package
//! `splitbrain`, which hands these out under its own name. ARCHITECTURE.md is the map.

pub mod engine;
pub mod lab;
pub mod sim;
pub mod view;

/// The labs that are compiled for speed. The others stand in the package `splitbrain-labs`, with the catalogue.
pub mod protocols {
    pub mod raft;
}

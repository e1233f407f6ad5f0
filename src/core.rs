//! The engines, the world, the labs and their view data: see the package `splitbrain`, which hands
//! these out under its own name. ARCHITECTURE.md is the map.

pub mod engine;
pub mod lab;
pub mod protocols;
pub mod sim;
pub mod view;

//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
//!
//! The layers, each of which imports only what stands to its left:
//! `engine`, `sim`, `lab`, `view`, then `ui` (the page) and `cli` (the headless runner);
//! `protocols` holds the plug-ins and the catalogue. ARCHITECTURE.md is the map.

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(target_arch = "wasm32")]
pub mod ui;

pub use splitbrain_core::{engine, lab, sim, view};
pub use splitbrain_labs::protocols;

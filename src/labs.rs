//! The labs and their catalogue: see the package `splitbrain`, which hands these out under its own
//! name. ARCHITECTURE.md is the map.

pub mod protocols;

// What a lab is made of, by the names that it has in every package.
pub use splitbrain_core::{
    engine, lab, lessons, notes, shown_as_numbers, sim, stories, text_of_file, view,
};

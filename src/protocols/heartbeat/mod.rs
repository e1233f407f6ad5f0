//! A failure detector by heartbeats and a fixed timeout. The lecture is in `README.md`.

mod checks;
pub mod engine;
pub mod lab;
pub mod notes;
#[cfg(test)]
mod tests;
mod view;

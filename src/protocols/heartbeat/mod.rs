//! A failure detector by heartbeats and a fixed timeout. The lecture is in `README.md`.

mod checks;
mod engine;
mod lab;
mod notes;
#[cfg(test)]
mod tests;
mod view;

pub use engine::{Config, Heartbeat, MONITOR, Monitor, RESTART_ON_ARRIVAL, Watch, Watched};
pub use lab::HeartbeatLab;

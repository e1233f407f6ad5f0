//! A load balancer in front of servers with queues. The lecture is in `README.md`.

mod balancer;
mod checks;
mod choose;
mod client;
mod experiments;
mod gauges;
mod lab;
mod layout;
mod message;
mod notes;
mod policy;
mod server;
#[cfg(test)]
mod tests;
mod times;
mod view;
mod watch;

pub use balancer::Balancer;
pub use client::Client;
pub use lab::LoadBalancer;
pub use message::LoadMessage;
pub use policy::Policy;
pub use server::Server;

//! One deterministic world: the clock, the event queue, the network, the disks, the faults.
//!
//! There is one loop, [`World::step`]: take the earliest event, move the clock, apply it, collect
//! the effects. Everything that can happen is one closed enum, [`Happened`]; everything that can
//! be done to a world is one closed enum, [`Action`]. The world knows no protocol and no screen.

mod act;
mod action;
mod cell;
mod dice;
mod far;
mod fault;
mod net;
mod queue;
mod record;
mod still;
mod storm;
mod table;
mod wire;
mod world;

pub use action::{Action, Miss, Request, Scope};
pub use cell::{Cell, Clock, NodeKind, NodeSpec, Status, TimerView};
pub use fault::{FaultKind, FaultSet};
pub use net::{Latency, Net, Policy, Ratio};
pub use record::{Counters, Flight, Happened, Letter, LossReason, MessageName, Record, Sent};
pub use still::{Allowance, Choice, Configuration, MailId, Move, Still};
pub use storm::StormPlan;
pub use table::Table;
pub use world::{Setting, World};

//! The contract: what a protocol engine is.
//!
//! An engine is a value. Input comes in by a call ([`Engine::handle`]), work comes out as data
//! (effects in an [`Out`]). Time, randomness and the safety rules are lent to it by the world.
//! It has no clock, no dice of its own, no thread, and knows neither browser nor screen.

mod append;
mod choices;
mod digest;
mod draws;
mod fact;
mod fingerprint;
mod ids;
mod log;
mod message;
mod node;
mod note;
mod numbered;
mod outbox;
mod renaming;
mod report;
mod rules;
pub mod sorting;

pub(crate) use append::append;
pub use choices::Choices;
pub use digest::Digest;
pub use draws::Draws;
pub use fact::{Fact, Facts};
pub use fingerprint::Fingerprint;
pub use ids::{NodeId, Span, Time, Word};
pub use log::{Log, Part};
pub use message::{AnyMessage, Message, Parcel, parcel, typed};
pub use node::{AnyNode, Engine, Input, RawInput, Runner, disk_of, engine_of, parts_of};
pub use note::{Arg, Note, NoteKey, NoteSpec};
pub use numbered::Numbered;
pub use outbox::{Dice, Effect, Out, Pools, RawOutbox, Timer, WriteId};
pub use renaming::Renaming;
pub use report::{Call, Outcome, Report, Verb};
pub use rules::{RuleId, RuleSet};

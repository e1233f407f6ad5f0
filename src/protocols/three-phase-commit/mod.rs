//! Three-phase commit (Skeen 1981), with a backup coordinator that is elected where the first one is silent. The
//! lecture is in `README.md`.

mod checks;
mod contest;
mod following;
mod lab;
mod leading;
mod member;
mod message;
mod notes;
mod recovery;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use lab::ThreePhaseCommit;
pub use leading::{Announcement, Phase, Round, Told};
pub use member::{Bounds, Config, Member, Wait};
pub use message::{PhaseMessage, State};
pub use recovery::Recovery;

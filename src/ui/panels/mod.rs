//! The panels of a lab's page: the right column, the tools and the settings. One file a panel.

mod checks;
mod choice;
mod events;
mod facts;
mod goals;
mod grid;
mod lab;
mod link;
mod messages;
mod network;
mod operations;
mod palette;
mod parts;
mod request;
mod rules;
mod settings;
mod side;
mod state;
mod storm;
mod tabs;
mod tally;
mod wall;
mod why;

pub(super) use checks::reason as check_reason;
pub(super) use choice::choice;
pub(super) use facts::{fact, value_at};
pub use palette::palette;
pub use parts::PanelProps;
pub(super) use parts::{give, tone_class as tone_name};
pub use settings::settings;
pub use side::side;
pub(super) use tabs::{Tab, TabsProps, focus, tab_row};

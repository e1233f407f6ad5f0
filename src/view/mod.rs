//! What a screen can show, as plain data in the screen's own words: scene, panels, controls.
//! No Yew, no browser; the command line could draw it, too.

mod control;
mod panel;
mod picture;
mod plugin;
mod scene;
mod why;

pub use control::{
    Control, Stops, flight_controls, link_controls, net_stops, node_controls, partition,
    request_controls, rule_controls, weather_controls,
};
pub use panel::{GridCell, GridRow, Panel, Table, TallyRow, Vote};
pub use picture::{Lasting, Picture, Spans, picture_of_branch};
pub use plugin::{Plugin, dictionary};
pub use scene::{Arc, Chip, NodeCard, Role, Scene, Shape, Tone, Wall, circle, walls};
pub use why::{Cause, Causes, causes, last_at, last_between, last_of, record_of};

//! What a screen can show, as plain data in the screen's own words: scene, panels, controls.
//! No Yew, no browser; the command line could draw it, too.

pub mod caption;
mod chart;
pub mod commit;
mod control;
mod embed;
pub mod experiment;
mod levers;
pub mod locks;
mod operations;
mod panel;
mod picture;
mod plugin;
mod reference;
mod ring;
mod scene;
mod store;
mod thumbnail;
mod wanted;
mod why;

pub use chart::{Chart, ChartLine, Charts, Level, charts};
pub use control::{
    Control, flight_controls, link_controls, node_controls, partition, request_controls,
    rule_controls,
};
pub use embed::{ALLOWED, CONTROLS, Embed, Form, PANELS, Snippet, is_embed, is_story_id};
pub use levers::{
    Goal, STORM_KINDS, STORM_RATES, Stops, clock_is_off, goals, net_presets, net_stops, node_stops,
    storm_control, until_control, weather_controls,
};
pub use operations::{Operation, operation_text, operations, opinion_text, reason_text};
pub use panel::{
    BarRow, Bars, Gauge, GaugeRow, Graph, GraphArrow, GraphPoint, GridCell, GridRow, Panel,
    PieceLook, Queue, QueueEntry, SpanRow, Strip, StripPiece, Strips, Table, TallyRow, Vote,
};
pub use picture::{Lasting, Picture, Spans, moment_picture, picture_of_branch, poster};
pub use plugin::{Plugin, dictionary};
pub use reference::reference;
pub use ring::{Dial, DialArc, DialKey, Ring, RingNode};
pub use scene::{Arc, Chip, NodeCard, Role, Scene, Shape, Tone, Wall, circle, walls};
pub use store::{Store, client_card, seat, store_panel};
pub use thumbnail::{thumbnail, thumbnail_of, tone_of};
pub use wanted::{Wanted, wanted};
pub use why::{
    Cause, Causes, causes, last_at, last_between, last_of, misdeeds, own_first, record_of,
};

//! The page: Yew components that draw view data and hand back the commands they were given.
//! It names no protocol.

pub mod front;
pub mod model;
pub mod panels;

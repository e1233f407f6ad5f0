//! The page: Yew components that draw view data and hand back the commands they were given.
//! It names no protocol.

mod address;
mod app;
mod assets;
mod canvas;
mod desk;
mod dialog;
mod embed;
pub mod experiment;
pub mod exports;
pub mod front;
mod guard;
mod header;
mod help;
mod keys;
mod lesson;
mod link;
pub mod model;
mod number;
mod page;
pub mod panels;
mod player;
mod rest;
mod runs;
mod seek;
mod settings;
mod stage;
mod stories;
mod study;
mod subject;
mod timeline;

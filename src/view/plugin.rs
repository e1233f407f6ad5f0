//! What a lab adds to be seen.

use super::panel::Panel;
use super::scene::{Scene, Tone};
use crate::engine::AnyMessage;
use crate::lab::{Dictionary, Lab, Lang, Names};
use crate::sim::World;

/// A lab with its picture.
pub trait Plugin: Lab {
    /// The stage.
    fn scene(&self, world: &World) -> Scene;

    /// The panels, the most important one first.
    fn panels(&self, world: &World, names: &Names) -> Vec<Panel>;

    /// A few characters beside a message under way: `append x=9, t2`. Names and numbers and the
    /// words of the protocol only, so that it is the same in both languages.
    fn message_label(&self, message: &dyn AnyMessage, names: &Names) -> String;

    /// The colour of a kind of message.
    fn message_tone(&self, kind: u8) -> Tone;
}

/// The words of a lab and those that all labs share.
#[must_use]
pub fn dictionary(lab: &dyn Lab, lang: Lang) -> Dictionary {
    Dictionary::read(&[Dictionary::common(lang), lab.locale(lang)])
}

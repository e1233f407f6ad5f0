//! The picture.
use super::lab::Sharding;
use crate::engine::AnyMessage;
use crate::lab::Names;
use crate::sim::World;
use crate::view::{Panel, Plugin, Scene, Tone};

impl Plugin for Sharding {
    fn scene(&self, _: &World) -> Scene {
        Scene::default()
    }
    fn panels(&self, _: &World, _: &Names) -> Vec<Panel> {
        Vec::new()
    }
    fn message_label(&self, _: &dyn AnyMessage, _: &Names) -> String {
        String::new()
    }
    fn message_tone(&self, _: u8) -> Tone {
        Tone::Neutral
    }
}

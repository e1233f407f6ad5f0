//! The stage's two sheets. On the lower one stands what changes with a step, on the upper one
//! what moves with every frame; so a frame draws little.

use super::cells::{filled, is_cell, is_plain};
use super::flights::{Loss, Moving, losses, moving};
use super::geometry::{Geometry, Point, distance_to_line, length};
use crate::engine::{NodeId, RuleSet};
use crate::lab::Dictionary;
use crate::ui::canvas::{Palette, Sheet};
use crate::ui::model::Selection;
use crate::ui::page;
use crate::ui::player::Player;
use crate::view::{Scene, Wall, walls};
use std::rc::Rc;
use web_sys::HtmlCanvasElement;

/// Draws the stage.
pub(in crate::ui) struct Painter {
    pub(super) base: Sheet,
    pub(super) top: Sheet,
    pub(super) palette: Palette,
    pub(super) words: Rc<Dictionary>,
    pub(super) scene: Scene,
    pub(super) walls: Vec<Wall>,
    /// The directed links over which nothing passes.
    pub(super) cuts: Vec<(NodeId, NodeId)>,
    pub(super) geometry: Geometry,
    rules: RuleSet,
    pub(super) moving: Vec<Moving>,
    pub(super) losses: Vec<Loss>,
    pub(super) selection: Selection,
    /// The wall that is being drawn.
    pub(super) sketch: Vec<Point>,
    pub(super) still: bool,
    generation: u64,
    stale: bool,
}

impl Painter {
    /// On these canvases; `None` where the browser cannot draw.
    pub(in crate::ui) fn new(base: HtmlCanvasElement, top: HtmlCanvasElement) -> Option<Self> {
        Some(Painter {
            base: Sheet::new(base)?,
            top: Sheet::new(top)?,
            palette: Palette::read(),
            words: Rc::default(),
            scene: Scene::default(),
            walls: Vec::new(),
            cuts: Vec::new(),
            geometry: Geometry::default(),
            rules: RuleSet::default(),
            moving: Vec::new(),
            losses: Vec::new(),
            selection: Selection::Nothing,
            sketch: Vec::new(),
            still: page::reduced_motion(),
            generation: 0,
            stale: true,
        })
    }

    /// Colours or words changed.
    pub(in crate::ui) fn restyle(&mut self, words: Rc<Dictionary>) {
        self.palette = Palette::read();
        self.words = words;
        self.still = page::reduced_motion();
        self.stale = true;
    }

    /// Draws one frame.
    pub(in crate::ui) fn draw(&mut self, player: &Player) {
        // Only a frame that follows a change of the layout asks the layout.
        if self.stale {
            self.base.fit();
            self.top.fit();
        }
        let stepped = self.generation != player.generation();
        let change = if stepped || self.stale {
            self.rebuild(player)
        } else {
            Change::None
        };
        let all = self.stale || self.selection != player.selection();
        match change {
            Change::Cells(cells) if !all => self.refill(&cells),
            Change::None if !all => {}
            Change::None | Change::Cells(_) | Change::All => {
                self.selection = player.selection();
                self.draw_base();
            }
        }
        self.generation = player.generation();
        self.stale = false;
        self.draw_top(player);
    }

    /// The layout changed.
    pub(in crate::ui) fn resized(&mut self) {
        self.stale = true;
    }

    /// Makes anew what is made of the world. Says what of it the lower sheet shows otherwise than
    /// before: most steps only move messages and set timers.
    fn rebuild(&mut self, player: &Player) -> Change {
        let world = player.history().run().world();
        let scene = player.plugin().scene(world);
        let size = (self.base.width, self.base.height);
        let moved = scene.nodes.len() != self.scene.nodes.len()
            || size != self.geometry.size
            || world.rules() != self.rules
            || scene
                .nodes
                .iter()
                .zip(&self.scene.nodes)
                .any(|(a, b)| a.at != b.at);
        if moved {
            self.geometry = Geometry::of(size, &scene, world);
            self.rules = world.rules();
        }
        let cut = self.cuts != world.net().cuts();
        if cut || moved {
            self.walls = walls(world, &scene);
            world.net().cuts().clone_into(&mut self.cuts);
        }
        let wordy = self.geometry.radius >= Geometry::WORDY;
        let changed = if moved || cut {
            Change::All
        } else {
            change(&self.scene, &scene, wordy)
        };
        self.scene = scene;
        let old = std::mem::take(&mut self.moving);
        self.moving = moving(player, &self.scene, &self.geometry, old);
        self.losses = losses(player, &self.scene, &self.geometry);
        changed
    }

    /// The pixel of a node.
    pub(super) fn node_place(&self, node: NodeId) -> Point {
        self.geometry.place(self.scene.place(node))
    }

    /// What is at a point: a message or a link. Nodes have buttons of their own.
    pub(in crate::ui) fn hit(&self, point: Point, reach: f64, clock_us: f64) -> Selection {
        let away = |flight: &Moving| {
            let (x, y) = flight.at(clock_us);
            length(x - point.0, y - point.1)
        };
        let nearest = self
            .moving
            .iter()
            .map(|flight| (away(flight), flight.name))
            .filter(|(distance, _)| *distance <= reach)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, name)) = nearest {
            return Selection::Flight(name);
        }
        let line = |(a, b): &(NodeId, NodeId)| {
            let distance = distance_to_line(point, self.node_place(*a), self.node_place(*b));
            (distance, *a, *b)
        };
        let links = self.scene.links.iter().map(line);
        let nearest = links
            .filter(|(distance, ..)| *distance <= reach * 0.6)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map_or(Selection::Nothing, |(_, a, b)| Selection::Link(a, b))
    }

    /// The wall under the pen, drawn with the next frame.
    pub(in crate::ui) fn sketch(&mut self, line: &[Point]) {
        self.sketch.clear();
        self.sketch.extend_from_slice(line);
    }
}

/// What the lower sheet shows otherwise than before.
enum Change {
    None,
    /// How full some cells are, by their places; nothing else.
    Cells(Vec<usize>),
    All,
}

/// What the lower sheet shows otherwise of two scenes; captions and the like are only drawn on nodes
/// that are large enough.
fn change(a: &Scene, b: &Scene, wordy: bool) -> Change {
    if a.links != b.links {
        return Change::All;
    }
    let mut cells = Vec::new();
    for (at, (a, b)) in a.nodes.iter().zip(&b.nodes).enumerate() {
        if is_cell(a) && is_plain(a) && is_plain(b) && a.name == b.name {
            if filled(a) != filled(b) {
                cells.push(at);
            }
            continue;
        }
        let look = a.status == b.status && a.role == b.role && a.name == b.name;
        let words = a.caption == b.caption && a.writes_pending == b.writes_pending;
        let full = !is_cell(a) || filled(a) == filled(b);
        if !look || !full || (wordy && !(words && a.chips == b.chips)) {
            return Change::All;
        }
    }
    if cells.is_empty() {
        Change::None
    } else {
        Change::Cells(cells)
    }
}

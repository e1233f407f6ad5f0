//! The stage: nodes on their links, and what moves between them. Drawn on canvases; the nodes
//! are real buttons over them, so that keyboard and screen reader have them too.

mod actions;
mod base;
mod cells;
mod chips;
mod clocks;
mod flights;
mod geometry;
mod hint;
mod painter;
mod top;
mod words;

use super::desk::DeskRef;
use super::model::{Intent, Selection, Shot, ShotRef};
use super::number::fixed;
use super::page;
use super::panels::{PanelProps, palette};
use crate::engine::NodeId;
use crate::lab::Phrase;
use crate::sim::NodeKind;
use crate::view::{NodeCard, Scene, partition};
use actions::actions;
use geometry::{Geometry, Point, length, sides};
use hint::Hint;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, MouseEvent, PointerEvent, ResizeObserver};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, classes, component, html};

pub(super) use actions::controls;
pub(super) use base::state_word;
pub(super) use geometry::distance_to_line;
pub(super) use painter::Painter;

/// What a press on the stage does.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Tool {
    /// Selects.
    #[default]
    Select,
    /// Draws a wall.
    Wall,
}

/// What the stage is given.
#[derive(Properties, PartialEq)]
pub(super) struct StageProps {
    pub(super) shot: ShotRef,
    pub(super) desk: DeskRef,
    pub(super) tool: Tool,
    pub(super) on: Callback<Intent>,
    pub(super) on_tool: Callback<Tool>,
}

/// What happens to the stage.
pub(super) enum Message {
    /// The layout gave it this size.
    Sized(Point),
    Pressed(PointerEvent),
    Moved(PointerEvent),
    Released(PointerEvent),
    Clicked(MouseEvent),
}

/// See the module.
pub(super) struct Stage {
    field: NodeRef,
    base: NodeRef,
    top: NodeRef,
    size: Point,
    /// The wall under the pen.
    sketch: Vec<Point>,
    /// Which control of what is selected had the focus before the stage was shown anew.
    held: Cell<Option<u32>>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Stage {
    type Message = Message;
    type Properties = StageProps;

    fn create(_: &Context<Self>) -> Self {
        Stage {
            field: NodeRef::default(),
            base: NodeRef::default(),
            top: NodeRef::default(),
            size: (0.0, 0.0),
            sketch: Vec::new(),
            held: Cell::new(None),
            observer: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let desk = &ctx.props().desk.0;
        match message {
            Message::Sized(size) => {
                desk.with_stage(|stage, _| stage.resized());
                desk.redraw();
                let new = self.size != size;
                self.size = size;
                new
            }
            Message::Pressed(event) => self.press(ctx, &event),
            Message::Moved(event) => self.drag(ctx, &event),
            Message::Released(event) => self.release(ctx, &event),
            Message::Clicked(event) => self.click(ctx, &event),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.held.set(actions::held());
        let props = ctx.props();
        let (shot, link) = (&props.shot, ctx.link());
        let world = shot.run.world();
        let scene = shot.plugin.scene(world);
        let geometry = Geometry::of(self.size, &scene, world);
        let walling = props.tool == Tool::Wall;
        let count = scene.nodes.len();
        let crowd = count >= CROWD;
        let low = self.size.1 > 0.0 && self.size.1 < Geometry::LOW;
        let tools = PanelProps {
            shot: shot.clone(),
            on: props.on.clone(),
        };
        let label = Phrase::new("stage.label").with("nodes", count);
        let stamp = stamp(shot, count);
        html! {
            <section class={classes!("card", "stage", walling.then_some("walling"))}
                aria-label={shot.words.say(&label)}>
                { palette(&tools) }
                <div class={classes!("field", low.then_some("low"), crowd.then_some("crowd"))} key="field" ref={&self.field}
                    onpointerdown={link.callback(Message::Pressed)}
                    onpointermove={link.callback(Message::Moved)}
                    onpointerup={link.callback(Message::Released)}
                    onpointercancel={link.callback(Message::Released)}>
                    <canvas ref={&self.base} aria-hidden="true" />
                    <canvas ref={&self.top} aria-hidden="true"
                        onclick={link.callback(Message::Clicked)} />
                    <div class="nodes" role="group" aria-label={shot.words.text("stage.nodes")}>
                        <Buttons {scene} {geometry} {stamp} shot={shot.clone()} on={props.on.clone()} />
                    </div>
                    { weather(shot) }
                    { rules_off(shot) }
                    { actions(shot, &props.on) }
                    <Hint key="hint" shot={shot.clone()} {walling} />
                </div>
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            let canvas = |node: &NodeRef| node.cast::<HtmlCanvasElement>();
            if let (Some(base), Some(top)) = (canvas(&self.base), canvas(&self.top)) {
                ctx.props().desk.0.set_stage(Painter::new(base, top));
            }
            self.watch(ctx);
        }
        if let Some(at) = self.held.take() {
            actions::hold(at);
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
        ctx.props().desk.0.set_stage(None);
    }
}

impl Stage {
    /// Follows the size that the layout gives.
    fn watch(&mut self, ctx: &Context<Self>) {
        let (link, field) = (ctx.link().clone(), self.field.clone());
        let told = Closure::<dyn FnMut()>::new(move || {
            if let Some(field) = field.cast::<HtmlElement>() {
                let size = (
                    f64::from(field.client_width()),
                    f64::from(field.client_height()),
                );
                link.send_message(Message::Sized(size));
            }
        });
        if let Some(field) = self.field.cast::<HtmlElement>()
            && let Ok(observer) = ResizeObserver::new(told.as_ref().unchecked_ref())
        {
            observer.observe(&field);
            self.observer = Some((observer, told));
        }
    }

    /// Where on the field the pointer is.
    fn point(&self, event: &MouseEvent) -> Point {
        let Some(field) = self.field.cast::<HtmlElement>() else {
            return (0.0, 0.0);
        };
        let edge = field.get_bounding_client_rect();
        (
            f64::from(event.client_x()) - edge.left(),
            f64::from(event.client_y()) - edge.top(),
        )
    }

    fn press(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        if ctx.props().tool == Tool::Wall {
            self.sketch = vec![self.point(event)];
            if let Some(field) = self.field.cast::<HtmlElement>() {
                // Without the capture the line ends where the pointer leaves; no harm.
                let _ = field.set_pointer_capture(event.pointer_id());
            }
        }
        false
    }

    fn drag(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        if self.sketch.is_empty() {
            return false;
        }
        let point = self.point(event);
        let far = self
            .sketch
            .last()
            .is_some_and(|last| length(last.0 - point.0, last.1 - point.1) > 4.0);
        if far && self.sketch.len() < 2000 {
            self.sketch.push(point);
            let desk = &ctx.props().desk.0;
            desk.with_stage(|stage, _| stage.sketch(&self.sketch));
            desk.redraw();
        }
        false
    }

    /// The pen is lifted: the servers on either side are parted.
    fn release(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        if self.sketch.is_empty() {
            return false;
        }
        let line = std::mem::take(&mut self.sketch);
        let props = ctx.props();
        props.desk.0.with_stage(|stage, _| stage.sketch(&[]));
        props.desk.0.redraw();
        if event.type_() == "pointercancel" {
            return false;
        }
        if let Some(groups) = self.parted(ctx, &line) {
            props.on.emit(Intent::Give(partition(groups).commands));
        }
        props.on_tool.emit(Tool::Select);
        false
    }

    fn parted(&self, ctx: &Context<Self>, line: &[Point]) -> Option<Vec<Vec<NodeId>>> {
        let shot = &ctx.props().shot;
        let world = shot.run.world();
        let scene = shot.plugin.scene(world);
        let geometry = Geometry::of(self.size, &scene, world);
        let servers = scene
            .nodes
            .iter()
            .filter(|card| card.kind == NodeKind::Server);
        let servers: Vec<&NodeCard> = servers.collect();
        let places: Vec<Point> = servers.iter().map(|card| geometry.place(card.at)).collect();
        let sides = sides(line, &places)?;
        let side = |wanted: bool| -> Vec<NodeId> {
            let of = servers
                .iter()
                .zip(&sides)
                .filter(|(_, side)| **side == wanted);
            of.map(|(card, _)| card.id).collect()
        };
        let groups = vec![side(true), side(false)];
        groups
            .iter()
            .all(|group| !group.is_empty())
            .then_some(groups)
    }

    fn click(&mut self, ctx: &Context<Self>, event: &MouseEvent) -> bool {
        let props = ctx.props();
        if props.tool == Tool::Wall {
            return false;
        }
        let coarse = page::matches("(pointer: coarse)");
        let (point, reach) = (self.point(event), if coarse { 26.0 } else { 15.0 });
        let found = props
            .desk
            .0
            .with_stage(|stage, player| stage.hit(point, reach, player.clock_us()));
        props.on.emit(Intent::Select(found.unwrap_or_default()));
        false
    }
}

/// The weather in a word, where there is any.
fn weather(shot: &ShotRef) -> Html {
    let storm = shot.run.world().storm();
    let text = storm.map(|plan| {
        let phrase = Phrase::new("stage.storm").with("every", plan.every);
        shot.words.say(&phrase)
    });
    html! { <p key="weather" class="weather" hidden={text.is_none()}>{ text }</p> }
}

/// The safety rules that are off, so that nobody takes this for the protocol as it should be.
pub(super) fn rules_off(shot: &ShotRef) -> Html {
    let words = &shot.words;
    let off = shot.names.lab.rules_off(shot.run.world().rules());
    let names: Vec<_> = off
        .iter()
        .map(|rule| words.text(&format!("rule.{rule}")))
        .collect();
    let text = match &names[..] {
        [one] => Phrase::new("stage.rule-off").with("rule", one),
        all => Phrase::new("stage.rules-off").with("n", all.len()),
    };
    html! {
        <p key="rules-off" class="rulesoff" hidden={names.is_empty()} title={names.join("\n")}>{ words.say(&text) }</p>
    }
}

/// From so many nodes on their buttons say what they do only now and then while the run plays.
const CROWD: usize = 200;
/// So many shots, which is about a second.
const RESTS: u64 = 8;

/// What the buttons are given.
#[derive(Properties)]
struct ButtonsProps {
    scene: Scene,
    geometry: Geometry,
    stamp: u64,
    shot: ShotRef,
    on: Callback<Intent>,
}

/// They are made anew where one of them lies elsewhere or is another one that is selected, and with the stamp.
impl PartialEq for ButtonsProps {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.shot, &other.shot);
        self.stamp == other.stamp
            && self.geometry == other.geometry
            && mine.selection == theirs.selection
            && Rc::ptr_eq(&mine.words, &theirs.words)
            && self.scene.nodes.len() == other.scene.nodes.len()
    }
}

/// Whether the buttons say something else now than when they had another number.
fn stamp(shot: &Shot, count: usize) -> u64 {
    if count >= CROWD && shot.playing {
        shot.revision / RESTS
    } else {
        u64::MAX - shot.revision
    }
}

/// The nodes as buttons over their pictures.
#[component]
fn Buttons(props: &ButtonsProps) -> Html {
    let all = props.scene.nodes.iter();
    let all = all.map(|card| node_button(props, card, &props.geometry));
    html! { <>{ for all }</> }
}

/// A node as a button over its picture.
fn node_button(props: &ButtonsProps, card: &NodeCard, geometry: &Geometry) -> Html {
    let (shot, node) = (&props.shot, card.id);
    let (x, y) = geometry.place(card.at);
    let radius = geometry.radius.max(9.0);
    let selected = shot.selection == Selection::Node(node);
    let wanted = if selected {
        Selection::Nothing
    } else {
        Selection::Node(node)
    };
    let onclick = props.on.reform(move |_| Intent::Select(wanted));
    let pressed = if selected { "true" } else { "false" };
    let side = fixed(radius * 2.0, 1);
    html! {
        <button key={node.0} type="button" class="node" aria-pressed={pressed} {onclick}
            aria-label={node_label(props, card)}
            style={format!("left:{}px;top:{}px;width:{side}px;height:{side}px", fixed(x - radius, 1), fixed(y - radius, 1))} />
    }
}

/// What a screen reader says of a node: name, role, caption, writes under way.
fn node_label(props: &ButtonsProps, card: &NodeCard) -> String {
    let words = &props.shot.words;
    let mut label = format!("{}, {}", card.name, base::state_word(words, card));
    if !card.caption.is_empty() {
        label.push_str(", ");
        label.push_str(&card.caption);
    }
    if card.writes_pending > 0 {
        let writes = Phrase::new("stage.writes").with("count", card.writes_pending);
        label.push_str(", ");
        label.push_str(&words.say(&writes));
    }
    label
}

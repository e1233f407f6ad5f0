//! The canvas of the space-time diagram with what a hand does to it: drag, wheel, two fingers,
//! keys; and the small box with what can be done to what was clicked.

use super::TimelineProps;
use super::diagram::{Diagram, Found};
use crate::lab::Phrase;
use crate::lab::linear::Asked;
use crate::ui::model::{Intent, Selection, Shot};
use crate::ui::number::fixed;
use crate::ui::panels::give;
use crate::ui::player::Player;
use crate::view::{Control, flight_controls, operation_text};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    HtmlCanvasElement, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver, WheelEvent,
};
use yew::{Component, Context, Html, NodeRef, classes, html};

/// A press that moves less far than this, in pixels, is a click.
const STILL: f64 = 4.0;
/// One turn of the wheel shows so much more time, or less.
const TURN: f64 = 1.25;

/// A pointer on the canvas.
#[derive(Copy, Clone)]
struct Finger {
    id: i32,
    at: (f64, f64),
}

/// See the module.
pub(in crate::ui) struct Sheet {
    canvas: NodeRef,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    wheel: Option<EventListener>,
    fingers: Vec<Finger>,
    /// Whether the press under way has become a drag.
    dragged: bool,
    columns: bool,
    /// Whether the order of the operations is not shown.
    plain: bool,
    /// Where something was clicked, and what: the box stands there while that is selected.
    clicked: Option<((f64, f64), Selection)>,
}

/// What happens to it.
pub(in crate::ui) enum Message {
    Pressed(PointerEvent),
    Moved(PointerEvent),
    Released(PointerEvent),
    Clicked(MouseEvent),
    DoubleClicked(MouseEvent),
    Wheeled(WheelEvent),
    Key(KeyboardEvent),
    /// Shows more time, or less.
    Zoomed(f64),
    Fit,
    Follow,
    Turn,
    /// Shows the order of the operations, or does so no more.
    Number,
    Close,
}

impl Component for Sheet {
    type Message = Message;
    type Properties = TimelineProps;

    fn create(_: &Context<Self>) -> Self {
        Sheet {
            canvas: NodeRef::default(),
            observer: None,
            wheel: None,
            fingers: Vec::new(),
            dragged: false,
            columns: false,
            plain: false,
            clicked: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Pressed(event) => self.press(&event),
            Message::Moved(event) => return self.drag(ctx, &event),
            Message::Released(event) => self.fingers.retain(|f| f.id != event.pointer_id()),
            Message::Clicked(event) => return self.click(ctx, &event),
            Message::DoubleClicked(event) => go_there(ctx, place(&event)),
            Message::Wheeled(event) => wheel(ctx, &event),
            Message::Key(event) => return self.key(ctx, &event),
            Message::Zoomed(factor) => {
                change(ctx, |diagram, player| diagram.zoom(factor, None, player));
            }
            Message::Fit => change(ctx, Diagram::fit),
            Message::Follow => change(ctx, |diagram, _| diagram.follow()),
            Message::Turn => {
                self.columns = !self.columns;
                let columns = self.columns;
                change(ctx, |diagram, _| diagram.turn(columns));
            }
            Message::Number => {
                self.plain = !self.plain;
                let ordered = !self.plain;
                change(ctx, |diagram, _| diagram.number(ordered));
            }
            Message::Close => {
                self.clicked = None;
                ctx.props().on.emit(Intent::Select(Selection::Nothing));
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let words = &ctx.props().shot.words;
        let link = ctx.link();
        let button = |key: &'static str, sign: &str, callback| {
            let label = words.text(key);
            html! {
                <button {key} type="button" class="tbtn" title={label.clone()} aria-label={label}
                    onclick={callback}>{ sign }</button>
            }
        };
        let follows = ctx
            .props()
            .desk
            .0
            .with_diagram(|diagram, _| diagram.follows());
        let follow = (follows == Some(false)).then(|| {
            let onclick = link.callback(|_: MouseEvent| Message::Follow);
            button("time.follow", "\u{21e5}", onclick)
        });
        let number = has_operations(&ctx.props().shot).then(|| {
            let label = words.text("time.order");
            let onclick = link.callback(|_: MouseEvent| Message::Number);
            html! {
                <button key="order" type="button" class="tbtn" title={label.clone()} aria-label={label}
                    aria-pressed={if self.plain { "false" } else { "true" }} {onclick}>{ "\u{2460}" }</button>
            }
        });
        let zoom = |factor| link.callback(move |_: MouseEvent| Message::Zoomed(factor));
        html! {
            <div class={classes!("sheet", self.columns.then_some("columns"))}>
                <canvas ref={&self.canvas} tabindex="0" role="application"
                    aria-label={words.text("time.diagram")} aria-describedby="diagram-keys"
                    onpointerdown={link.callback(Message::Pressed)}
                    onpointermove={link.callback(Message::Moved)}
                    onpointerup={link.callback(Message::Released)}
                    onpointercancel={link.callback(Message::Released)}
                    onclick={link.callback(Message::Clicked)}
                    ondblclick={link.callback(Message::DoubleClicked)}
                    onkeydown={link.callback(Message::Key)} />
                <span id="diagram-keys" class="hidden">{ words.text("time.diagram-keys") }</span>
                <div key="box">{ self.bubble(ctx) }</div>
                <div key="zoom" class="zoom">
                    { legend(&ctx.props().shot) }
                    <span key="number">{ for number }</span>
                    { for follow }
                    { button("time.turn", "\u{21c4}", link.callback(|_: MouseEvent| Message::Turn)) }
                    { button("time.fit", "\u{21a4}\u{21a6}", link.callback(|_: MouseEvent| Message::Fit)) }
                    { button("time.wider", "\u{2212}", zoom(2.0)) }
                    { button("time.closer", "+", zoom(0.5)) }
                </div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        self.prepare(ctx, first);
        let words = &ctx.props().shot.words;
        ctx.props()
            .desk
            .0
            .with_diagram(|diagram, _| diagram.speak(words));
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
        ctx.props().desk.0.set_diagram(None);
    }
}

impl Sheet {
    /// Gives the canvas to the desk, and listens to what happens to it.
    fn prepare(&mut self, ctx: &Context<Self>, first: bool) {
        let canvas = self.canvas.cast::<HtmlCanvasElement>();
        if let Some(canvas) = canvas.filter(|_| first) {
            let desk = &ctx.props().desk.0;
            desk.set_diagram(Diagram::new(canvas.clone()));
            let told = {
                let desk = ctx.props().desk.clone();
                Closure::<dyn FnMut()>::new(move || {
                    desk.0.with_diagram(|diagram, _| diagram.resized());
                    desk.0.redraw();
                })
            };
            if let Ok(observer) = ResizeObserver::new(told.as_ref().unchecked_ref()) {
                observer.observe(&canvas);
                self.observer = Some((observer, told));
            }
            // A listener of the framework could not keep the page from scrolling.
            let options = EventListenerOptions::enable_prevent_default();
            let link = ctx.link().clone();
            let wheel = EventListener::new_with_options(&canvas, "wheel", options, move |event| {
                if let Some(event) = event.dyn_ref::<WheelEvent>() {
                    link.send_message(Message::Wheeled(event.clone()));
                }
            });
            self.wheel = Some(wheel);
        }
    }

    fn press(&mut self, event: &PointerEvent) {
        if self.fingers.is_empty() {
            self.dragged = false;
        }
        self.fingers.push(Finger {
            id: event.pointer_id(),
            at: place(event),
        });
    }

    /// One finger pans, two show more time or less.
    fn drag(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let to = place(event);
        let id = event.pointer_id();
        let other = self.fingers.iter().find(|finger| finger.id != id).copied();
        let Some(finger) = self.fingers.iter_mut().find(|finger| finger.id == id) else {
            return false;
        };
        let from = finger.at;
        let along = |at: (f64, f64)| if self.columns { at.1 } else { at.0 };
        let moved = along(to) - along(from);
        if !self.dragged && (to.0 - from.0).hypot(to.1 - from.1) < STILL && other.is_none() {
            return false;
        }
        if !self.dragged {
            self.dragged = true;
            if let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() {
                // Without the capture the drag ends where the pointer leaves; no harm.
                let _ = canvas.set_pointer_capture(id);
            }
        }
        finger.at = to;
        match other {
            None => change(ctx, |diagram, player| diagram.pan(moved, player)),
            Some(other) => {
                let apart = |at: (f64, f64)| (along(at) - along(other.at)).abs().max(8.0);
                let factor = apart(from) / apart(to);
                let middle = ((to.0 + other.at.0) / 2.0, (to.1 + other.at.1) / 2.0);
                change(ctx, |diagram, player| {
                    diagram.zoom(factor, Some(middle), player);
                });
            }
        }
        true
    }

    fn click(&mut self, ctx: &Context<Self>, event: &MouseEvent) -> bool {
        if self.dragged {
            return false;
        }
        let at = place(event);
        let desk = &ctx.props().desk.0;
        let found = desk.with_diagram(|diagram, player| diagram.pick(at, player));
        let selection = match found {
            Some(Found::Thing(selection)) => selection,
            Some(Found::Moment(_)) | None => Selection::Nothing,
        };
        self.clicked = Some((at, selection));
        ctx.props().on.emit(Intent::Select(selection));
        true
    }

    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        let page = |back: f64| {
            change(ctx, |diagram, player| {
                let pixels = diagram.page() * 0.5 * back;
                diagram.pan(pixels, player);
            });
        };
        match event.key().as_str() {
            "+" | "=" => change(ctx, |d, player| d.zoom(1.0 / TURN, None, player)),
            "-" => change(ctx, |d, player| d.zoom(TURN, None, player)),
            "0" => change(ctx, Diagram::fit),
            "PageUp" => page(1.0),
            "PageDown" => page(-1.0),
            "[" => self.walk_operations(ctx, false),
            "]" => self.walk_operations(ctx, true),
            "," => self.walk(ctx, false),
            "." => self.walk(ctx, true),
            "Enter" => {
                if let Selection::Event(step) = ctx.props().shot.selection {
                    ctx.props().on.emit(Intent::SeekStep(step));
                }
            }
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    /// From event to event.
    fn walk(&mut self, ctx: &Context<Self>, forward: bool) {
        let desk = &ctx.props().desk.0;
        let next = desk.with_diagram(|diagram, player| {
            let next = diagram.next_event(forward, player);
            if let Selection::Event(step) = next {
                diagram.reveal(step, player);
            }
            next
        });
        self.go_to(ctx, next);
    }

    /// From operation to operation.
    fn walk_operations(&mut self, ctx: &Context<Self>, forward: bool) {
        let desk = &ctx.props().desk.0;
        let next = desk.with_diagram(|diagram, player| {
            let next = diagram.next_bar(forward, player);
            if let Some(Selection::Event(step)) = next {
                diagram.reveal(step, player);
            }
            next
        });
        self.go_to(ctx, next.flatten());
    }

    fn go_to(&mut self, ctx: &Context<Self>, next: Option<Selection>) {
        if let Some(next) = next {
            // At the foot, where it hides least.
            self.clicked = Some(((66.0, 10_000.0), next));
            ctx.props().on.emit(Intent::Select(next));
        }
    }

    /// What can be done to what was clicked here.
    fn bubble(&self, ctx: &Context<Self>) -> Html {
        let (shot, on) = (&ctx.props().shot, &ctx.props().on);
        let there = self.clicked.filter(|(_, what)| *what == shot.selection);
        let buttons = match there {
            Some((_, Selection::Flight(name))) => {
                let world = shot.run.world();
                let flight = world.flights().find(|flight| flight.letter.name == name);
                let controls = flight.map(flight_controls).unwrap_or_default();
                let button = |(i, control): (usize, Control)| {
                    let label = shot.words.say(&control.label);
                    html! { <button key={i} type="button" class="act" onclick={give(on, &control)}>{ label }</button> }
                };
                let title = shot.names.message(name);
                let buttons: Vec<Html> = controls.into_iter().enumerate().map(button).collect();
                (!buttons.is_empty()).then(|| html! { <><b>{ title }</b>{ for buttons }</> })
            }
            Some((_, Selection::Event(step))) => Some(event_box(ctx, shot, step)),
            Some((_, Selection::Nothing | Selection::Node(_) | Selection::Link(..))) | None => None,
        };
        let (Some(((x, y), _)), Some(buttons)) = (there, buttons) else {
            return html! { <span hidden=true /> };
        };
        let style = format!(
            "left:min({}px, 100% - 330px);top:min({}px, 100% - 52px)",
            fixed(x.max(4.0), 0),
            fixed(y + 10.0, 0)
        );
        let close = ctx.link().callback(|_: MouseEvent| Message::Close);
        html! {
            <div class="bubble" role="group" aria-label={shot.words.text("time.bubble")} {style}>
                { buttons }
                <button type="button" class="act" aria-label={shot.words.text("app.dismiss")}
                    onclick={close}>{ "\u{2715}" }</button>
            </div>
        }
    }
}

/// A step of the past: what it was, and a way there.
fn event_box(ctx: &Context<Sheet>, shot: &Shot, step: u64) -> Html {
    let record = shot.leading.last().filter(|record| record.step == step);
    let what =
        record.map(|record| crate::lab::happened_text(&record.what, &shot.names, &shot.words));
    let onclick = ctx
        .props()
        .on
        .reform(move |_: MouseEvent| Intent::SeekStep(step));
    let operations = operations_at(shot, step).into_iter();
    let operations =
        operations.map(|(key, text)| html! { <b {key} class="operation">{ text }</b> });
    html! {
        <>
            <span key="operations">{ for operations }</span>
            <span key="what" class="what">{ what }</span>
            <button type="button" class="act" {onclick}>{ shot.words.text("time.go") }</button>
        </>
    }
}

/// Whether clients asked for anything by now.
fn has_operations(shot: &Shot) -> bool {
    let told = shot.told.as_ref();
    told.is_some_and(|told| !told.account.borrow().until(shot.position.step).is_empty())
}

/// The operations that began or ended in a step, with their places in the order.
fn operations_at(shot: &Shot, step: u64) -> Vec<(usize, String)> {
    let Some(told) = &shot.told else {
        return Vec::new();
    };
    let (account, here) = (told.account.borrow(), shot.position.step);
    let all = account.until(here).iter().enumerate();
    let at = all.filter(|(_, asked)| {
        asked.step == step || asked.ended(here).is_some_and(|(end, ..)| end == step)
    });
    let text = |(at, asked): (usize, &Asked)| {
        let phrase = Phrase::new("order.whose")
            .with("operation", operation_text(asked, here, &shot.words))
            .with("client", shot.names.node(asked.client));
        let text = shot.words.say(&phrase);
        let place = told.judged.order.get(at).copied().flatten();
        let place = place.map(|(n, _)| format!(" #{n}")).unwrap_or_default();
        (at, format!("{text}{place}"))
    };
    at.map(text).collect()
}

/// What the signs mean.
fn legend(shot: &Shot) -> Html {
    let words = &shot.words;
    let signs = [
        ("\u{25a0}", "legend.arrival"),
        ("\u{25c6}", "legend.timer"),
        ("\u{25a1}", "legend.write"),
        ("\u{2715}", "legend.cross"),
        ("\u{2591}", "legend.shade"),
        ("\u{2590}", "legend.density"),
        ("\u{25ad}", "legend.operation"),
        ("|", "legend.order"),
        ("\u{25a3}", "legend.marked"),
    ];
    let row = |(sign, key): (&'static str, &'static str)| {
        html! { <li {key}><span aria-hidden="true">{ sign }</span>{ words.text(key) }</li> }
    };
    let hint = words.say(&Phrase::new("legend.hint"));
    html! {
        <details key="legend" class="signs">
            <summary aria-label={words.text("legend.title")} title={words.text("legend.title")}>{ "i" }</summary>
            <ul>{ for signs.into_iter().map(row) }</ul>
            <p>{ hint }</p>
        </details>
    }
}

/// Where on the canvas.
fn place(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Changes the view.
fn change(ctx: &Context<Sheet>, change: impl FnOnce(&mut Diagram, &Player)) {
    let desk = &ctx.props().desk.0;
    desk.with_diagram(change);
    desk.redraw();
}

/// Sideways it pans, otherwise it shows more time or less. On a page that scrolls by the wheel
/// itself only with Ctrl, as a pinch on a touch pad comes.
fn wheel(ctx: &Context<Sheet>, event: &WheelEvent) {
    let root = gloo::utils::document().document_element();
    let scrolls = root.is_some_and(|root| root.scroll_height() > root.client_height() + 1);
    if scrolls && !event.ctrl_key() {
        return;
    }
    event.prevent_default();
    let (x, y) = (event.delta_x(), event.delta_y());
    if x.abs() > y.abs() {
        change(ctx, |diagram, player| diagram.pan(-x, player));
    } else if y != 0.0 {
        let factor = if y > 0.0 { TURN } else { 1.0 / TURN };
        let at = Some(place(event));
        change(ctx, |diagram, player| diagram.zoom(factor, at, player));
    }
}

fn go_there(ctx: &Context<Sheet>, at: (f64, f64)) {
    let desk = &ctx.props().desk.0;
    let found = desk.with_diagram(|diagram, player| diagram.pick(at, player));
    let intent = match found {
        Some(Found::Moment(time)) => Intent::SeekTime(time),
        Some(Found::Thing(Selection::Event(step))) => Intent::SeekStep(step),
        Some(Found::Thing(_)) | None => return,
    };
    ctx.props().on.emit(intent);
}

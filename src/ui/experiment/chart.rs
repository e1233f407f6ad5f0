//! The chart: what the view draws, with what a pointer and keys do to it.

use crate::lab::Dictionary;
use crate::lab::experiment::Plan;
use crate::view::experiment::{Graph, Look, Window, draw};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use yew::{
    AttrValue, Callback, Html, NodeRef, Properties, component, html, use_effect_with, use_mut_ref,
    use_node_ref, use_state,
};

/// The size of the drawing, in units of its own: on a phone fewer of them, so that words stay readable.
const WIDE: (f64, f64) = (760.0, 400.0);
const NARROW: (f64, f64) = (430.0, 330.0);
/// How much a key or a button zooms, and moves.
const ZOOM: f64 = 0.7;
const MOVE: f64 = 0.15;
/// A pointer that moved less has clicked, in pixels.
const CLICK: f64 = 5.0;

/// What the chart is given.
#[derive(Properties, Clone)]
pub(super) struct ChartProps {
    pub(super) plan: Rc<Plan>,
    pub(super) charts: Rc<Vec<Graph>>,
    /// Which of them.
    pub(super) at: usize,
    pub(super) words: Rc<Dictionary>,
    pub(super) narrow: bool,
    /// A point was clicked.
    pub(super) on_point: Callback<u64>,
}

impl PartialEq for ChartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.plan, &other.plan)
            && Rc::ptr_eq(&self.charts, &other.charts)
            && Rc::ptr_eq(&self.words, &other.words)
            && (self.at, self.narrow) == (other.at, other.narrow)
    }
}

/// A drag under way: where it began, the window then, and how far it came.
type Drag = Option<((f64, f64), Window, f64)>;

/// Where a pointer is: shares of the field from its lower left, and pixels of the field.
fn place(event: &MouseEvent, field: &NodeRef, look: &Look) -> Option<((f64, f64), (f64, f64))> {
    // Not what the event is at: the framework listens further out.
    let element = field.cast::<Element>()?;
    let bounds = element.get_bounding_client_rect();
    let (width, height) = look.size;
    let (left, top, wide, high) = look.field();
    let by = (bounds.width() / width, bounds.height() / height);
    let x = (f64::from(event.client_x()) - bounds.left()) / by.0.max(1e-6) - left;
    let y = (f64::from(event.client_y()) - bounds.top()) / by.1.max(1e-6) - top;
    Some(((x / wide, 1.0 - y / high), (wide * by.0, high * by.1)))
}

/// A page is scrolled by a wheel; a chart is zoomed where a key is held, as maps are. (A listener of the framework could
/// not keep the browser from zooming the page, too.)
fn wheel(
    field: &Element,
    place_of: NodeRef,
    latest: Rc<RefCell<Option<Window>>>,
    set: Callback<Option<Window>>,
    look: Look,
) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(field, "wheel", options, move |event| {
        let Some(event) = event.dyn_ref::<WheelEvent>() else {
            return;
        };
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        event.prevent_default();
        let window = *latest.borrow();
        if let (Some((at, _)), Some(window)) = (place(event, &place_of, &look), window) {
            let times = if event.delta_y() < 0.0 {
                ZOOM
            } else {
                1.0 / ZOOM
            };
            set.emit(Some(window.zoomed(at, times)));
        }
    })
}

/// The chart.
#[component]
pub(super) fn Chart(props: &ChartProps) -> Html {
    // What of it is looked at; nothing: all of it, however that grows.
    let zoomed = use_state(|| None::<Window>);
    let drag = use_mut_ref(|| None as Drag);
    let field = use_node_ref();
    let latest = use_mut_ref(|| None::<Window>);
    let look = Look::page(if props.narrow { NARROW } else { WIDE });
    let set = {
        let zoomed = zoomed.clone();
        Callback::from(move |window: Option<Window>| zoomed.set(window))
    };
    {
        let (field, latest, set, look) =
            (field.clone(), Rc::clone(&latest), set.clone(), look.clone());
        use_effect_with(props.narrow, move |_| {
            let wheel = field
                .cast::<Element>()
                .map(|element| wheel(&element, field.clone(), latest, set, look));
            move || drop(wheel)
        });
    }
    let window = zoomed.or_else(|| Some(props.charts.get(props.at)?.whole));
    *latest.borrow_mut() = window;
    let drawing = props
        .charts
        .get(props.at)
        .zip(window)
        .map(|(graph, window)| draw(&props.plan, graph, window, &props.words, &look));
    let window = window.unwrap_or(Window {
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    });
    let onpointerdown = {
        let drag = Rc::clone(&drag);
        Callback::from(move |event: PointerEvent| {
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            *drag.borrow_mut() = Some((at, window, 0.0));
        })
    };
    let onpointermove = {
        let (drag, set, look) = (Rc::clone(&drag), set.clone(), look.clone());
        let field = field.clone();
        Callback::from(move |event: PointerEvent| {
            let mut drag = drag.borrow_mut();
            // The button was let go outside.
            if event.buttons() == 0 {
                return;
            }
            if let (Some((from, before, far)), Some((_, (wide, high)))) =
                (drag.as_mut(), place(&event, &field, &look))
            {
                let x = f64::from(event.client_x()) - from.0;
                let y = f64::from(event.client_y()) - from.1;
                *far = far.max(x.abs().max(y.abs()));
                if *far >= CLICK {
                    set.emit(Some(before.moved(-x / wide.max(1.0), y / high.max(1.0))));
                }
            }
        })
    };
    let onclick = {
        let (props, drag, look) = (props.clone(), Rc::clone(&drag), look.clone());
        let field = field.clone();
        Callback::from(move |event: MouseEvent| {
            let far = drag.borrow_mut().take().map_or(0.0, |(_, _, far)| far);
            let at = place(&event, &field, &look).filter(|_| far < CLICK);
            if let (Some((at, (wide, high))), Some(graph)) = (at, props.charts.get(props.at))
                && let Some(point) = graph.nearest(&window, at, wide / high.max(1.0))
            {
                props.on_point.emit(point);
            }
        })
    };
    let onkeydown = {
        let set = set.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            if let Some(next) = by_key(&event.key(), window) {
                event.prevent_default();
                event.stop_propagation();
                set.emit(next);
            }
        })
    };
    let words = &props.words;
    let button = |key: &'static str, sign: &'static str, next: Option<Window>| {
        let set = set.clone();
        let onclick = Callback::from(move |_: MouseEvent| set.emit(next));
        let label = words.text(&format!("experiment.{key}"));
        html! {
            <button {key} type="button" class="tbtn" title={label.clone()} aria-label={label} {onclick}>
                <span aria-hidden="true">{ sign }</span>
            </button>
        }
    };
    let middle = (0.5, 0.5);
    html! {
        <div class="trialchart" tabindex="0" role="group" aria-label={words.text("experiment.chart-keys")} {onkeydown}>
            <div key="drawing" class="drawing" ref={field} {onpointerdown} {onpointermove} {onclick}>
                { Html::from_html_unchecked(AttrValue::from(drawing.unwrap_or_default())) }
            </div>
            <div key="zoom" class="zooms">
                { button("zoom-in", "+", Some(window.zoomed(middle, ZOOM))) }
                { button("zoom-out", "\u{2212}", Some(window.zoomed(middle, 1.0 / ZOOM))) }
                { button("zoom-all", "\u{2922}", None) }
            </div>
        </div>
    }
}

/// What a key makes of the window: another one, or all of it again. `None` where it is not for the chart.
fn by_key(key: &str, window: Window) -> Option<Option<Window>> {
    let middle = (0.5, 0.5);
    let next = match key {
        "+" | "=" => window.zoomed(middle, ZOOM),
        "-" => window.zoomed(middle, 1.0 / ZOOM),
        "ArrowLeft" => window.moved(-MOVE, 0.0),
        "ArrowRight" => window.moved(MOVE, 0.0),
        "ArrowUp" => window.moved(0.0, MOVE),
        "ArrowDown" => window.moved(0.0, -MOVE),
        "0" => return Some(None),
        _ => return None,
    };
    Some(Some(next))
}

//! A circle with arcs and keys, drawn on two sheets, and the nodes as a list below it. The lower sheet has what may be
//! twenty thousand arcs and ten thousand keys, and is drawn anew where the circle has changed; the upper one has the
//! key that somebody asks for or points at, and its way.

mod draw;

use super::parts::{PanelProps, hidden, selected_node};
use crate::engine::NodeId;
use crate::lab::Phrase;
use crate::ui::canvas::Sheet;
use crate::ui::model::{Intent, Selection, ShotRef, Theme};
use crate::ui::number::fixed;
use crate::ui::page;
use crate::view::{Dial, DialKey, Ring, RingNode};
use draw::{Drawing, Hit, colour};
use std::rc::Rc;
use web_sys::{HtmlCanvasElement, PointerEvent};
use yew::prelude::*;

/// So many nodes are listed until somebody asks for all.
const MOST_ROWS: usize = 10;

/// What the panel is given.
#[derive(Properties, PartialEq)]
pub(super) struct RingProps {
    pub(super) shot: ShotRef,
    pub(super) on: Callback<Intent>,
    pub(super) ring: Ring,
}

/// A place on the canvas, in pixels.
type Place = (f64, f64);

/// What is under the pointer, and what it pulls along.
#[derive(Copy, Clone, PartialEq, Default)]
struct Pointer {
    key: Option<usize>,
    /// A node, where it was taken, and where it is.
    pulls: Option<(usize, Place, Place)>,
}

fn at(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// The panel.
#[component]
pub(super) fn RingPanel(props: &RingProps) -> Html {
    let (below, canvas) = (use_node_ref(), use_node_ref());
    let pointer = use_state(Pointer::default);
    let shown = pointer.key.or(props.ring.key);
    let selected = selected_node(&props.shot);
    let ring = props.ring.clone();
    use_sheet(&below, Circle::of(props, selected), move |sheet| {
        Drawing::new(sheet, &ring).draw(selected);
    });
    let (ring, dial) = (props.ring.clone(), ByPlace(Rc::clone(&props.ring.dial)));
    use_sheet(&canvas, (dial, shown, is_dark(props)), move |sheet| {
        Drawing::new(sheet, &ring).point_out(shown);
    });
    let press = pressed(props, &canvas, &pointer);
    let [onpointerdown, onpointermove, onpointerup, onpointerleave] = press;
    let ghost = pointer.pulls.and_then(|(node, _, (x, y))| {
        let name = &props.ring.nodes.get(node)?.name;
        let style = format!(
            "left:{}px;top:{}px;border-color:{}",
            fixed(x, 0),
            fixed(y, 0),
            colour(node as u16)
        );
        Some(html! { <span class="ghost" {style}>{ name }</span> })
    });
    let key = shown.and_then(|at| props.ring.dial.keys.get(at));
    let words = &props.shot.words;
    html! {
        <div class="dial">
            <div key="field" class="dialfield">
                <canvas ref={below} aria-hidden="true" />
                <canvas ref={canvas} aria-hidden="true"
                    {onpointerdown} {onpointermove} {onpointerup} {onpointerleave} />
                <>{ for ghost }</>
            </div>
            <p key="key" class="dialkey">{ for key.map(|key| key_line(props, key)) }</p>
            <Nodes key="nodes" shot={props.shot.clone()} on={props.on.clone()}
                ring={props.ring.clone()} />
            <p key="caption" class="cap">{ words.say(&props.ring.caption) }</p>
        </div>
    }
}

/// Something shared, which is the same where it is at the same place: to compare all of it would take as long as to
/// draw it.
struct ByPlace(Rc<Dial>);

impl PartialEq for ByPlace {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// All that the lower sheet shows.
#[derive(PartialEq)]
struct Circle {
    dial: ByPlace,
    /// The nodes: their names, whether each is on the circle, and whether it is faint.
    nodes: Vec<(String, bool, bool)>,
    selected: Option<NodeId>,
    dark: bool,
}

/// Whether the page is dark: by its own setting, or by the device's.
fn is_dark(props: &RingProps) -> bool {
    match props.shot.theme {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::Device => page::matches("(prefers-color-scheme: dark)"),
    }
}

impl Circle {
    fn of(props: &RingProps, selected: Option<NodeId>) -> Self {
        let node = |node: &RingNode| (node.name.clone(), node.on, node.faint);
        Circle {
            dial: ByPlace(Rc::clone(&props.ring.dial)),
            nodes: props.ring.nodes.iter().map(node).collect(),
            selected,
            dark: is_dark(props),
        }
    }
}

/// Draws a sheet where what it shows has changed, or its size.
#[hook]
fn use_sheet<T, D>(canvas: &NodeRef, shows: T, draw: D)
where
    T: PartialEq + 'static,
    D: FnOnce(&Sheet) + 'static,
{
    let canvas = canvas.clone();
    let shown = canvas.cast::<HtmlCanvasElement>();
    let size = shown.map(|canvas| (canvas.client_width(), canvas.client_height()));
    use_effect_with((shows, size), move |_| {
        if let Some(mut sheet) = canvas.cast::<HtmlCanvasElement>().and_then(Sheet::new) {
            sheet.fit();
            draw(&sheet);
        }
    });
}

type Press = Callback<PointerEvent>;

/// A node that is pulled off the circle is taken off, one that is pulled onto it is put on; one that is not
/// pulled is selected.
fn pressed(props: &RingProps, canvas: &NodeRef, pointer: &UseStateHandle<Pointer>) -> [Press; 4] {
    let hit = {
        let (canvas, ring) = (canvas.clone(), props.ring.clone());
        move |at| {
            let canvas = canvas.cast::<HtmlCanvasElement>();
            let mut sheet = canvas.and_then(Sheet::new)?;
            // Its size is known only to the one that was fitted.
            sheet.width = sheet.shown().0;
            sheet.height = sheet.shown().1;
            Some(Drawing::new(&sheet, &ring).hit(at))
        }
    };
    let down = {
        let (hit, pointer) = (hit.clone(), pointer.clone());
        Callback::from(move |event: PointerEvent| {
            let at = at(&event);
            if let Some(Hit {
                node: Some(node), ..
            }) = hit(at)
            {
                pointer.set(Pointer {
                    pulls: Some((node, at, at)),
                    ..*pointer
                });
            }
        })
    };
    let moved = {
        let (hit, pointer) = (hit.clone(), pointer.clone());
        Callback::from(move |event: PointerEvent| {
            let now = at(&event);
            let next = match pointer.pulls {
                Some((node, from, _)) => Pointer {
                    key: None,
                    pulls: Some((node, from, now)),
                },
                None => Pointer {
                    key: hit(now).and_then(|hit| hit.key),
                    pulls: None,
                },
            };
            if next != *pointer {
                pointer.set(next);
            }
        })
    };
    let up = {
        let (pointer, on, nodes) = (pointer.clone(), props.on.clone(), props.ring.nodes.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((node, from, _)) = pointer.pulls else {
                return;
            };
            pointer.set(Pointer::default());
            let now = at(&event);
            let Some(one) = nodes.get(node) else { return };
            let still = (now.0 - from.0).abs() + (now.1 - from.1).abs() < 6.0;
            let on_circle = hit(now).is_some_and(|hit| hit.on_circle);
            if still {
                on.emit(Intent::Select(Selection::Node(one.node)));
            } else if one.on != on_circle {
                on.emit(Intent::Type(one.turn.clone()));
            }
        })
    };
    let leave = {
        let pointer = pointer.clone();
        Callback::from(move |_: PointerEvent| {
            if *pointer != Pointer::default() {
                pointer.set(Pointer::default());
            }
        })
    };
    [down, moved, up, leave]
}

/// A key in words: its nodes in order, and whose it was.
fn key_line(props: &RingProps, key: &DialKey) -> String {
    let name = |at: &u16| {
        let node = props.ring.nodes.get(usize::from(*at));
        node.map_or("?", |node| node.name.as_str())
    };
    let nodes: Vec<&str> = key.owners.iter().map(name).collect();
    let phrase = match &key.was {
        Some(was) => Phrase::new("dial.key-moved").with("was", name(was)),
        None => Phrase::new("dial.key"),
    };
    let phrase = phrase
        .with("key", key.name)
        .with("nodes", nodes.join(" → "));
    props.shot.words.say(&phrase)
}

/// The list of nodes. It stays as it is while the ring does.
#[component]
fn Nodes(props: &RingProps) -> Html {
    let all = use_state(|| false);
    let (words, nodes) = (&props.shot.words, &props.ring.nodes);
    let selected = selected_node(&props.shot);
    let many = nodes.len() > MOST_ROWS;
    let first = |node: &RingNode| !node.on || node.faint || Some(node.node) == selected;
    let listed: Vec<usize> = if many && !*all {
        let (out, rest): (Vec<usize>, Vec<usize>) =
            (0..nodes.len()).partition(|at| first(&nodes[*at]));
        out.into_iter().chain(rest).take(MOST_ROWS).collect()
    } else {
        (0..nodes.len()).collect()
    };
    let rows = listed.into_iter().map(|at| row(props, at, selected));
    let heads = ["node", "share", "keys", "copies", "weight", "do"];
    let heads = heads.map(|head| {
        html! { <th key={head} scope="col">{ words.text(&format!("dial.{head}")) }</th> }
    });
    let more = many.then(|| {
        let key = if *all { "table.fewer" } else { "table.all" };
        let text = words.say(&Phrase::new(key).with("n", nodes.len()));
        let (all, to) = (all.clone(), !*all);
        let onclick = Callback::from(move |_: MouseEvent| all.set(to));
        html! { <button type="button" class="pbtn" {onclick}>{ text }</button> }
    });
    html! {
        <>
            <table class="plain dialnodes">
                <caption>{ hidden(words.text("dial.nodes")) }</caption>
                <thead><tr>{ for heads }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="more">{ for more }</p>
        </>
    }
}

fn row(props: &RingProps, at: usize, selected: Option<NodeId>) -> Html {
    let words = &props.shot.words;
    let node = &props.ring.nodes[at];
    let share = match node.share.filter(|_| node.on) {
        Some(millionths) => format!("{} %", fixed(f64::from(millionths) / 10_000.0, 1)),
        None => "–".to_owned(),
    };
    let press = |text: String, typed: &str| {
        let typed = typed.to_owned();
        let onclick = props
            .on
            .reform(move |_: MouseEvent| Intent::Type(typed.clone()));
        let label = format!("{text}: {}", node.name);
        html! {
            <button key={text.clone()} type="button" class="pbtn" {onclick} aria-label={label}>
                { text }
            </button>
        }
    };
    let turn = if node.on { "dial.off" } else { "dial.on" };
    let turn = press(words.text(turn), &node.turn);
    let more = node
        .more
        .iter()
        .map(|(label, typed)| press(words.say(label), typed));
    let buttons = std::iter::once(turn).chain(more);
    let select = Intent::Select(Selection::Node(node.node));
    let onclick = props.on.reform(move |_: MouseEvent| select.clone());
    let class = classes!(
        (!node.on || node.faint).then_some("faint"),
        (selected == Some(node.node)).then_some("on")
    );
    html! {
        <tr key={node.name.clone()} {class}>
            <th scope="row">
                <button type="button" class="dialname" {onclick} title={words.say(&node.state)}>
                    <i style={format!("background:{}", colour(at as u16))} />{ &node.name }
                </button>
            </th>
            <td>{ share }</td><td>{ node.keys }</td><td>{ node.copies }</td>
            <td>{ node.weight }</td>
            <td class="btns">{ for buttons }</td>
        </tr>
    }
}

/// The panel, by its data.
pub(super) fn ring(props: &PanelProps, ring: &Ring, key: &str) -> Html {
    html! {
        <RingPanel key={key} shot={props.shot.clone()} on={props.on.clone()} ring={ring.clone()} />
    }
}

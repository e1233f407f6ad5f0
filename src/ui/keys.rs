//! The keyboard. One key, one thing, wherever the focus is in the page; in a field a letter is
//! a letter.

use super::model::{Intent, Presenting, Selection, Shot};
use super::page;
use super::stage::{self, Tool};
use super::timeline::{faster, speed_of};
use crate::engine::NodeId;
use crate::sim::NodeKind;
use crate::view::{Control, request_controls};
use std::cell::Cell;
use web_sys::KeyboardEvent;

/// What a key wants.
pub(super) enum Wish {
    /// Of the run.
    Intent(Intent),
    /// Another tool.
    Tool(Tool),
    /// The card with the keys.
    Help,
}

/// The keys and the key of what they do, for the help card.
pub(super) const HELP: &[(&[&str], &str)] = &[
    (&["space"], "key.play"),
    (&["\u{2190}", "\u{2192}"], "key.step"),
    (&["Shift \u{2190}", "Shift \u{2192}"], "key.marks"),
    (&["PageUp", "PageDown", "."], "key.turn"),
    (&["Home", "End"], "key.ends"),
    (&["+", "\u{2212}"], "key.speed"),
    (&["1", "\u{2026}", "9", "0"], "key.speeds"),
    (&["N", "Shift N"], "key.select"),
    (&["Esc"], "key.escape"),
    (&["K"], "key.kill"),
    (&["Z"], "key.pause"),
    (&["X"], "key.cut"),
    (&["W"], "key.wall"),
    (&["R"], "key.request"),
    (&["P"], "key.present"),
    (&["A"], "key.answers"),
    (&["F"], "key.screen"),
    (&["?"], "key.help"),
];

/// Fields in which a key writes.
const FIELDS: &str = "input:not(.scrubber), textarea, select, [contenteditable], dialog";
/// Things that have their own use for the arrows.
const ARROWS: &str = "[role=tablist], [role=listbox], [role=menu], [role=slider], [role=radiogroup], \
    [role=tabpanel]:focus, [role=region]:focus";

thread_local! {
    /// The focus was put where it is by a pointer.
    static POINTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the focus was put where it is by the keyboard: then the arrows belong to what has it. After a
/// click they still step through the run.
pub(super) fn reached() -> bool {
    !POINTED.get()
}

/// A pointer pressed somewhere. (`:focus-visible` does not tell: the key itself makes it true.)
pub(super) fn pointed() {
    POINTED.set(true);
}

/// Reads a key. A key that means something is kept from the browser.
pub(super) fn read(event: &KeyboardEvent, shot: &Shot, tool: Tool, runs: bool) -> Option<Wish> {
    if event.key() == "Tab" {
        POINTED.set(false);
    }
    let held = event.ctrl_key() || event.meta_key() || event.alt_key();
    if held || event.is_composing() || page::within(event.target(), FIELDS) {
        return None;
    }
    let key = event.key();
    if event.default_prevented() && !page::within(event.target(), ".scrubber") {
        return None;
    }
    let wish = match key.as_str() {
        " " => space(event, runs),
        "ArrowLeft" | "ArrowRight" if !has_arrows(event) => {
            Some(Wish::Intent(arrow(key == "ArrowRight", event.shift_key())))
        }
        // What a clicker in a presenter's hand sends.
        "PageUp" | "PageDown" if !page::within(event.target(), ARROWS) => {
            Some(Wish::Intent(Intent::Turn(key == "PageDown")))
        }
        "." => Some(Wish::Intent(Intent::Turn(true))),
        "Home" => Some(Wish::Intent(Intent::SeekStep(0))),
        "End" => Some(Wish::Intent(Intent::SeekStep(shot.end.step))),
        "Escape" => Some(match tool {
            Tool::Wall => Wish::Tool(Tool::Select),
            Tool::Select => Wish::Intent(Intent::Select(Selection::Nothing)),
        }),
        "?" => Some(Wish::Help),
        "+" | "=" => faster(shot.speed, true).map(|speed| Wish::Intent(Intent::SetSpeed(speed))),
        "-" => faster(shot.speed, false).map(|speed| Wish::Intent(Intent::SetSpeed(speed))),
        _ => letter(&key, shot, tool),
    };
    if wish.is_some() {
        event.prevent_default();
    }
    wish
}

/// Whether Escape closes what lies beside the stage: from within it, from the head with its button, or where it
/// would mean nothing else.
pub(super) fn puts_away(event: &KeyboardEvent, shot: &Shot, tool: Tool) -> bool {
    let target = || event.target();
    let idle = tool == Tool::Select && shot.selection == Selection::Nothing;
    event.key() == "Escape"
        && !event.default_prevented()
        && !event.is_composing()
        && !page::within(target(), FIELDS)
        && (idle || page::within(target(), ".head, .drawer"))
}

/// Whether what has the focus uses the arrows itself. A row of tabs does where the keyboard reached it.
fn has_arrows(event: &KeyboardEvent) -> bool {
    let tabs = page::within(event.target(), "[role=tablist]");
    page::within(event.target(), ARROWS) && (reached() || !tabs)
}

/// A button that the keyboard reached is pressed by the space bar, as everywhere; one that was
/// clicked before is not meant again.
fn space(event: &KeyboardEvent, runs: bool) -> Option<Wish> {
    let meant = reached() && page::within(event.target(), ":is(button, a, summary)");
    let toggle = if runs { Intent::Pause } else { Intent::Play };
    (!meant).then_some(Wish::Intent(toggle))
}

fn arrow(right: bool, marks: bool) -> Intent {
    match (right, marks) {
        (true, false) => Intent::StepForward,
        (false, false) => Intent::StepBack,
        (true, true) => Intent::NextMark,
        (false, true) => Intent::PreviousMark,
    }
}

fn letter(key: &str, shot: &Shot, tool: Tool) -> Option<Wish> {
    let mut letters = key.chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    if let Some(digit) = letter.to_digit(10) {
        return speed_of(digit).map(|speed| Wish::Intent(Intent::SetSpeed(speed)));
    }
    let verbs: &[&str] = match letter.to_ascii_lowercase() {
        'k' => &["kill", "restart", "drop"],
        'z' => &["pause", "resume", "hold", "release"],
        'x' => &["cut", "heal-link"],
        'r' => return request(shot).map(give),
        'n' => return Some(Wish::Intent(Intent::Select(next_node(shot, letter == 'n')))),
        'p' => {
            let other = match shot.presenting {
                Presenting::Not => Presenting::Asking,
                Presenting::Asking | Presenting::Telling => Presenting::Not,
            };
            return Some(Wish::Intent(Intent::Present(other)));
        }
        'a' => {
            let other = match shot.presenting {
                Presenting::Not => return None,
                Presenting::Asking => Presenting::Telling,
                Presenting::Telling => Presenting::Asking,
            };
            return Some(Wish::Intent(Intent::Present(other)));
        }
        'f' => return Some(Wish::Intent(Intent::FullScreen)),
        'w' => {
            let other = match tool {
                Tool::Wall => Tool::Select,
                Tool::Select => Tool::Wall,
            };
            return Some(Wish::Tool(other));
        }
        _ => return None,
    };
    let controls = stage::controls(shot);
    let of = |verb: &&str| {
        let key = format!("control.{verb}");
        controls.iter().find(|control| control.label.key == key)
    };
    verbs.iter().find_map(of).cloned().map(give)
}

/// The node after the selected one, or the one before.
fn next_node(shot: &Shot, forward: bool) -> Selection {
    let count = shot.names.nodes().count().max(1);
    let at = match shot.selection {
        Selection::Node(node) if forward => (node.index() + 1) % count,
        Selection::Node(node) => (node.index() + count - 1) % count,
        Selection::Nothing | Selection::Flight(_) | Selection::Link(..) | Selection::Event(_) => {
            if forward {
                0
            } else {
                count - 1
            }
        }
    };
    Selection::Node(NodeId(at as u16))
}

fn give(control: Control) -> Wish {
    Wish::Intent(Intent::Give(control.commands))
}

/// The first request that the selected node takes; of no selection, the first that any node does,
/// clients first.
fn request(shot: &Shot) -> Option<Control> {
    let world = shot.run.world();
    let first = |node| {
        request_controls(world, &shot.names, node)
            .into_iter()
            .next()
    };
    if let Selection::Node(node) = shot.selection
        && let Some(control) = first(node)
    {
        return Some(control);
    }
    let kind = |wanted| world.ids().filter(move |id| world.spec(*id).kind == wanted);
    kind(NodeKind::Client)
        .chain(kind(NodeKind::Server))
        .find_map(first)
}

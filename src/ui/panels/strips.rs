//! One scale, and who has which part of it: strips below each other, cut into pieces.

use super::parts::{PanelProps, hidden};
use crate::ui::model::{Intent, Selection, Shot};
use crate::ui::number::fixed;
use crate::view::{PieceLook, Strip, StripPiece, Strips};
use yew::prelude::*;

/// How many colours the page has for pieces.
const HUES: u64 = 6;
/// A piece that is narrower than this, in percent of the scale, has no room for its text.
const ROOM: f64 = 5.0;

/// The panel: a table, a strip a row. A screen reader gets the pieces as words.
pub(super) fn strips(props: &PanelProps, strips: &Strips, key: &str) -> Html {
    let words = &props.shot.words;
    let ticks = strips.ticks.iter().map(|(at, text)| {
        let style = format!("left:{}%", fixed(share(*at, strips.scale), 2));
        html! { <span key={*at} {style}>{ text }</span> }
    });
    let groups = strips.groups.iter().enumerate().map(|(i, (title, all))| {
        let rows = all.iter().enumerate();
        html! {
            <tbody key={i}>
                <tr key="title"><th colspan="2" scope="rowgroup" class="group">{ words.say(title) }</th></tr>
                { for rows.map(|(at, strip)| row(props, strips.scale, at, strip)) }
            </tbody>
        }
    });
    let legend = strips.legend.iter().map(|(look, text)| {
        html! { <li key={look_class(*look)}><i class={classes!("piece", look_class(*look))}></i>{ words.say(text) }</li> }
    });
    html! {
        <div {key} class="strips">
            <table>
                <caption class="sr">{ words.text(&format!("panel.{}", strips.id)) }</caption>
                <thead key="ticks"><tr><td></td><td><div class="ticks" aria-hidden="true">{ for ticks }</div></td></tr></thead>
                { for groups }
            </table>
            <ul key="legend" class="legend">{ for legend }</ul>
            <p key="caption" class="cap">{ words.say(&strips.caption) }</p>
        </div>
    }
}

fn share(at: u32, scale: u32) -> f64 {
    f64::from(at) * 100.0 / f64::from(scale.max(1))
}

fn look_class(look: PieceLook) -> &'static str {
    match look {
        PieceLook::Firm => "firm",
        PieceLook::Stopped => "stopped",
        PieceLook::Coming => "coming",
        PieceLook::Wrong => "wrong",
    }
}

fn row(props: &PanelProps, scale: u32, at: usize, strip: &Strip) -> Html {
    let select = Intent::Select(Selection::Node(strip.node));
    let pieces = strip.pieces.iter().enumerate();
    let pieces = pieces.map(|(i, piece)| one(&props.shot, scale, i, piece));
    html! {
        <tr key={at} class={strip.faint.then_some("faint")}>
            <th scope="row">
                <button type="button" class="bare" onclick={props.want(select)}>{ &strip.head }</button>
            </th>
            <td><div class="strip">{ for pieces }</div></td>
        </tr>
    }
}

fn one(shot: &Shot, scale: u32, at: usize, piece: &StripPiece) -> Html {
    let (from, to) = (share(piece.from, scale), share(piece.to, scale));
    let width = (to - from) * f64::from(piece.share) / 100.0;
    let style = format!(
        "left:{}%;width:{}%;height:{}%",
        fixed(from, 2),
        fixed(width, 2),
        piece.level
    );
    let hue = format!("hue{}", piece.hue % HUES);
    let title = shot.words.say(&piece.title);
    let text = (width >= ROOM).then(|| piece.text.clone());
    html! {
        <span key={at} class={classes!("piece", look_class(piece.look), hue)} {style} title={title.clone()}>
            <b key="text" aria-hidden="true">{ for text }</b>{ hidden(title) }
        </span>
    }
}

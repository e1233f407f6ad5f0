//! What a frame shows.

use super::frame::{Frame, Message};
use crate::ui::desk::{DeskRef, View};
use crate::ui::model::{Intent, ShotRef};
use crate::ui::page;
use crate::ui::panels::{PanelProps, chosen};
use crate::ui::stage::Stage;
use crate::ui::timeline::{Sheet, TimelineProps, branches, clock_text, scrub, speed_select};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};
use yew::html::Scope;
use yew::{Callback, Html, classes, html};

/// The tools and levers that hide by a class, because the stage has them anyway.
const HIDDEN: [(&str, &str); 2] = [("tools", "toolless"), ("act", "actless")];

/// The whole frame.
pub(super) fn frame(frame: &Frame, link: &Scope<Frame>) -> Html {
    let on = link.callback(Message::Intent);
    let classes = HIDDEN
        .iter()
        .filter(|(control, _)| !frame.embed.shows(control));
    let mut classes: Vec<&str> = classes.map(|(_, class)| *class).collect();
    if !frame.embed.panels.is_empty() || frame.embed.shows("tools") {
        classes.push("long");
    }
    html! {
        <div class={classes!("page", "lab-page", "embed-page", classes)}>
            { match &frame.news.view {
                View::Front => mistake(frame),
                View::Lab(shot) => lab(frame, link, shot, &on),
            } }
            <div key="spoken" class="hidden" role="status">{ frame.news.spoken.clone() }</div>
        </div>
    }
}

/// Instead of a run: what is wrong with the settings, or nothing while it is being fetched.
fn mistake(frame: &Frame) -> Html {
    let words = &frame.news.words;
    let notice = frame.news.notice.as_ref().map(|notice| {
        html! {
            <>
                <h1>{ words.text("embed.wrong") }</h1>
                <p role="alert">{ notice }</p>
            </>
        }
    });
    let waits = if notice.is_none() { "true" } else { "false" };
    html! { <main key="mistake" class="embed-mistake" aria-busy={waits}>{ for notice }</main> }
}

fn lab(frame: &Frame, link: &Scope<Frame>, shot: &ShotRef, on: &Callback<Intent>) -> Html {
    let desk = DeskRef(Rc::clone(&frame.desk));
    let panels = &frame.embed.panels;
    let column = PanelProps {
        shot: shot.clone(),
        on: on.clone(),
    };
    let lanes = panels.iter().any(|id| id == "diagram");
    let sided = panels.len() > usize::from(lanes);
    let aside = sided.then(|| html! { <aside key="side">{ chosen(&column, panels) }</aside> });
    html! {
        <main key="lab" class={classes!("bench", sided.then_some("sided"), lanes.then_some("lanes"))}>
            <h1 key="title" class="hidden">{ shot.words.text("lab.title") }</h1>
            <Stage key="stage" shot={shot.clone()} desk={desk} tool={frame.tool}
                on={on.clone()} on_tool={link.callback(Message::Tool)} />
            { for aside }
            { below(frame, link, shot, on, lanes) }
            { notice(shot, on) }
        </main>
    }
}

fn notice(shot: &ShotRef, on: &Callback<Intent>) -> Html {
    let onclick = on.reform(|_: MouseEvent| Intent::Dismiss);
    html! {
        <div key="notice" class="notice" role="alert" hidden={shot.notice.is_none()}>
            <span>{ shot.notice.clone() }</span>
            <button type="button" class="tbtn plain" aria-label={shot.words.text("app.dismiss")}
                {onclick}>{ "\u{2715}" }</button>
        </div>
    }
}

/// The bar with the levers, the scrub bar, the diagram.
fn below(
    frame: &Frame,
    link: &Scope<Frame>,
    shot: &ShotRef,
    on: &Callback<Intent>,
    lanes: bool,
) -> Html {
    let props = TimelineProps {
        shot: shot.clone(),
        desk: DeskRef(Rc::clone(&frame.desk)),
        works: frame.news.works,
        on: on.clone(),
    };
    let scrubber = frame.embed.shows("scrub").then(|| scrub(shot, on));
    let sheet = lanes.then(|| html! { <Sheet key="sheet" ..props.clone() /> });
    html! {
        <section key="timeline" class="card timeline" aria-label={shot.words.text("time.label")}>
            { bar(frame, link, &props) }
            <>{ for scrubber }</>
            <>{ for sheet }</>
        </section>
    }
}

fn bar(frame: &Frame, link: &Scope<Frame>, props: &TimelineProps) -> Html {
    let (shot, words, embed) = (&props.shot, &props.shot.words, &frame.embed);
    let button = |key: &'static str, sign: &str, onclick: Callback<MouseEvent>| {
        let label = words.text(key);
        html! {
            <button {key} type="button" class="tbtn" title={label.clone()} aria-label={label} {onclick}>
                <span aria-hidden="true">{ sign }</span>
            </button>
        }
    };
    let want = |intent: Intent| props.on.reform(move |_: MouseEvent| intent.clone());
    let steps = embed.shows("step");
    let back = steps.then(|| button("time.back", "\u{25c0}", want(Intent::StepBack)));
    let forward = steps.then(|| button("time.forward", "\u{25b6}|", want(Intent::StepForward)));
    let play = embed.shows("play").then(|| play(props));
    let speed = embed.shows("speed").then(|| speed_select(shot, &props.on));
    let several = embed.shows("branches").then(|| branches(props));
    let restart = embed.shows("restart").then(|| {
        button(
            "embed.restart",
            "\u{21ba}",
            link.callback(|_| Message::Restart),
        )
    });
    let open = embed.shows("open").then(|| open(frame));
    html! {
        <div key="bar" class="bar">
            <div key="levers" class="levers" role="group" aria-label={words.text("time.levers")}>
                <>{ for back }</><>{ for play }</><>{ for forward }</>
            </div>
            <span key="clock" class="clock">{ clock_text(shot) }</span>
            <span key="space" class="space" />
            <>{ for speed }</>
            <>{ for several }</>
            <>{ for restart }</>
            <>{ for open }</>
        </div>
    }
}

fn play(props: &TimelineProps) -> Html {
    let runs = props.shot.playing || props.works;
    let (key, sign) = match (props.works, props.shot.playing) {
        (true, _) => ("time.stop", "\u{25a0}"),
        (_, true) => ("time.pause", "\u{2759}\u{2759}"),
        _ => ("time.play", "\u{25b6}"),
    };
    let toggle = if runs { Intent::Pause } else { Intent::Play };
    let onclick = props.on.reform(move |_: MouseEvent| toggle.clone());
    html! {
        <button key="play" type="button" class="tbtn main" {onclick}>
            <span aria-hidden="true">{ sign }</span>{ props.shot.words.text(key) }
        </button>
    }
}

/// The same moment in the playground. The address is made when it is pressed: it holds the whole run.
fn open(frame: &Frame) -> Html {
    let desk = Rc::clone(&frame.desk);
    let point = move |element: Option<Element>| {
        let anchor = element.and_then(|element| element.closest("a").ok().flatten());
        if let (Some(anchor), Some(address)) = (anchor, desk.link()) {
            let _ = anchor.set_attribute("href", &address);
        }
    };
    let pointed = point.clone();
    let element = |target: Option<web_sys::EventTarget>| target?.dyn_into::<Element>().ok();
    let onpointerdown = Callback::from(move |event: PointerEvent| pointed(element(event.target())));
    let onclick = Callback::from(move |event: MouseEvent| point(element(event.target())));
    let label = frame.news.words.text("embed.open");
    let base = page::window().location().pathname().unwrap_or_default();
    html! {
        <a key="open" class="tbtn open" href={base} target="_blank" rel="noopener" title={label.clone()}
            {onpointerdown} {onclick}><span>{ label }</span><span aria-hidden="true">{ "\u{2197}" }</span></a>
    }
}

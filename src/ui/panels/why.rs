//! Why it came to this: the chain of causes behind what is selected, or behind the last step.

use super::parts::{PanelProps, clock_text, hand_class, notes, status_key, what_text};
use crate::engine::NodeId;
use crate::lab::{Phrase, Verdict};
use crate::sim::{Happened, Record, Status};
use crate::ui::model::{Intent, Selection, Shot};
use crate::view::{Cause, Causes, causes, last_at, last_between, last_of, misdeeds, record_of};
use yew::prelude::*;

/// How many links of the chain are shown.
const LINKS: usize = 8;
/// How much of what went before is shown.
const BEFORE: usize = 4;

/// The card of causes.
pub(super) fn why(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let (title, start) = subject(shot);
    let Causes { chain, earlier } = match start {
        Some(step) => causes(records(shot), step, LINKS),
        None => Causes::default(),
    };
    let none = chain.is_empty().then(|| {
        let key = if earlier.is_some() {
            "why.forgotten"
        } else {
            "why.none"
        };
        shot.words.text(key)
    });
    let links = chain.iter().map(|cause| link(props, cause));
    let earlier = earlier.map(|step| {
        let onclick = props.want::<MouseEvent>(Intent::SeekStep(step));
        let text = shot
            .words
            .say(&Phrase::new("why.earlier").with("step", step));
        html! {
            <li key="earlier" class="earlier">
                <button type="button" class="bare" {onclick}>{ text }</button>
            </li>
        }
    });
    let before = before(props, &chain);
    html! {
        <section class="card why" aria-labelledby="why-title">
            <h2 id="why-title">{ title }</h2>
            <div class="scroll" tabindex="0" role="group" aria-labelledby="why-title">
                <p key="none" class="cap">{ none }</p>
                <div key="before">{ before }</div>
                <ol key="chain">{ for links.chain(earlier) }</ol>
            </div>
        </section>
    }
}

/// Where this step broke a promise: what went before that the chain does not tell of. A promise is often
/// broken by two things that no chain of messages connects.
fn before(props: &PanelProps, chain: &[Cause<'_>]) -> Html {
    let shot = &props.shot;
    let step = shot.position.step;
    let mut verdicts = shot.run.verdicts().iter();
    let breaks = verdicts.any(|(_, verdict)| match verdict {
        Verdict::Violated { step: at, .. } => at == step,
        Verdict::Holds | Verdict::Seen { .. } | Verdict::NotSeen | Verdict::Pending => false,
    });
    if !breaks || shot.selection != Selection::Nothing {
        return html! {};
    }
    let told = |record: &&Record| !chain.iter().any(|link| link.record.step == record.step);
    let found = misdeeds(&shot.recent, step, shot.names.lab.info().notes, LINKS);
    let found: Vec<Html> = found
        .into_iter()
        .filter(told)
        .take(BEFORE)
        .map(|record| {
            html! { <li key={record.step} class={hand_class(&record.what)}>{ one(props, record) }</li> }
        })
        .collect();
    if found.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ shot.words.text("why.before") }</h3>
            <ol>{ for found }</ol>
            <h3>{ shot.words.text("why.step") }</h3>
        </>
    }
}

/// The records in which the chain is looked for.
fn records(shot: &Shot) -> &[Record] {
    if shot.over.is_some() {
        &shot.leading
    } else {
        &shot.recent
    }
}

/// What is asked about, and from which step the chain begins.
fn subject(shot: &Shot) -> (String, Option<u64>) {
    let step = |record: Option<&Record>| record.map(|record| record.step);
    let last = || step(shot.recent.last());
    match shot.selection {
        Selection::Nothing => (shot.words.text("why.last"), last()),
        Selection::Node(node) => {
            let title = Phrase::new("why.node")
                .with("node", shot.names.node(node))
                .with("role", role_text(shot, node));
            (shot.words.say(&title), step(last_at(&shot.recent, node)))
        }
        Selection::Flight(name) => {
            let title = Phrase::new("why.message").with("message", shot.names.message(name));
            let mut flights = shot.run.world().flights();
            let flight = flights.find(|flight| flight.letter.name == name);
            let sent = flight.map(|flight| flight.letter.sent_step);
            // One that is no longer under way is asked for by what came of it.
            let start = sent
                .or(shot.over)
                .or_else(|| step(last_of(&shot.recent, name)));
            (shot.words.say(&title), start)
        }
        Selection::Event(at) => {
            let title = Phrase::new("why.event").with("step", at);
            (shot.words.say(&title), shot.over)
        }
        Selection::Link(a, b) => {
            let title = Phrase::new("why.link")
                .with("a", shot.names.node(a))
                .with("b", shot.names.node(b));
            let found = step(last_between(&shot.recent, a, b));
            (shot.words.say(&title), found)
        }
    }
}

/// What a node is at the moment, in a word: its role, or that it does not run.
fn role_text(shot: &Shot, node: NodeId) -> String {
    let world = shot.run.world();
    let status = world.cell(node).status();
    if status != Status::Up {
        return shot.words.text(status_key(status));
    }
    let scene = shot.plugin.scene(world);
    let role = scene
        .nodes
        .get(node.index())
        .map_or("", |card| card.role.key);
    shot.words.text(&format!("role.{role}"))
}

fn link(props: &PanelProps, cause: &Cause<'_>) -> Html {
    let shot = &props.shot;
    // What is lost has somebody who did it; a timer that ran out only missed something.
    let word = match cause.record.what {
        Happened::Lost(..) => "why.because",
        Happened::Nothing
        | Happened::Started(_)
        | Happened::Delivered(_)
        | Happened::TimerFired(..)
        | Happened::Written(..)
        | Happened::Commanded(..)
        | Happened::Struck(..) => "why.beside",
    };
    let beside = cause.beside.and_then(|r| record_of(records(shot), r.step));
    let beside = beside.map(|record| {
        html! {
            <div class="beside" key={record.step}>
                <small>{ shot.words.text(word) }</small>
                { one(props, record) }
            </div>
        }
    });
    let again = (cause.before > 0).then(|| {
        let text = Phrase::new("why.again").with("n", cause.before);
        html! { <small key="again" class="again">{ shot.words.say(&text) }</small> }
    });
    html! {
        <li key={cause.record.step} class={hand_class(&cause.record.what)}>
            { one(props, cause.record) }
            <div key="again">{ for again }</div>
            <div key="beside">{ for beside }</div>
        </li>
    }
}

fn one(props: &PanelProps, record: &Record) -> Html {
    let shot = &props.shot;
    let onclick = props.want::<MouseEvent>(Intent::SeekStep(record.step));
    html! {
        <button key="one" type="button" class={classes!("bare", hand_class(&record.what))} {onclick}>
            <time title={format!("{} s, {}", record.time, record.step)}>{ clock_text(record.time) }</time>
            <span class="what">{ what_text(shot, record) }</span>
            { notes(shot, record) }
        </button>
    }
}

//! What the lab promises, and whether it holds.

use super::parts::{PanelProps, clock_text, hidden, note, what_text};
use crate::engine::Note;
use crate::lab::{CheckSpec, Dictionary, Mode, Phrase, Verdict, linear};
use crate::sim::FaultSet;
use crate::ui::model::{Intent, Selection, Shot};
use crate::view::{reason_text, record_of};
use yew::prelude::*;

/// A window lower than this, in pixels, shows only the checks that are red.
const LOW: f64 = 1000.0;

/// The card of checks.
#[component]
pub(super) fn Checks(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let open = use_state(|| None::<&'static str>);
    // A broken promise stands first; the others keep their places.
    let verdicts = shot.run.verdicts();
    let broken = |(_, verdict): &(&CheckSpec, Verdict)| matches!(verdict, Verdict::Violated { .. });
    let (mut all, others): (Vec<(&'static CheckSpec, Verdict)>, Vec<_>) =
        verdicts.iter().partition(broken);
    all.extend(others);
    // In a low window the green ones fold away, so that the rest of the column is seen.
    let folded = use_state(low_window);
    let shown = all
        .iter()
        .filter(|(_, verdict)| !*folded || look(*verdict).0 == "bad");
    let rows = shown.map(|(spec, verdict)| {
        let now = *open == Some(spec.id);
        let toggle = {
            let (open, id) = (open.clone(), spec.id);
            Callback::from(move |_: MouseEvent| open.set((!now).then_some(id)))
        };
        row(props, spec, *verdict, now, toggle)
    });
    let summary = summary(&shot.words, all.iter().map(|(_, verdict)| *verdict));
    let expanded = if *folded { "false" } else { "true" };
    let fold = {
        let folded = folded.clone();
        Callback::from(move |_: MouseEvent| folded.set(!*folded))
    };
    html! {
        <section class="card checks" aria-labelledby="checks-title">
            <h2>
                <button type="button" class="bare" aria-expanded={expanded} onclick={fold}>
                    <span id="checks-title">{ shot.words.text("checks.title") }</span>
                    <small>{ summary }</small>
                    <span class="chevron" aria-hidden="true">{ if *folded { "▸" } else { "▾" } }</span>
                </button>
            </h2>
            <ul key="all" class={open.is_some().then_some("opened")}>{ for rows }</ul>
        </section>
    }
}

/// All of them in a line: whether one is broken, and how many are not decided yet.
fn summary(words: &Dictionary, verdicts: impl Iterator<Item = Verdict>) -> String {
    let (mut broken, mut unseen, mut open) = (0, 0, 0);
    for verdict in verdicts {
        match verdict {
            Verdict::Violated { .. } => broken += 1,
            Verdict::NotSeen => unseen += 1,
            Verdict::Pending => open += 1,
            Verdict::Holds | Verdict::Seen { .. } => {}
        }
    }
    let first = match broken {
        0 => words.text("checks.all-hold"),
        n => words.say(&Phrase::new("checks.some-broken").with("n", n)),
    };
    let counted = [("checks.unseen", unseen), ("checks.open", open)];
    let counted = counted.into_iter().filter(|(_, n)| *n > 0);
    let rest = counted.map(|(key, n)| words.say(&Phrase::new(key).with("n", n)));
    let parts: Vec<String> = std::iter::once(first).chain(rest).collect();
    parts.join(" \u{b7} ")
}

/// Whether the window is too low for every check beside the other cards.
fn low_window() -> bool {
    let height = gloo::utils::window().inner_height().ok();
    let height = height.and_then(|height| height.as_f64());
    height.is_some_and(|height| height < LOW)
}

fn look(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds | Verdict::Seen { .. } => ("good", "✓"),
        Verdict::Violated { .. } => ("bad", "✕"),
        Verdict::NotSeen | Verdict::Pending => ("wait", "…"),
    }
}

fn row(
    props: &PanelProps,
    spec: &'static CheckSpec,
    verdict: Verdict,
    open: bool,
    toggle: Callback<MouseEvent>,
) -> Html {
    let words = &props.shot.words;
    let (class, sign) = look(verdict);
    let had = props.shot.run.world().faults();
    let outside = !had.within(spec.assumes);
    // Where it is red, a line of its own says so.
    let flag = if outside && !matches!(verdict, Verdict::Violated { .. }) {
        html! {
            <span class="outside" title={words.text("checks.outside")}>
                <span aria-hidden="true">{ "⚠" }</span>{ hidden(words.text("checks.outside")) }
            </span>
        }
    } else {
        html! {}
    };
    let violated = match verdict {
        Verdict::Violated { step, time, note } => Some((step, time, note)),
        Verdict::Holds | Verdict::Seen { .. } | Verdict::NotSeen | Verdict::Pending => None,
    };
    let beyond = outside.then(|| {
        let said = beyond_text(words, spec, had);
        html! { <small key="beyond" class="beyond">{ "⚠ " }{ said }</small> }
    });
    let red = violated.map(|(step, time, why)| {
        let at = Phrase::new("checks.go").with("time", clock_text(time));
        // The card of causes tells of that step, not of what is selected.
        let on = props.on.clone();
        let go = Callback::from(move |_: MouseEvent| {
            on.emit(Intent::Select(Selection::Nothing));
            on.emit(Intent::SeekStep(step));
        });
        html! {
            <div class="red" key="red">
                { broken(&props.shot, spec, step, why) }
                <>{ for beyond }</>
                <button type="button" class="pbtn" onclick={go}>
                    { words.say(&at) }
                </button>
            </div>
        }
    });
    let more = open.then(|| details(props, spec, verdict, had));
    html! {
        <li key={spec.id} class={classes!("chk", class, open.then_some("open"))}>
            <button key="name" type="button" class="bare" onclick={toggle}
                aria-expanded={if open { "true" } else { "false" }}>
                <i aria-hidden="true">{ sign }</i>
                <span class="cname">{ words.text(&format!("check.{}", spec.id)) }{ " " }
                    <small>{ words.text(&format!("verdict.{}", verdict.id())) }</small>{ flag }
                </span>
            </button>
            <div key="more">{ for red }</div>
            <div key="details">{ for more }</div>
        </li>
    }
}

/// Which faults of this run are outside what a check promises: `pause: outside what is promised`.
fn beyond_text(words: &Dictionary, spec: &CheckSpec, had: FaultSet) -> String {
    let beyond = had.iter().filter(|kind| !spec.assumes.contains(*kind));
    let said = beyond.map(|kind| words.text(&format!("fault.{}", kind.id())));
    let all = said.collect::<Vec<_>>().join(", ");
    words.say(&Phrase::new("checks.outside-red").with("faults", all))
}

/// Why a check went red: the note that it left, or else what happened in that step.
fn broken(shot: &Shot, spec: &CheckSpec, step: u64, why: Option<Note>) -> Html {
    if let Some(text) = reason(shot, spec) {
        return html! { <p key="why">{ text }</p> };
    }
    if let Some(why) = why {
        return html! { <p key="why">{ note(shot, &why) }</p> };
    }
    let text = match spec.mode {
        Mode::Eventually(_) => Phrase::new("checks.late"),
        Mode::Always | Mode::Sometimes => Phrase::new("checks.broken").with("step", step),
    };
    let record = record_of(&shot.recent, step);
    let what = record.map(|record| html! { <small key="what">{ what_text(shot, record) }</small> });
    html! { <p key="why">{ shot.words.say(&text) }<span>{ for what }</span></p> }
}

/// What the judge of the clients' operations says, where the check is about these.
pub(in crate::ui) fn reason(shot: &Shot, spec: &CheckSpec) -> Option<String> {
    let told = shot.told.as_ref().filter(|_| spec.id == linear::CHECK)?;
    let account = told.account.borrow();
    let reason = told.judged.reason()?;
    Some(reason_text(&account, reason, &shot.names, &shot.words))
}

fn details(props: &PanelProps, spec: &CheckSpec, verdict: Verdict, had: FaultSet) -> Html {
    let words = &props.shot.words;
    let mode = match spec.mode {
        Mode::Always => Phrase::new("checks.always"),
        Mode::Sometimes => Phrase::new("checks.sometimes"),
        Mode::Eventually(within) => Phrase::new("checks.eventually").with("span", within),
    };
    let fault = |kind: crate::sim::FaultKind| {
        let out = had.contains(kind) && !spec.assumes.contains(kind);
        let text = words.text(&format!("fault.{}", kind.id()));
        html! { <li key={kind.id()} class={out.then_some("out")}>{ text }</li> }
    };
    let assumed = if spec.assumes == FaultSet::NONE {
        html! { <p key="none">{ words.text("checks.no-fault") }</p> }
    } else {
        html! {
            <div key="some">
                <p>{ words.text("checks.assumes") }</p>
                <ul class="faults">{ for spec.assumes.iter().map(fault) }</ul>
            </div>
        }
    };
    let beyond: Vec<_> = had
        .iter()
        .filter(|kind| !spec.assumes.contains(*kind))
        .collect();
    let beyond = (!beyond.is_empty()).then(|| {
        html! {
            <div key="beyond" class="beyond">
                <p>{ words.text("checks.outside-by") }</p>
                <ul class="faults">{ for beyond.into_iter().map(fault) }</ul>
            </div>
        }
    });
    let seen = match verdict {
        Verdict::Seen { step } => Some(html! {
            <button key="seen" type="button" class="pbtn"
                onclick={props.want::<MouseEvent>(Intent::SeekStep(step))}>
                { words.text("checks.seen-go") }
            </button>
        }),
        Verdict::Holds | Verdict::Violated { .. } | Verdict::NotSeen | Verdict::Pending => None,
    };
    html! {
        <div class="details" key="details">
            <p>{ words.say(&mode) }</p>
            { assumed }
            <div key="out">{ for beyond }</div>
            <div key="seen">{ for seen }</div>
        </div>
    }
}

//! The drawer of the search: what is looked for, how far it is, what was seen on the way, and what
//! was found.

use super::progress::{Phase, Progress, is_late, step_before};
use crate::lab::search::{Found, Goal};
use crate::lab::{
    Asynchrony, Dictionary, Lang, ParamSpec, Phrase, Value, Verdict, happened_text, note_text,
};
use crate::ui::header::copy_button;
use crate::ui::model::{Intent, Seek, ShotRef};
use crate::ui::number::fixed;
use crate::ui::panels::{check_reason, focus};
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, Properties, component, html, use_effect_with,
};

/// Between two of a list, in every language.
const BETWEEN: &str = " \u{b7} ";
/// Of more checks that are looked for only the number is told.
const FEW: usize = 3;
/// Of fewer runs no speed is told.
const FEW_RUNS: u64 = 10;

/// What the drawer is given.
pub(in crate::ui) struct SeekProps<'a> {
    pub(in crate::ui) shot: &'a ShotRef,
    pub(in crate::ui) progress: &'a Progress,
    pub(in crate::ui) on: Callback<Intent>,
}

impl SeekProps<'_> {
    fn words(&self) -> &Dictionary {
        &self.shot.words
    }

    fn say(&self, phrase: &Phrase) -> String {
        self.words().say(phrase)
    }

    fn check(&self, check: usize) -> String {
        let id = self.progress.quest.lab.info().checks[check].id;
        self.words().text(&format!("check.{id}"))
    }

    /// The rules that are off, as sentences.
    fn rules(&self) -> String {
        let info = self.progress.quest.lab.info();
        let off = self.progress.quest.goal.rules_off.iter();
        let off = off.filter_map(|rule| info.rule(*rule));
        let names = off.map(|rule| self.words().text(&format!("rule.{}", rule.id)));
        names.collect::<Vec<_>>().join(BETWEEN)
    }
}

/// The drawer.
pub(in crate::ui) fn drawer(props: &SeekProps<'_>) -> Html {
    let words = props.words();
    let close = props.on.reform(|_: MouseEvent| Intent::Seek(Seek::Close));
    let onkeydown = {
        let on = props.on.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on.emit(Intent::Seek(Seek::Close));
            }
        })
    };
    html! {
        <section key="seek" class="card drawer seeker" aria-labelledby="seek-title" {onkeydown}>
            <div key="head" class="drawerhead">
                <Heading key="title" text={words.text("seek.title")} />
                <button type="button" class="tbtn plain" aria-label={words.text("seek.close")}
                    onclick={close}>{ "\u{2715}" }</button>
            </div>
            <div key="body" class="drawerbody">
                { quest(props) }
                { state(props) }
                { found(props) }
                { levers(props) }
                { numbers(props) }
                { coverage(props) }
                { elsewhere(props) }
            </div>
        </section>
    }
}

/// What the heading is given.
#[derive(Properties, PartialEq)]
struct HeadingProps {
    text: String,
}

/// The heading. It takes the focus when the drawer opens, because what had it is covered.
#[component]
fn Heading(props: &HeadingProps) -> Html {
    use_effect_with((), |()| focus("seek-title"));
    html! { <h2 id="seek-title" tabindex="-1">{ &props.text }</h2> }
}

/// What is looked for.
fn quest(props: &SeekProps<'_>) -> Html {
    let goal = &props.progress.quest.goal;
    let off = if goal.rules_off.is_empty() {
        Phrase::new("seek.all-on")
    } else {
        Phrase::new("seek.without").with("rules", props.rules())
    };
    let what = match &goal.checks[..] {
        few if few.len() <= FEW => {
            let names = few.iter().map(|check| props.check(*check));
            let names = names.collect::<Vec<_>>().join(BETWEEN);
            Phrase::new("seek.for").with("check", names)
        }
        all => Phrase::new("seek.for-any").with("n", all.len()),
    };
    html! {
        <div key="quest" class="quest">
            <p class={if goal.rules_off.is_empty() { "" } else { "ruleoff" }}>{ props.say(&off) }</p>
            <p>{ props.say(&what) }</p>
        </div>
    }
}

/// In one sentence, how far it is; and the bar.
fn state(props: &SeekProps<'_>) -> Html {
    let (progress, words) = (props.progress, props.words());
    let run = progress.run.unwrap_or_default();
    let sentence = match progress.phase {
        Phase::Searching => Phrase::new("seek.searching"),
        Phase::Shrinking => Phrase::new("seek.shrinking").with("run", run),
        Phase::Found if progress.open => Phrase::new("seek.found"),
        Phase::Found => Phrase::new("seek.found-closed"),
        Phase::Nothing => Phrase::new("seek.nothing"),
        Phase::Stopped if progress.found.is_some() => Phrase::new("seek.stopped-shrinking"),
        Phase::Stopped => Phrase::new("seek.stopped"),
        Phase::Failed => Phrase::new("seek.failed"),
    };
    let part = progress.tally.runs.min(progress.runs);
    let text = match progress.phase {
        Phase::Shrinking => progress.found.as_ref().map(|found| {
            let so_far = Phrase::new("seek.so-far").with("n", found.commands);
            props.say(&so_far.with("from", found.from).with("tried", found.tried))
        }),
        Phase::Searching | Phase::Found | Phase::Nothing | Phase::Stopped | Phase::Failed => None,
    };
    html! {
        <div key="state">
            <p class="seekstate" role="status"><strong>{ props.say(&sentence) }</strong></p>
            <p class="cap">{ text }</p>
            <progress max={progress.runs.to_string()} value={part.to_string()}
                hidden={progress.phase != Phase::Searching} aria-label={words.text("seek.made")} />
        </div>
    }
}

/// What can be done now.
fn levers(props: &SeekProps<'_>) -> Html {
    let (progress, words) = (props.progress, props.words());
    let (lab, off) = (progress.quest.lab, props.shot.run.world().rules().off());
    let here = Goal::without(lab, &off.collect::<Vec<_>>());
    let same = here == progress.quest.goal;
    let again = if same {
        let next = progress.quest.seed + 1;
        props.say(&Phrase::new("seek.again").with("seed", next))
    } else {
        words.text("seek.again-here")
    };
    let part = progress.found.is_some();
    let works = progress.phase.works();
    // One button for what is nearest, so that the focus stays on it.
    let (key, text, wish) = match progress.phase {
        Phase::Searching | Phase::Shrinking => ("seek.stop", None, Seek::Stop),
        Phase::Stopped | Phase::Nothing | Phase::Failed => ("seek.go-on", None, Seek::GoOn),
        Phase::Found => ("seek.again", Some(&again), Seek::Again),
    };
    let text = text.cloned().unwrap_or_else(|| words.text(key));
    let button = |key: &'static str, text: String, class: &'static str, wish: Seek, shown: bool| {
        let onclick = props.on.reform(move |_: MouseEvent| Intent::Seek(wish));
        html! { <button {key} type="button" {class} hidden={!shown} {onclick}>{ text }</button> }
    };
    let rests = !works && progress.phase != Phase::Found;
    let opens = part && !works && !progress.open;
    let lesson = match &progress.left {
        Some(title) => Some(props.say(&Phrase::new("seek.left").with("title", title))),
        None => (opens && progress.taught).then(|| words.text("seek.leaves")),
    };
    html! {
        <div key="levers">
            <p class="cap" hidden={lesson.is_none()}>{ lesson }</p>
            <div class="btns">
                { button("return", words.text("seek.return"), "tbtn main", Seek::Return, progress.left.is_some()) }
                { button("open", words.text("seek.open"), "tbtn main", Seek::Open, opens) }
                { button("next", text, "tbtn", wish, true) }
                { button("again", again, "tbtn", Seek::Again, rests) }
            </div>
        </div>
    }
}

/// What was found, and why that is a violation.
fn found(props: &SeekProps<'_>) -> Html {
    let card = props
        .progress
        .found
        .as_ref()
        .map(|found| story_of(props, found));
    html! { <div key="found">{ for card }</div> }
}

fn story_of(props: &SeekProps<'_>, found: &Found) -> Html {
    let progress = props.progress;
    let sum = match found.commands {
        0 => Phrase::new("seek.sum-none"),
        _ => Phrase::new("seek.sum"),
    };
    let sum = sum
        .with("n", found.commands)
        .with("run", progress.run.unwrap_or_default())
        .with("from", found.from);
    let here = progress.open.then(|| whereabouts(props, found));
    html! {
        <div key="story" class="seekfound">
            <p class="broken"><i aria-hidden="true">{ "\u{2715}" }</i><strong>{ props.check(found.check) }</strong></p>
            { why(props, found) }
            <p>{ props.say(&sum) }</p>
            <div key="unlike">{ for unlike(props) }</div>
            <div class="whereabouts">{ for here }</div>
        </div>
    }
}

/// The parameters that are others in the story than they were here.
fn unlike(props: &SeekProps<'_>) -> Option<Html> {
    let reason = props.progress.reason.as_ref()?;
    let one = |(spec, value, had): (&ParamSpec, Value, Value)| {
        let phrase = Phrase::new("seek.param")
            .with("name", spec.name)
            .with("value", value)
            .with("had", had);
        props.say(&phrase)
    };
    let all: Vec<String> = reason.params.unlike(&props.progress.had).map(one).collect();
    let phrase = Phrase::new("seek.params").with("params", all.join(BETWEEN));
    (!all.is_empty()).then(|| html! { <p class="unlike">{ props.say(&phrase) }</p> })
}

/// Why that is a violation: what the check says, and what happened in that step.
fn why(props: &SeekProps<'_>, found: &Found) -> Html {
    let words = props.words();
    let at = found.time.0 / 1000;
    let at = format!("{}.{:03}\u{a0}s", at / 1000, at % 1000);
    let mut told = Vec::new();
    if let Some(reason) = &props.progress.reason {
        let names = &reason.names;
        // On the stage it is judged as the panel of the checks does it, which knows more than a note.
        let spec = props.progress.quest.lab.info().checks.get(found.check);
        let judged = spec.filter(|_| props.progress.open);
        let judged = judged.and_then(|spec| check_reason(props.shot, spec));
        let note = reason.note.map(|note| note_text(&note, names, words));
        told.extend(judged.or(note));
        if let Some(record) = &reason.record {
            let happened = happened_text(&record.what, names, words);
            told.push(props.say(&Phrase::new("seek.in-that-step").with("what", happened)));
            let notes = record.notes.iter();
            told.extend(notes.map(|note| note_text(note, names, words)));
        }
    }
    if is_late(props.progress.quest.lab, found.check) {
        told.push(words.text("checks.late"));
    }
    told.dedup();
    let line = |(i, text): (usize, String)| html! { <li key={i}>{ text }</li> };
    html! {
        <div key="why" class="answer">
            <p>{ props.say(&Phrase::new("seek.breaks-at").with("time", at)) }</p>
            <ul>{ for told.into_iter().enumerate().map(line) }</ul>
        </div>
    }
}

/// Where in the story the playhead is, and the way to the damage.
fn whereabouts(props: &SeekProps<'_>, found: &Found) -> Html {
    let (shot, words) = (props.shot, props.words());
    let verdict = shot.run.verdicts().get(found.check);
    let before = step_before(props.progress.quest.lab, found);
    let step = shot.position.step;
    let broken = matches!(verdict, Verdict::Violated { .. });
    let key = match broken {
        true => "seek.here-broken",
        false if step == before => "seek.here-before",
        false => "seek.here",
    };
    let forward = props.on.reform(|_: MouseEvent| Intent::StepForward);
    let back = props
        .on
        .reform(move |_: MouseEvent| Intent::SeekStep(before));
    let show = props.on.reform(|_: MouseEvent| Intent::Seek(Seek::Close));
    html! {
        <div key="here" class="btns">
            <span>{ words.text(key) }</span>
            <button key="forward" type="button" class="tbtn main" hidden={broken || step != before}
                onclick={forward}>{ words.text("seek.step") }</button>
            <button key="back" type="button" class="tbtn" hidden={!broken && step == before} onclick={back}>
                { words.text("seek.before") }
            </button>
            <button key="show" type="button" class="tbtn small-only" onclick={show}>{ words.text("seek.show") }</button>
        </div>
    }
}

/// How hard it looked.
fn numbers(props: &SeekProps<'_>) -> Html {
    let (progress, lang) = (props.progress, props.shot.lang);
    let tally = &progress.tally;
    let seconds = (progress.ms / 1000.0).max(0.001);
    // A handful of runs is no measure of speed.
    let rate = |n: u64| match tally.runs < FEW_RUNS {
        true => "\u{2013}".to_owned(),
        false => grouped((n as f64 / seconds + 0.5) as u64, lang),
    };
    let runs = Phrase::new("seek.runs-of").with("n", grouped(tally.runs, lang));
    let runs = runs.with("most", grouped(progress.runs, lang));
    let row = |key: &'static str, value: String| {
        html! { <div {key}><dt>{ props.words().text(key) }</dt><dd>{ value }</dd></div> }
    };
    let places = u32::from(progress.ms < 10_000.0);
    let elapsed = fixed(progress.ms / 1000.0, places) + "\u{a0}s";
    html! {
        <dl key="numbers" class="seeknumbers">
            { row("seek.made", props.say(&runs)) }
            { row("seek.rate", rate(tally.runs)) }
            { row("seek.events", rate(tally.events)) }
            { row("seek.time", elapsed) }
            { row("seek.seed", progress.quest.seed.to_string()) }
            { row("seek.workers", hands(props)) }
        </dl>
    }
}

/// Who makes the runs.
fn hands(props: &SeekProps<'_>) -> String {
    let progress = props.progress;
    let mut text = match progress.workers {
        0 if progress.denied => props.words().text("seek.in-slices"),
        0 => props.words().text("seek.nobody"),
        n => n.to_string(),
    };
    if progress.replaced > 0 {
        let replaced = Phrase::new("seek.replaced").with("n", progress.replaced);
        text.push_str(&props.say(&replaced));
    }
    text
}

/// What was seen on the way, so that “nothing found” has a meaning.
fn coverage(props: &SeekProps<'_>) -> Html {
    let (info, tally) = (props.progress.quest.lab.info(), &props.progress.tally);
    let sum = Phrase::new("seek.seen")
        .with("notes", tally.notes_seen())
        .with("of", info.notes.len())
        .with("kinds", tally.messages_seen())
        .with("kinds-of", info.message_kinds.len());
    let notes = info.notes.iter().zip(&tally.notes);
    let notes = notes.filter(|(_, n)| **n == 0).map(|(note, _)| {
        let text = without_values(&props.words().text(&format!("note.{}", note.id)));
        html! { <li key={note.id} title={note.id}>{ text }</li> }
    });
    let kinds = info.message_kinds.iter().zip(&tally.messages);
    let kinds = kinds
        .filter(|(_, n)| **n == 0)
        .map(|(kind, _)| html! { <li key={*kind}><code>{ *kind }</code></li> });
    let unseen: Vec<_> = notes.chain(kinds).collect();
    let unseen = if unseen.is_empty() {
        html! { <p key="all">{ props.words().text("seek.all-seen") }</p> }
    } else {
        html! {
            <div key="some"><p>{ props.words().text("seek.unseen") }</p><ul class="unseen">{ for unseen }</ul></div>
        }
    };
    let roles = tally.roles.iter().map(|role| {
        let text = props.words().text(&format!("role.{role}"));
        html! { <li key={role.clone()}>{ text }</li> }
    });
    let faults = tally.faults.iter().map(|kind| {
        html! { <li key={kind.id()}>{ props.words().text(&format!("fault.{}", kind.id())) }</li> }
    });
    html! {
        <details key="coverage" class="coverage">
            <summary>{ props.say(&sum) }</summary>
            { unseen }
            <p>{ props.words().text("seek.roles") }</p>
            <ul class="ids">{ for roles }</ul>
            <p>{ props.words().text("seek.faults") }</p>
            <ul class="ids">{ for faults }</ul>
        </details>
    }
}

/// A sentence with its places left open.
fn without_values(text: &str) -> String {
    let mut parts = text.split('{');
    let mut open = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        open.push('\u{2026}');
        open.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    open
}

/// The same on the command line; and every order, where the lab has a world small enough for that.
fn elsewhere(props: &SeekProps<'_>) -> Html {
    let words = props.words();
    let copied = |line: &str| {
        html! { <p class="btns"><code>{ line }</code>{ copy_button(words, "seek.copy", line) }</p> }
    };
    let every = match props.progress.quest.lab.info().asynchrony {
        Asynchrony::RestsOnTime => {
            html! { <p key="every" class="cap">{ words.text("seek.rests-on-time") }</p> }
        }
        Asynchrony::Any(_) => html! {
            <div key="every">
                <p class="cap">{ words.text("seek.every") }</p>
                { copied(&command_line(props.progress, "exhaust")) }
            </div>
        },
    };
    html! {
        <div key="elsewhere" class="elsewhere">
            <p class="cap">{ words.text("seek.line") }</p>
            { copied(&command_line(props.progress, "explore")) }
            { every }
        </div>
    }
}

/// What makes the same search, or looks at every order, without a page.
fn command_line(progress: &Progress, what: &str) -> String {
    let (quest, info) = (&progress.quest, progress.quest.lab.info());
    let mut line = format!("splitbrain {what} {}", info.id);
    let off = quest.goal.rules_off.iter();
    for rule in off.filter_map(|rule| info.rule(*rule)) {
        line.push_str(&format!(" --rule {}=off", rule.id));
    }
    if what == "exhaust" {
        return line;
    }
    line.push_str(&format!(" --seeds {}..{}", quest.seed, quest.seed + 1));
    if progress.runs > super::RUNS {
        line.push_str(&format!(" --runs {}", progress.runs));
    }
    line
}

/// A number with its digits in groups, as the language has them.
fn grouped(number: u64, lang: Lang) -> String {
    let number = js_sys::Number::from(number as f64);
    number.to_locale_string(lang.tag()).into()
}

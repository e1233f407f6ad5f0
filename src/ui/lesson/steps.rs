//! The steps of a lesson as they stand on its page: the stage is set, lines are shown, a question is asked,
//! the learner acts.

use super::Wish;
use super::panel::{FOLD, LessonProps};
use super::prose::prose;
use super::tour::{Phase, State};
use crate::lab::lesson::{Act, Choice, Condition, Predict, Task};
use crate::lab::{Dictionary, Lang, Names, Phrase};
use crate::ui::model::Intent;
use crate::ui::panels::focus;
use crate::ui::player::Tick;
use crate::view::wanted;
use yew::{Callback, Html, MouseEvent, classes, html};

/// A step.
pub(super) fn task(props: &LessonProps<'_>, step: usize, task: &Task) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let current = tour.current() == Some(step);
    match task {
        Task::Setup(_) => setup(props, step),
        Task::Run { button, .. } => {
            let label = button.clone().unwrap_or_else(|| words.text("learn.run"));
            html! { <div class={step_class(state, current)}>{ go(props, step, &label, true) }</div> }
        }
        Task::Predict(predict) => question(props, step, predict),
        Task::Act(act) => deed(props, step, act),
    }
}

/// What the stage is: set, or about to be.
fn setup(props: &LessonProps<'_>, step: usize) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let over = tour.states[step].phase == Phase::Done;
    let (key, more) = if over {
        let anew = props.button(
            "small plain",
            &words.text("learn.set-up-anew"),
            Wish::Again(step),
        );
        ("learn.set-up", Some(anew))
    } else {
        ("learn.setting-up", None)
    };
    html! { <p class="steprow"><span class="quiet">{ words.text(key) }</span>{ for more }</p> }
}

fn step_class(state: &State, current: bool) -> yew::Classes {
    classes!(
        "step",
        current.then_some("now"),
        (state.phase == Phase::Done).then_some("over")
    )
}

fn again(props: &LessonProps<'_>, step: usize) -> Html {
    props.button(
        "small plain",
        &props.words().text("learn.again"),
        Wish::Again(step),
    )
}

/// The button that begins a step; while its lines are played, the one that brings them to their end; and
/// then the one for once more.
fn go(props: &LessonProps<'_>, step: usize, label: &str, ready: bool) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    match tour.states[step].phase {
        Phase::Waiting => {
            let skipped = step < tour.reached;
            // One after the other.
            let waits = !skipped && tour.current() != Some(step);
            let begin = props.want(Wish::Begin(step));
            let why = match (waits, ready || skipped) {
                (true, _) => Some("learn.waits"),
                (false, false) => Some("learn.choose-first"),
                (false, true) => None,
            };
            let id = format!("why-not-{step}");
            html! {
                <p key="go" class="steprow">
                    <button type="button" class="tbtn main" disabled={why.is_some()} onclick={begin}
                        aria-describedby={why.map(|_| id.clone())}>
                        { if skipped { words.text("learn.do-skipped") } else { label.to_owned() } }
                    </button>
                    <span {id} class="quiet" hidden={why.is_none()}>{ why.map(|key| words.text(key)) }</span>
                </p>
            }
        }
        Phase::Going => html! {
            <p key="going" class="steprow">
                <span class="quiet" role="status">{ words.text("learn.playing") }</span>
                { props.button("small", &words.text("learn.finish"), Wish::Finish) }
            </p>
        },
        Phase::Done => html! {
            <p key="over" class="steprow"><span class="quiet">{ words.text("learn.played") }</span>{ again(props, step) }</p>
        },
    }
}

fn question(props: &LessonProps<'_>, step: usize, predict: &Predict) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let waiting = state.phase == Phase::Waiting;
    let option = |(i, option): (usize, &Choice)| {
        let chosen = state.chosen == Some(i);
        let right = state.right.get(i).copied();
        let choose = props
            .on
            .reform(move |_: web_sys::Event| Intent::Lesson(Wish::Choose(step, i)));
        let mark = match right {
            Some(true) => html! { <b class="good">{ words.text("learn.came-true") }</b> },
            Some(false) if chosen => html! { <b class="bad">{ words.text("learn.came-not") }</b> },
            Some(false) | None => html! {},
        };
        html! {
            <label key={i} class={classes!("option", chosen.then_some("chosen"))}>
                <input type="radio" name={format!("question-{step}")} checked={chosen} disabled={!waiting} onchange={choose} />
                <span>{ prose(&option.text) }</span>{ mark }
            </label>
        }
    };
    let answer = (!state.right.is_empty()).then(|| {
        let right = state.chosen.and_then(|chosen| state.right.get(chosen)) == Some(&true);
        let (class, key) = if right { ("good", "learn.right") } else { ("bad", "learn.wrong-answer") };
        html! { <div role="status"><p><b {class}>{ words.text(key) }</b>{ " " }{ prose(&predict.why) }</p></div> }
    });
    html! {
        <fieldset class={step_class(state, tour.current() == Some(step))}>
            <legend>{ prose(&predict.ask) }</legend>
            { for predict.options.iter().enumerate().map(option) }
            { for answer }
            { go(props, step, &words.text("learn.so-it-is"), state.chosen.is_some()) }
        </fieldset>
    }
}

/// A goal in words; what is written in the lesson is its title.
fn goal_text(condition: &Condition, names: &Names, words: &Dictionary) -> Html {
    let said = wanted(condition, names, words).text;
    html! { <span title={condition.print(names)}>{ said }</span> }
}

/// Time passes, or stands still: at hand where the task is, for on a phone the levers lie below the words.
fn time(props: &LessonProps<'_>) -> Html {
    let (key, intent) = if props.shot.playing {
        ("learn.halt", Intent::Pause)
    } else {
        ("learn.let-pass", Intent::Play)
    };
    let onclick = props.on.reform(move |_: MouseEvent| intent.clone());
    html! {
        <button key="time" type="button" class="tbtn small" {onclick}>{ props.words().text(key) }</button>
    }
}

/// On a phone the words lie over half of the page: this folds them.
fn to_stage(props: &LessonProps<'_>) -> Html {
    let fold = props.want(Wish::Fold);
    let onclick = Callback::from(move |event: MouseEvent| {
        fold.emit(event);
        // What was pressed is folded away with the words.
        focus(FOLD);
    });
    html! {
        <button key="stage" type="button" class="tbtn small main tostage" {onclick}>{ props.words().text("learn.to-stage") }</button>
    }
}

fn deed(props: &LessonProps<'_>, step: usize, act: &Act) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let done = state.phase == Phase::Done;
    let names = tour.names_of(step).unwrap_or(&props.shot.names);
    let goal = |(i, goal): (usize, &Condition)| {
        let live = props.taught.ticks.get(i).copied();
        let tick = match live.filter(|_| state.phase == Phase::Going) {
            Some(tick) => tick,
            None if done && !act.impossible => Tick::Met,
            None => Tick::Open,
        };
        let (class, sign, said) = match tick {
            Tick::Open => (None, "", "learn.unmet"),
            Tick::Stands => (Some("stands"), "=", "learn.stands"),
            Tick::Met => (Some("met"), "\u{2713}", "learn.met"),
        };
        // What needs no doing is said to everybody, lest somebody looks for it.
        let seen = if tick == Tick::Stands { "quiet" } else { "sr" };
        html! {
            <li key={i} class={classes!(class)}>
                <span class="box" aria-hidden="true">{ sign }</span>
                { goal_text(goal, names, words) }<span class={seen}>{ words.text(said) }</span>
            </li>
        }
    };
    let hints = act.hints.iter().take(state.hints).enumerate();
    let hints = hints.map(|(i, hint)| html! { <li key={i}>{ prose(hint) }</li> });
    let more = (state.phase == Phase::Going && state.hints < act.hints.len())
        .then(|| props.button("small", &words.text("learn.hint"), Wish::Hint(step)));
    let cannot = (act.impossible && state.phase == Phase::Going).then(|| {
        let say = props.want(Wish::Cannot(step));
        html! {
            <button key="cannot" type="button" class="tbtn" disabled={!state.tried} onclick={say}
                aria-describedby={(!state.tried).then_some("cannot-yet")}>
                { words.text("learn.cannot") }
            </button>
        }
    });
    let untried = act.impossible && state.phase == Phase::Going && !state.tried;
    let untried = untried.then(
        || html! { <span key="yet" id="cannot-yet" class="quiet">{ words.text("learn.cannot-yet") }</span> },
    );
    let skipped =
        (state.phase == Phase::Waiting && step < tour.reached).then(|| go(props, step, "", true));
    let open = act.allow.iter().map(|verb| {
        words
            .get(&format!("learn.verb-{verb}"))
            .unwrap_or(verb)
            .to_owned()
    });
    let between = match props.shot.lang {
        Lang::En => ", ",
        Lang::ZhHans => "\u{3001}",
    };
    let open = open.collect::<Vec<_>>().join(between);
    let open = if open.is_empty() {
        words.text("learn.open-none")
    } else {
        words.say(&Phrase::new("learn.open").with("open", open))
    };
    let finished =
        done.then(|| html! { <div role="status" class="done">{ prose(&act.done) }</div> });
    html! {
        <section class={step_class(state, tour.current() == Some(step))}>
            <h3>{ words.text("learn.task") }</h3>
            { for act.task.as_ref().map(|task| html! { <p class="asked">{ prose(task) }</p> }) }
            <p class="quiet when">{ words.text(if act.impossible { "learn.done-if" } else { "learn.done-when" }) }</p>
            <ul class="goals">{ for act.goals.iter().enumerate().map(goal) }</ul>
            <p class="quiet" hidden={state.phase != Phase::Going}>{ open }</p>
            <ol class="hints">{ for hints }</ol>
            { for finished }
            <p class="steprow">
                { for (state.phase == Phase::Going && tour.acts_on_stage()).then(|| to_stage(props)) }
                { for (state.phase == Phase::Going).then(|| time(props)) }
                { for cannot }{ for untried }{ for more }{ for skipped }
                { for (state.phase != Phase::Waiting).then(|| again(props, step)) }
            </p>
        </section>
    }
}

//! The end of a lesson: where to go on, the paper, and the code that can be handed in.

use super::panel::LessonProps;
use super::{Place, Wish};
use crate::lab::Phrase;
use crate::lab::lesson::Task;
use crate::protocols;
use crate::ui::header::copy_button;
use crate::ui::model::Intent;
use web_sys::HtmlInputElement;
use yew::{AttrValue, Html, InputEvent, MouseEvent, SubmitEvent, TargetCast, html};

/// What stands at the end of the last page.
pub(super) fn ending(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let form = tour.asks().then(|| handing_in(props));
    html! {
        <div key="ending">
            { go_on(props) }
            <p class="quiet">{ words.text("learn.paper") }{ " " }<cite>{ &tour.lesson.paper }</cite></p>
            { for form }
        </div>
    }
}

/// The way to the next lesson of this lab; after the last one, to all lessons.
fn go_on(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let card = tour.lesson.lab.card();
    let mut after = card
        .lessons
        .iter()
        .skip_while(|file| file.id != tour.lesson.id);
    let next = after.nth(1).and_then(|file| {
        let plugin = protocols::find(card.id)?;
        Some((plugin.card().id, file.id))
    });
    let (label, intent) = match next {
        Some((lab, id)) => {
            let title = words.text(&format!("lesson.{id}"));
            let label = words.say(&Phrase::new("learn.next-lesson").with("title", title));
            (label, Intent::Lesson(Wish::Open(lab, id.to_owned(), 0)))
        }
        None => (
            words.text("learn.more-lessons"),
            Intent::Visit(Place::Lessons),
        ),
    };
    let onclick = props.on.reform(move |_: MouseEvent| intent.clone());
    html! { <p class="goon"><button type="button" class="tbtn main" {onclick}>{ label }</button></p> }
}

/// The code that can be handed in: only who was asked for one looks for it.
fn handing_in(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let name = tour.name.clone();
    let onsubmit = props.on.reform(move |event: SubmitEvent| {
        event.prevent_default();
        Intent::Lesson(Wish::Code(name.trim().to_owned()))
    });
    // What is typed is the tour's: it stands there still when the code is made, or the page is turned.
    let oninput = props.on.reform(|event: InputEvent| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        Intent::Lesson(Wish::Name(
            field.map(|field| field.value()).unwrap_or_default(),
        ))
    });
    let given = tour
        .states
        .iter()
        .filter(|state| state.given.is_some())
        .count();
    let asked = tour.lesson.steps();
    let asked = asked
        .filter(|step| matches!(step.task, Task::Act(_) | Task::Predict(_)))
        .count();
    let count = Phrase::new("learn.given")
        .with("n", given)
        .with("of", asked);
    let code = tour.code.as_ref().map(|code| {
        html! {
            <div class="code">
                <input type="text" readonly=true value={AttrValue::from(code.clone())} aria-label={words.text("learn.code")} />
                { copy_button(words, "learn.copy", code) }
            </div>
        }
    });
    html! {
        <details class="handin">
            <summary>{ words.text("learn.hand-in") }</summary>
            <form {onsubmit}>
                <p class="quiet">{ words.text("learn.code-hint") }{ " " }{ words.say(&count) }</p>
                <label>{ words.text("learn.name") }{ " " }<input type="text" maxlength="80" autocomplete="name" value={tour.name.clone()} {oninput} /></label>
                <button type="submit" class="tbtn">{ words.text("learn.make-code") }</button>
                { for code }
            </form>
        </details>
    }
}

//! The story as text: it follows the run, until a person writes in it. What cannot be read is
//! marked at its place.

use super::files::{download, picker};
use super::{Change, DrawerProps};
use crate::lab::{Dictionary, Phrase, StoryError};
use crate::ui::header::copy_button;
use crate::ui::model::Intent;
use crate::ui::page;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, FocusEvent, Html, InputEvent, MouseEvent, TargetCast, html};

/// The height of a line, in pixels; `style.css` has it, too.
const LINE_PX: usize = 20;
const ID: &str = "story-text";

pub(super) fn editor(props: &DrawerProps<'_>) -> Html {
    let words = &props.shot.words;
    let draft = props.drawer.draft.as_ref();
    let told = || props.desk.0.with_player(|player| player.story());
    let text = draft.map_or_else(|| told().unwrap_or_default(), |draft| draft.text.clone());
    let edited = draft.is_some_and(|draft| draft.text != draft.base);
    let wrong = draft.and_then(|draft| draft.wrong.as_ref());
    let play = {
        let (on, on_change, text) = (props.on.clone(), props.on_change.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            on.emit(Intent::OpenStory(text.clone()));
            on.emit(Intent::Play);
            on_change.emit(Change::Discard);
        })
    };
    let save = {
        let (name, text) = (file_name(props), text.clone());
        Callback::from(move |_: MouseEvent| download(&name, "text/plain", &text))
    };
    let discard = props.on_change.reform(|_: MouseEvent| Change::Discard);
    html! {
        <>
            <div key="tools" class="btns">
                <button type="button" class="tbtn main" disabled={wrong.is_some()} onclick={play}>
                    { words.text("story.play") }
                </button>
                <button type="button" class="tbtn" onclick={save}>{ words.text("story.save") }</button>
                { picker(words, "story.open", &props.on_file) }
                { copy_button(words, "story.copy", &text) }
                <button type="button" class="tbtn" hidden={!edited} onclick={discard}>
                    { words.text("story.discard") }
                </button>
            </div>
            { sentence(words, &text, wrong, edited) }
            { sheet(props, words, text, wrong) }
        </>
    }
}

/// The name under which the run is saved, without an ending.
fn file_name(props: &DrawerProps<'_>) -> String {
    let (id, seed) = (props.shot.plugin.card().id, props.shot.setup.seed);
    format!("{id}-{seed}.story")
}

/// What is wrong with the text, or that it follows the run. A press leads to the place.
fn sentence(words: &Dictionary, text: &str, wrong: Option<&StoryError>, edited: bool) -> Html {
    let Some(wrong) = wrong else {
        let key = if edited {
            "story.edited"
        } else {
            "story.follows"
        };
        return html! { <p key="fine" id="story-state" class="state" role="status">{ words.text(key) }</p> };
    };
    let said = Phrase::new("app.story-wrong")
        .with("line", wrong.line)
        .with("column", wrong.column)
        .with("complaint", words.say(&wrong.complaint));
    let at = text_offset(text, wrong);
    let show = Callback::from(move |_: MouseEvent| {
        let field = page::document().get_element_by_id(ID);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
            // A field that is gone has no place to show.
            let _ = (field.focus(), field.set_selection_range(at, at));
        }
    });
    html! {
        <p key="wrong" id="story-state" class="state wrong" role="status">
            <button type="button" onclick={show}>{ words.say(&said) }</button>
        </p>
    }
}

/// The place of an error as the browser counts, in units of UTF-16.
fn text_offset(text: &str, wrong: &StoryError) -> u32 {
    let lines = text.split_inclusive('\n').take(wrong.line - 1);
    let before: usize = lines.map(|line| line.encode_utf16().count()).sum();
    let line = text.split('\n').nth(wrong.line - 1).unwrap_or_default();
    let within = line.chars().take(wrong.column - 1).map(char::len_utf16);
    (before + within.sum::<usize>()) as u32
}

/// Line numbers, the text, and the mark. The sheet scrolls as a whole.
fn sheet(
    props: &DrawerProps<'_>,
    words: &Dictionary,
    text: String,
    wrong: Option<&StoryError>,
) -> Html {
    let lines = text.split('\n').count();
    let longest = text.split('\n').map(|line| line.chars().count()).max();
    let number = |n: usize| match wrong {
        Some(wrong) if wrong.line == n => format!("\u{25b8}{n}\n"),
        _ => format!("{n}\n"),
    };
    let numbers: String = (1..=lines).map(number).collect();
    let mark = wrong.map(|wrong| {
        let (top, left) = ((wrong.line - 1) * LINE_PX, wrong.column - 1);
        let word = text.lines().nth(wrong.line - 1).unwrap_or_default();
        let word = word.chars().skip(left).take_while(|c| !c.is_whitespace());
        let width = word.count().max(1);
        html! {
            <>
                <span key="row" class="row" style={format!("top:{top}px")} />
                <span key="place" class="place" style={format!("top:{top}px;left:{left}ch;width:{width}ch")} />
            </>
        }
    });
    let oninput = props.on_change.reform(|event: InputEvent| {
        let field = event.target_dyn_into::<HtmlTextAreaElement>();
        Change::Edit(field.map(|field| field.value()).unwrap_or_default())
    });
    let onfocus = props.on_change.reform(|event: FocusEvent| {
        let field = event.target_dyn_into::<HtmlTextAreaElement>();
        Change::Hold(field.map(|field| field.value()).unwrap_or_default())
    });
    let onblur = props.on_change.reform(|_: FocusEvent| Change::Leave);
    let invalid = wrong.is_some();
    html! {
        <div key="sheet" class="editor">
            <pre class="numbers" aria-hidden="true">{ numbers }</pre>
            <div class="text">
                <>{ for mark }</>
                <textarea id={ID} wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off"
                    aria-label={words.text("story.text")} aria-describedby="story-state"
                    aria-invalid={if invalid { "true" } else { "false" }}
                    rows={lines.to_string()} cols={(longest.unwrap_or(0) + 2).max(24).to_string()}
                    value={text} {oninput} {onfocus} {onblur} />
            </div>
        </div>
    }
}

//! What tests and measures ask the page, by the exports of its module.

use super::app;
use super::number::fixed;
use super::{guard, seek};
use crate::lab::{History, Link, Player as Script, Story};
use crate::protocols;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Begins the page, with its words in the language that is written on `<html>`.
#[wasm_bindgen]
pub async fn start(words: String) {
    app::mount(words).await;
}

/// Plays a story without a page and returns its trace hash, as sixteen hex digits.
///
/// # Errors
/// A sentence that says what is wrong with the story.
#[wasm_bindgen]
pub fn trace_hash_of(story: &str) -> Result<String, JsValue> {
    let story = Story::parse(story, &protocols::labs(), &mut |_| Ok(())).map_err(|error| {
        let complaint = app::desk().map(|desk| desk.words().say(&error.complaint));
        let complaint = complaint.unwrap_or_default();
        JsValue::from_str(&format!("{}:{}: {complaint}", error.line, error.column))
    })?;
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let mut script = Script::new(&story);
    script.play(&mut history, u64::MAX, &mut |_| {}, &mut |_, _| {});
    Ok(format!("{:016x}", history.run().world().trace_hash()))
}

/// In a worker of the search: carries out an order of the page, and answers.
///
/// # Errors
/// Where the order cannot be read.
#[wasm_bindgen(js_name = splitbrainSeek)]
pub fn splitbrain_seek(order: &str) -> Result<String, JsValue> {
    guard::install_in_worker();
    let answer = seek::serve_page(order);
    answer.ok_or_else(|| js_sys::Error::new("this is no order").into())
}

/// On the page: what a worker of the search answers, or nothing where it died.
#[wasm_bindgen(js_name = splitbrainHeard)]
pub fn splitbrain_heard(number: u32, answer: Option<String>) {
    if let Some(desk) = app::desk() {
        desk.heard(number, answer);
    }
}

/// The story that a link holds, by its fragment.
#[wasm_bindgen(js_name = storyOfLink)]
#[must_use]
pub fn story_of_link(fragment: &str) -> Option<String> {
    Link::read(fragment).ok()?.story
}

/// The state of the page as JSON: step, time, hash, playing, branches, and the frames' cost.
#[wasm_bindgen(js_name = splitbrainState)]
#[must_use]
pub fn splitbrain_state() -> String {
    let Some(desk) = app::desk() else {
        return "null".to_owned();
    };
    let measure = desk.measure.get();
    let cost = format!(
        r#"{{"frames":{},"work_ms":{},"draw_ms":{},"worst_ms":{}}}"#,
        measure.frames,
        fixed(measure.work_ms, 3),
        fixed(measure.draw_ms, 3),
        fixed(measure.worst_ms, 3)
    );
    // What the program took of the browser so far; it gives nothing back.
    let bytes = std::arch::wasm32::memory_size(0) * 65_536;
    let run = desk.with_player(|player| {
        let (at, world) = (player.position(), player.history().run().world());
        format!(
            r#""lab":"{}","step":{},"time_us":{},"hash":"{:016x}","playing":{},"works":{},"branches":{},"branch":{},"#,
            player.plugin().card().id,
            at.step,
            at.time.0,
            world.trace_hash(),
            player.playing(),
            player.works(),
            player.history().branches().count(),
            player.history().branch_id(),
        )
    });
    let lit = desk.with_diagram(|diagram, _| diagram.lit()).flatten();
    let lit = lit.map_or_else(String::new, |(before, after)| {
        format!("\"lit\":[{before},{after}],")
    });
    let run = run.unwrap_or_default();
    format!("{{{run}{lit}\"bytes\":{bytes},\"cost\":{cost}}}")
}

/// Forgets what the frames cost so far.
#[wasm_bindgen(js_name = splitbrainForget)]
pub fn splitbrain_forget() {
    if let Some(desk) = app::desk() {
        desk.measure.take();
    }
}

/// The story of the run on the page, exact; empty where there is none.
#[wasm_bindgen(js_name = splitbrainStory)]
#[must_use]
pub fn splitbrain_story() -> String {
    let story = app::desk().and_then(|desk| desk.with_player(super::player::Player::story));
    story.unwrap_or_default()
}

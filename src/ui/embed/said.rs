//! What a frame says to the page around: answers, and what happens in the run.

use crate::lab::{Dictionary, note_text};
use crate::ui::model::Shot;
use crate::ui::player::Player;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// The most notes that are told at once: of more, the last ones.
const MOST_NOTES: usize = 64;

/// Why a call was not carried out.
pub(super) struct Refusal {
    /// A word for a program.
    code: &'static str,
    /// The column and what is wrong there, where a command cannot be read.
    at: Option<(usize, String)>,
}

impl Refusal {
    pub(super) fn new(code: &'static str) -> Self {
        Refusal { code, at: None }
    }

    pub(super) fn at(column: usize, complaint: String) -> Self {
        Refusal {
            code: "command",
            at: Some((column, complaint)),
        }
    }

    /// What is answered.
    pub(super) fn object(&self, words: &Dictionary) -> JsValue {
        let code = ("code", self.code.into());
        match &self.at {
            None => {
                let text = words.text(&format!("embed.error-{}", self.code));
                object(&[code, ("message", text.into())])
            }
            Some((column, complaint)) => object(&[
                code,
                ("message", complaint.into()),
                ("line", number(1)),
                ("column", number(*column as u64)),
            ]),
        }
    }
}

/// An object of these fields.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let made = Object::new();
    for (name, value) in fields {
        // A plain object takes everything.
        let _ = Reflect::set(&made, &(*name).into(), value);
    }
    made.into()
}

fn number(value: u64) -> JsValue {
    (value as f64).into()
}

/// Where the run is.
pub(super) fn state(player: &Player, notice: Option<String>) -> JsValue {
    let at = player.position();
    let hash = player.history().run().world().trace_hash();
    object(&[
        ("lab", player.plugin().card().id.into()),
        ("step", number(at.step)),
        ("timeUs", number(at.time.0)),
        ("hash", format!("{hash:016x}").into()),
        ("playing", player.playing().into()),
        ("branch", number(player.history().branch_id() as u64 + 1)),
        ("notice", notice.map_or(JsValue::NULL, JsValue::from)),
    ])
}

/// The names of the nodes.
pub(super) fn nodes(shot: &Shot) -> JsValue {
    let names = shot.names.nodes().map(|(_, name)| JsValue::from(name));
    names.collect::<Array>().into()
}

/// What has been told of a run, so that it is told once.
#[derive(Default)]
pub(super) struct Told {
    at: Option<(usize, u64, bool)>,
    verdicts: Vec<&'static str>,
}

impl Told {
    /// What is new: each event by its name, with its detail.
    pub(super) fn news(&mut self, shot: &Shot, state: &JsValue) -> Vec<(&'static str, JsValue)> {
        let mut news = Vec::new();
        let now = (shot.branch, shot.position.step, shot.playing);
        let before = self.at.replace(now);
        if before != Some(now) {
            news.push(("step", state.clone()));
        }
        if let Some((branch, step, _)) = before
            && branch == shot.branch
        {
            news.extend(notes(shot, step));
        }
        self.verdicts(shot, &mut news);
        news
    }

    fn verdicts(&mut self, shot: &Shot, news: &mut Vec<(&'static str, JsValue)>) {
        let fresh = self.verdicts.is_empty();
        for (at, (check, verdict)) in shot.run.verdicts().iter().enumerate() {
            let id = verdict.id();
            let same = self.verdicts.get(at) == Some(&id);
            match self.verdicts.get_mut(at) {
                Some(known) => *known = id,
                None => self.verdicts.push(id),
            }
            if fresh || same {
                continue;
            }
            let text = shot.words.text(&format!("check.{}", check.id));
            let detail = object(&[
                ("check", check.id.into()),
                ("verdict", id.into()),
                ("step", number(shot.position.step)),
                ("timeUs", number(shot.position.time.0)),
                ("text", text.into()),
            ]);
            news.push(("verdict", detail));
        }
    }
}

/// The notes of the steps after this one.
fn notes(shot: &Shot, after: u64) -> Vec<(&'static str, JsValue)> {
    let here = shot.position.step;
    let new = shot.recent.iter();
    let new = new.filter(|record| record.step > after && record.step <= here);
    let specs = shot.plugin.info().notes;
    let noted = new.flat_map(|record| record.notes.iter().map(move |note| (record, note)));
    let all: Vec<_> = noted
        .map(|(record, note)| {
            let spec = specs.get(usize::from(note.key.0));
            let detail = object(&[
                ("step", number(record.step)),
                ("timeUs", number(record.time.0)),
                ("key", spec.map_or("", |spec| spec.id).into()),
                ("cites", spec.map_or("", |spec| spec.cites).into()),
                ("text", note_text(note, &shot.names, &shot.words).into()),
            ]);
            ("note", detail)
        })
        .collect();
    let skip = all.len().saturating_sub(MOST_NOTES);
    all.into_iter().skip(skip).collect()
}

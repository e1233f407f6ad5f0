//! The layers, held: who may import whom, and what no deterministic code may mention.
//!
//! The table is that of ARCHITECTURE.md. A protocol may build on another's engine where the
//! catalogue says so (`built_on`). Comments are not code; texts in quotation marks are.

use splitbrain::protocols::CATALOGUE;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each layer with those that it may import; its own name is among them.
const LAYERS: [(&str, &[&str]); 7] = [
    ("engine", &["engine"]),
    ("sim", &["engine", "sim"]),
    ("lab", &["engine", "sim", "lab"]),
    ("view", &["engine", "sim", "lab", "view"]),
    ("protocols", &["engine", "sim", "lab", "view", "protocols"]),
    ("ui", &["engine", "sim", "lab", "view", "protocols", "ui"]),
    ("cli", &["engine", "sim", "lab", "view", "protocols", "cli"]),
];

/// The macros, each with its layer.
const MACROS: [(&str, &str); 5] = [
    ("notes", "engine"),
    ("shown_as_numbers", "engine"),
    ("stories", "lab"),
    ("lessons", "lab"),
    ("text_of_file", "lab"),
];

/// The layers whose runs must be the same everywhere, byte for byte.
const DETERMINISTIC: [&str; 5] = ["engine", "sim", "lab", "view", "protocols"];

/// What would make them differ: clocks, threads, dice that are not keyed, unordered maps.
const FORBIDDEN: [&str; 11] = [
    "std::time",
    "Instant",
    "SystemTime",
    "std::thread",
    "thread",
    "HashMap",
    "HashSet",
    "RandomState",
    "rand::rng",
    "rand::random",
    "thread_rng",
];

/// A source file: its path below `src`, and its text without comments.
struct Source {
    path: String,
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Source {
            path: path.to_owned(),
            code: text
                .lines()
                .map(without_comment)
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// The module that it is, as the names on the way to it.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        path.split('/').collect()
    }

    fn layer(&self) -> &str {
        self.module()[0]
    }
}

/// A line up to its comment; `//` within a text is none.
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quoted => at += 1,
            b'\'' if !quoted && bytes.get(at + 2) == Some(&b'\'') => at += 2,
            b'\'' if !quoted && bytes.get(at + 1) == Some(&b'\\') => at += 3,
            b'"' => quoted = !quoted,
            b'/' if !quoted && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
        at += 1;
    }
    line
}

/// Where a path leads: the layer, and the name after it where one is given.
type Import = (String, Option<String>);

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name at the beginning of a text, and what follows it.
fn name(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()))
}

/// The parts of `{a::b, c}`; a text that is no group is its own only part.
fn parts(text: &str) -> Vec<&str> {
    let Some(inner) = text.trim_start().strip_prefix('{') else {
        return vec![text];
    };
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => found.push(&inner[std::mem::replace(&mut from, at + 1)..at]),
            '}' if depth == 0 => {
                found.push(&inner[from..at]);
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found.retain(|part| !part.trim().is_empty());
    found
}

/// The imports of a path that begins at the root of the crate.
fn from_root(path: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for part in parts(path) {
        let (layer, rest) = name(part);
        // A macro stands at the root, whatever layer it is of.
        let of = MACROS
            .iter()
            .find(|(own, _)| *own == layer && rest.starts_with('!'));
        let layer = of.map_or(layer, |(_, of)| of);
        match rest.strip_prefix("::") {
            Some(rest) => found.extend(parts(rest).into_iter().map(|part| {
                let next = name(part).0;
                (
                    layer.to_owned(),
                    (!next.is_empty()).then(|| next.to_owned()),
                )
            })),
            None => found.push((layer.to_owned(), None)),
        }
    }
    found
}

/// Everything that leaves the file's own module: `crate::…`, and a chain of `super::` that
/// climbs to the root, or out of a protocol's folder.
fn imports(source: &Source) -> Vec<Import> {
    let code = source.code.as_str();
    let mut found = Vec::new();
    let begins = |at: usize| !code[..at].ends_with(is_word) && !code[..at].ends_with("super::");
    for (at, found_text) in code.match_indices("crate::").filter(|(at, _)| begins(*at)) {
        found.extend(from_root(&code[at + found_text.len()..]));
    }
    for (at, _) in code.match_indices("super::").filter(|(at, _)| begins(*at)) {
        let mut path = &code[at..];
        let mut module = source.module();
        while let Some(rest) = path.strip_prefix("super::") {
            module.pop();
            path = rest;
        }
        // A module within the file stands one deeper than the file, so a climb that seems to
        // reach the root may end below it: only the names of layers tell.
        let layer = |(layer, _): &Import| LAYERS.iter().any(|(name, _)| name == layer);
        match module[..] {
            [] => found.extend(from_root(path).into_iter().filter(layer)),
            ["protocols"] => {
                let own = parts(path).into_iter().map(|part| name(part).0.to_owned());
                let folders = own.filter(|name| folder_ids().contains(&id_of(name)));
                found.extend(folders.map(|name| ("protocols".to_owned(), Some(name))));
            }
            _ => {}
        }
    }
    found
}

/// The id of the lab in a folder: `two_phase_commit` holds `two-phase-commit`.
fn id_of(folder: &str) -> String {
    folder.replace('_', "-")
}

fn folder_ids() -> BTreeSet<String> {
    CATALOGUE
        .iter()
        .map(|plugin| plugin.info().id.to_owned())
        .collect()
}

/// What is wrong with one file.
fn violations(source: &Source) -> Vec<String> {
    let (path, layer, module) = (&source.path, source.layer(), source.module());
    let mut wrong = Vec::new();
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("{path}: {layer} is no layer")];
    };
    let own = (layer == "protocols")
        .then(|| module.get(1).copied())
        .flatten();
    let built_on = own
        .and_then(|own| splitbrain::protocols::find(&id_of(own)))
        .map_or(&[][..], |plugin| plugin.info().built_on);
    for (to, next) in imports(source) {
        if !allowed.contains(&to.as_str()) {
            wrong.push(format!("{path}: {layer} imports {to}"));
            continue;
        }
        if to != "protocols" {
            continue;
        }
        let named = next
            .as_deref()
            .filter(|next| folder_ids().contains(&id_of(next)));
        match (own, named) {
            // What the tests of all labs share.
            (Some(_), None) if next.as_deref() == Some("testing") => {}
            (Some(own), Some(other)) if own == other || built_on.contains(&&*id_of(other)) => {}
            (Some(own), _) => {
                let what = next.as_deref().unwrap_or("the catalogue");
                wrong.push(format!(
                    "{path}: {own} imports {what}, and is not built on it"
                ));
            }
            (None, Some(other)) if layer != "protocols" => {
                wrong.push(format!("{path}: {layer} names the protocol {other}"));
            }
            (None, _) => {}
        }
    }
    if layer == "ui" {
        let ids = folder_ids();
        let named = ids
            .iter()
            .filter(|id| source.code.contains(&format!("\"{id}\"")));
        wrong.extend(named.map(|id| format!("{path}: ui names the protocol {id}")));
    }
    if DETERMINISTIC.contains(&layer) {
        let said = FORBIDDEN.iter().filter(|word| mentions(&source.code, word));
        wrong.extend(said.map(|word| format!("{path}: mentions {word}")));
    }
    wrong
}

/// Whether a word, or a path of words, stands in the code.
fn mentions(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let after = &code[at + word.len()..];
        !code[..at].ends_with(is_word) && !after.starts_with(is_word)
    })
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the sources are there");
    for entry in entries {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn each_layer_imports_only_what_stands_to_its_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let path = file
            .strip_prefix(&root)
            .expect("below src")
            .to_string_lossy();
        let path = path.replace('\\', "/");
        // The roots join the layers.
        if ["lib.rs", "core.rs", "labs.rs", "main.rs"].contains(&path.as_str()) {
            continue;
        }
        let source = Source::new(&path, &std::fs::read_to_string(&file).expect("a text"));
        seen.insert(source.layer().to_owned());
        wrong.extend(violations(&source));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for layer in DETERMINISTIC {
        assert!(seen.contains(layer), "no source of {layer} was read");
    }
}

fn complaints(path: &str, text: &str) -> Vec<String> {
    violations(&Source::new(path, text))
}

#[test]
fn a_planted_import_is_found() {
    let planted = [
        (
            "engine/log.rs",
            "use crate::sim::World;",
            "engine imports sim",
        ),
        (
            "engine/log.rs",
            "use super::super::lab::Run;",
            "engine imports lab",
        ),
        (
            "sim/net.rs",
            "use crate::{engine::NodeId, lab::Run};",
            "sim imports lab",
        ),
        (
            "sim/net.rs",
            "let run = crate::lab::Run::new();",
            "sim imports lab",
        ),
        (
            "lab/run.rs",
            "use crate::{\n    engine::{Time, Span},\n    view::Scene,\n};",
            "lab imports view",
        ),
        (
            "lab/run.rs",
            "use crate::protocols::find;",
            "lab imports protocols",
        ),
        (
            "view/scene.rs",
            "pub use crate::ui::model;",
            "view imports ui",
        ),
        ("cli/run.rs", "use crate::ui::model;", "cli imports ui"),
        (
            "ui/stage.rs",
            "use crate::protocols::heartbeat::lab;",
            "ui names the protocol heartbeat",
        ),
        (
            "ui/stage.rs",
            "if id == \"heartbeat\" {}",
            "ui names the protocol heartbeat",
        ),
        (
            "protocols/other/lab.rs",
            "use crate::protocols::heartbeat::engine;",
            "other imports heartbeat",
        ),
        (
            "protocols/other/lab.rs",
            "use super::super::heartbeat::engine;",
            "other imports heartbeat",
        ),
        (
            "protocols/other/lab.rs",
            "use crate::protocols::{find};",
            "other imports find",
        ),
        ("extra/lab.rs", "", "extra is no layer"),
    ];
    for (path, text, wanted) in planted {
        let found = complaints(path, text);
        let hit = found.iter().any(|complaint| complaint.contains(wanted));
        assert!(hit, "{path}: {text:?} gave {found:?}, not {wanted:?}");
    }
}

#[test]
fn a_planted_clock_or_die_is_found() {
    let planted = [
        "use std::time::Duration;",
        "let now = Instant::now();",
        "let now = SystemTime::now();",
        "std::thread::spawn(|| ());",
        "let map: HashMap<u8, u8> = HashMap::new();",
        "use std::collections::{BTreeMap, HashSet};",
        "let n = rand::rng().random();",
        "let dice = rand::thread_rng();",
        "let url = \"http://x\"; let now = Instant::now();",
    ];
    for text in planted {
        for layer in DETERMINISTIC {
            let found = complaints(&format!("{layer}/planted.rs"), text);
            assert!(!found.is_empty(), "{layer}: {text:?} was not found");
        }
        assert!(
            complaints("ui/planted.rs", text).is_empty(),
            "the page may: {text:?}"
        );
    }
}

#[test]
fn what_is_allowed_is_let_pass() {
    let fine = [
        (
            "engine/log.rs",
            "// use crate::sim::World; an Instant, a HashMap",
        ),
        ("engine/note.rs", "$crate::engine::NoteKey(0)"),
        (
            "sim/world.rs",
            "use crate::engine::{Time, Span};\nuse super::net::Net;",
        ),
        ("sim/world.rs", "mod tests { use super::super::net::Net; }"),
        ("lab/run.rs", "let quote = '\"'; // thread \"HashMap"),
        (
            "lab/run.rs",
            "struct Instantly; let rethreaded = 1; // a \"HashMap\"",
        ),
        (
            "protocols/mod.rs",
            "pub mod heartbeat; use crate::lab::Lab;",
        ),
        (
            "protocols/heartbeat/lab.rs",
            "use super::engine::Monitor; use crate::view::Scene;",
        ),
        (
            "protocols/heartbeat/notes.rs",
            "crate::notes! { A = \"a\" [] \"\"; }",
        ),
        (
            "ui/stage.rs",
            "use crate::protocols::{CATALOGUE, find}; let beat = \"a heartbeat\";",
        ),
        (
            "cli/mod.rs",
            "use crate::protocols::labs; use crate::lab::Story;",
        ),
    ];
    for (path, text) in fine {
        assert_eq!(
            complaints(path, text),
            Vec::<String>::new(),
            "{path}: {text:?}"
        );
    }
}

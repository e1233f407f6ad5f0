//! The steps: fenced blocks whose first word is one of [`KINDS`].
//!
//! In the sheet a step is a line `KIND LINE`, and a line `- LINE:COLUMN KEY VALUE` for each of its
//! lines. Values that are prose are HTML; all others stand as they were written.

use super::page::inline;
use super::place::{Text, Wrong};

/// How the lines of a block are read.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Lines {
    /// Each is a line of a story, but for those that begin with one of the keys.
    Story,
    /// Each begins with a key.
    Keys,
}

/// A kind of block: its word, how its lines are read, and the keys that it knows, those whose values
/// are prose first.
struct Kind {
    word: &'static str,
    lines: Lines,
    prose: &'static [&'static str],
    plain: &'static [&'static str],
    /// The keys that it cannot do without.
    needs: &'static [&'static str],
}

const KINDS: [Kind; 5] = [
    Kind {
        word: "setup",
        lines: Lines::Story,
        prose: &[],
        plain: &[],
        needs: &["story"],
    },
    Kind {
        word: "run",
        lines: Lines::Story,
        prose: &[],
        plain: &["button"],
        needs: &["story"],
    },
    Kind {
        word: "act",
        lines: Lines::Keys,
        prose: &["task", "hint", "done"],
        plain: &["goal", "allow", "answer", "impossible", "speed", "panel"],
        needs: &["goal", "allow", "answer"],
    },
    Kind {
        word: "predict",
        lines: Lines::Keys,
        prose: &["ask", "option", "why"],
        plain: &["when", "then"],
        needs: &["ask", "option", "when", "then", "why"],
    },
    Kind {
        word: "picture",
        lines: Lines::Story,
        prose: &["caption"],
        plain: &[],
        needs: &["story", "caption"],
    },
];

impl Kind {
    /// Whether a line goes on with the one before it.
    fn goes_on(&self, line: &str) -> bool {
        self.lines == Lines::Keys && line.starts_with([' ', '\t']) && !line.trim().is_empty()
    }
}

/// Whether a fenced block with this word is a step.
pub(super) fn is_step(word: &str) -> bool {
    KINDS.iter().any(|kind| kind.word == word)
}

/// All the words of steps, for complaints.
pub(super) fn words() -> String {
    let words: Vec<_> = KINDS.iter().map(|kind| kind.word).collect();
    words.join(", ")
}

/// Writes a step into the sheet. `at` is where its fence begins, `body` where its lines are.
pub(super) fn write(
    text: &Text<'_>,
    word: &str,
    at: usize,
    body: std::ops::Range<usize>,
    sheet: &mut String,
) -> Result<(), Wrong> {
    let Some(kind) = KINDS.iter().find(|kind| kind.word == word) else {
        return Ok(());
    };
    sheet.push_str(&format!("{word} {}\n", text.place(at).line));
    let mut met: Vec<&str> = Vec::new();
    let mut start = body.start;
    let mut lines = text.all[body].split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let here = start;
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        // A line that begins with white space goes on with the one before.
        while let Some(more) = lines.next_if(|more| kind.goes_on(more)) {
            start += more.len();
        }
        let line = text.all[here..start].trim_end();
        met.push(write_line(text, kind, (here, line), sheet)?);
    }
    match kind.needs.iter().find(|key| !met.contains(key)) {
        Some(key) => {
            let wrong = text.wrong(at, "error-lesson-needs").with("block", word);
            Err(wrong.with("word", *key))
        }
        None => Ok(()),
    }
}

/// Writes one line of a step; returns its key.
fn write_line<'k>(
    text: &Text<'_>,
    kind: &'k Kind,
    (here, line): (usize, &str),
    sheet: &mut String,
) -> Result<&'k str, Wrong> {
    let indent = line.len() - line.trim_start().len();
    let word = line.trim_start().split(':').next().unwrap_or("");
    let find = |keys: &'k [&'k str]| {
        keys.iter()
            .copied()
            .find(|key| line.contains(':') && *key == word)
    };
    let (prose, plain) = (find(kind.prose), find(kind.plain));
    let Some(key) = prose.or(plain) else {
        if kind.lines == Lines::Keys {
            let known = [kind.prose, kind.plain].concat().join(", ");
            let wrong = text
                .wrong(here + indent, "error-lesson-key")
                .with("word", word);
            return Err(wrong.with("known", known));
        }
        let place = text.place(here);
        sheet.push_str(&format!("- {}:{} story {line}\n", place.line, place.column));
        return Ok("story");
    };
    let value = &line[indent + key.len() + 1..];
    let value_at = here + line.len() - value.trim_start().len();
    let place = text.place(value_at);
    let value = value.trim();
    let value = match prose {
        Some(_) => inline(text, value_at..value_at + value.len())?,
        None if value.contains('\n') => {
            let second = value_at + value.find('\n').unwrap_or(0) + 1;
            return Err(text.wrong(second, "error-lesson-line").with("word", key));
        }
        None => value.to_owned(),
    };
    sheet.push_str(&format!(
        "- {}:{} {key} {value}\n",
        place.line, place.column
    ));
    Ok(key)
}

//! Bad input: one sentence with its place, `file:line:column: what is wrong`.

use crate::lab::{Complaint, Dictionary, Lang, Phrase};
use std::fmt;

/// The words that all labs share, in the language of the command line.
pub(super) fn words() -> Dictionary {
    Dictionary::read(&[Dictionary::common(Lang::En)])
}

/// What is wrong with the input, and where.
///
/// For a flag the "file" is the flag itself, the line says which one of its uses, and the column
/// is that in its value: `--set:1:7`.
#[derive(Debug)]
pub(super) struct Bad {
    place: String,
    line: usize,
    column: usize,
    complaint: Complaint,
}

impl Bad {
    pub(super) fn at(
        place: impl Into<String>,
        line: usize,
        column: usize,
        complaint: Complaint,
    ) -> Self {
        Bad {
            place: place.into(),
            line,
            column,
            complaint,
        }
    }

    /// Something that went wrong with the file as a whole.
    pub(super) fn io(place: &str, key: &str, error: &std::io::Error) -> Self {
        Self::at(place, 1, 1, Phrase::new(key).with("why", error))
    }

    /// Prints it on stderr.
    pub(super) fn tell(&self) {
        eprintln!("{self}");
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = words().say(&self.complaint);
        write!(
            f,
            "{}:{}:{}: {sentence}",
            self.place, self.line, self.column
        )
    }
}

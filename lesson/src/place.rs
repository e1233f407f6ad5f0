//! Where something stands in the file, and what is wrong there.

use std::cell::RefCell;
use std::fmt;

/// A place in the file, both numbers from 1; the column counts characters.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What is wrong with a lesson, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// Where.
    pub place: Place,
    /// A key of the common locale file.
    pub key: &'static str,
    /// The sentence's arguments.
    pub args: Vec<(&'static str, String)>,
}

impl Wrong {
    /// Without arguments.
    #[must_use]
    pub fn new(place: Place, key: &'static str) -> Self {
        Wrong {
            place,
            key,
            args: Vec::new(),
        }
    }

    /// Adds an argument. What somebody wrote is cut to what a sentence can hold.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        const ECHOED: usize = 60;
        let mut value: String = value.into().replace('\n', " ");
        if let Some((end, _)) = value.char_indices().nth(ECHOED) {
            value.truncate(end);
            value.push('…');
        }
        self.args.push((name, value));
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}", self.place.line, self.place.column, self.key)?;
        for (name, value) in &self.args {
            write!(f, "\n{name} {value}")?;
        }
        Ok(())
    }
}

/// The text of a lesson with the beginnings of its lines.
pub(crate) struct Text<'a> {
    pub(crate) all: &'a str,
    starts: Vec<usize>,
    /// The terms of the glossary that it links to, each with where that stands.
    terms: RefCell<Vec<(Place, String)>>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(all: &'a str) -> Self {
        let ends = all.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        Text {
            all,
            starts: starts.collect(),
            terms: RefCell::default(),
        }
    }

    /// A link to a term was read at a byte of the text.
    pub(crate) fn used(&self, at: usize, term: &str) {
        let used = (self.place(at), term.to_owned());
        self.terms.borrow_mut().push(used);
    }

    /// The terms that were met, in the order of the text.
    pub(crate) fn terms(self) -> Vec<(Place, String)> {
        self.terms.into_inner()
    }

    /// Where a byte of the text stands.
    pub(crate) fn place(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let before = self.all.get(self.starts[line - 1]..at).unwrap_or("");
        Place {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// What is wrong at a byte of the text.
    pub(crate) fn wrong(&self, at: usize, key: &'static str) -> Wrong {
        Wrong::new(self.place(at), key)
    }
}

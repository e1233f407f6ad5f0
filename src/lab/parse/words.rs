//! The words of a line.

use super::{Complaint, Wrong};
use crate::lab::token::Token;

/// The words of a line, taken one after the other.
pub(in crate::lab) struct Words<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
}

impl<'a> Words<'a> {
    pub(in crate::lab) fn new(tokens: &'a [Token]) -> Self {
        let last = tokens.last();
        let end = last.map_or(1, |t| {
            t.column + t.text.chars().count() + 2 * usize::from(t.quoted)
        });
        Words { tokens, at: 0, end }
    }

    pub(in crate::lab) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(in crate::lab) fn column(&self) -> usize {
        self.peek().map_or(self.end, |token| token.column)
    }

    pub(in crate::lab) fn next(&mut self, what: &str) -> Result<&'a Token, Wrong> {
        let token = self.wait_for(what)?;
        self.at += 1;
        Ok(token)
    }

    /// That there is one more word, which is not taken yet.
    pub(in crate::lab) fn wait_for(&self, what: &str) -> Result<&'a Token, Wrong> {
        let missing = || (self.end, Complaint::new("error-missing").with("kind", what));
        self.peek().ok_or_else(missing)
    }

    pub(in crate::lab) fn take(&mut self, word: &str) -> bool {
        let there = self
            .peek()
            .is_some_and(|token| !token.quoted && token.text == word);
        self.at += usize::from(there);
        there
    }

    pub(in crate::lab) fn finish(&self) -> Result<(), Wrong> {
        self.peek().map_or(Ok(()), |extra| {
            Err((
                extra.column,
                Complaint::new("error-extra").echo("what", &extra.text),
            ))
        })
    }

    pub(in crate::lab) fn rest(&mut self) -> Vec<&'a str> {
        let rest = self.tokens[self.at..]
            .iter()
            .map(|token| token.text.as_str())
            .collect();
        self.at = self.tokens.len();
        rest
    }

    /// One word that `read` understands; else a complaint that lists what would be right.
    pub(in crate::lab) fn read<T>(
        &mut self,
        what: &str,
        known: impl FnOnce() -> String,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Wrong> {
        let token = self.next(what)?;
        read(&token.text).ok_or_else(|| {
            let complaint = Complaint::new("error-word")
                .echo("word", &token.text)
                .with("kind", what)
                .with("known", known());
            (token.column, complaint)
        })
    }
}

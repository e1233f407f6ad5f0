//! The words of one line of a story, with their columns.

use super::parse::Complaint;

/// One word. Columns count characters from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) column: usize,
    pub(super) quoted: bool,
}

/// Splits a line into words. `>`, `|` and `#` before a number stand alone; a quoted sentence is
/// one word; what follows a `#` that begins a word (and no number) is a comment.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, (usize, Complaint)> {
    let chars: Vec<char> = line.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let digit_next = chars.get(at + 1).is_some_and(char::is_ascii_digit);
        match chars[at] {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '#' if !digit_next => break,
            '"' => {
                let end = chars[at + 1..]
                    .iter()
                    .position(|c| *c == '"')
                    .map(|i| at + 1 + i);
                let Some(end) = end else {
                    return Err((start + 1, Complaint::new("error-quote-open")));
                };
                let text = chars[at + 1..end].iter().collect();
                found.push(Token {
                    text,
                    column: start + 1,
                    quoted: true,
                });
                at = end + 1;
                continue;
            }
            '>' | '|' => at += 1,
            _ => {
                let ends = |c: &char| c.is_whitespace() || matches!(c, '>' | '|' | '"');
                at = chars[at..]
                    .iter()
                    .position(ends)
                    .map_or(chars.len(), |i| at + i);
            }
        }
        let text = chars[start..at].iter().collect();
        found.push(Token {
            text,
            column: start + 1,
            quoted: false,
        });
    }
    Ok(found)
}

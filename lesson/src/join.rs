//! What stands between two lines of prose once they are one line: a space, but not in Chinese.

/// A space, unless the line end stood in a run of Chinese, or beside one of its punctuation marks.
pub(super) fn between(before: &str, after: &str) -> &'static str {
    let (Some(last), Some(first)) = (last(before), first(after)) else {
        return " ";
    };
    let run = (wide(last) && (wide(first) || quote(first))) || (quote(last) && wide(first));
    if run || mark(last) || mark(first) {
        ""
    } else {
        " "
    }
}

/// The last character of a line that is not part of a tag.
fn last(mut line: &str) -> Option<char> {
    while line.ends_with('>') {
        line = &line[..line.rfind('<')?];
    }
    line.chars().next_back()
}

/// The first character of a line that is not part of a tag.
fn first(mut line: &str) -> Option<char> {
    while line.starts_with('<') {
        line = &line[line.find('>')? + 1..];
    }
    line.chars().next()
}

/// Ideographs, kana and the punctuation that is as wide as they are.
fn wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        || mark(c)
}

/// Wide punctuation brings its own space.
fn mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF65}')
}

/// Marks that Chinese shares with other languages.
fn quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—')
}

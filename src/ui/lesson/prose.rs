//! The prose of a sheet. Its HTML was made by the package `splitbrain-lesson`, which lets nothing
//! through that acts; no other text is ever shown as HTML.

use yew::{AttrValue, Html};

/// How a term begins in a sheet.
const TERM: &str = "<a href=\"term:";
/// What never begins a line.
const CLOSING: [char; 12] = [
    '.', ',', ';', ':', ')', '!', '?', '\u{3002}', '\u{ff0c}', '\u{ff1b}', '\u{ff1a}', '\u{ff09}',
];
/// How a link to elsewhere begins there.
const AWAY: &str = "<a href=\"http";

/// Prose: a term is a button that tells what it means, and what leads away opens beside the page.
pub(super) fn prose(html: &str) -> Html {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find(TERM) {
        let (before, link) = rest.split_at(at);
        out.push_str(before);
        let inner = &link[TERM.len()..];
        let parts = inner.split_once("\">").and_then(|(term, rest)| {
            let (text, rest) = rest.split_once("</a>")?;
            Some((term, text, rest))
        });
        let Some((term, text, after)) = parts else {
            rest = inner;
            continue;
        };
        // What closes the sentence or the bracket stays on the line of the term.
        let closes = after.len() - after.trim_start_matches(CLOSING).len();
        let (closing, after) = after.split_at(closes);
        out.push_str(
            "<span class=\"together\"><button type=\"button\" class=\"term\" data-term=\"",
        );
        // A title of the link is no part of the term.
        out.push_str(term.split('"').next().unwrap_or_default());
        out.push_str("\">");
        out.push_str(text);
        out.push_str("</button>");
        out.push_str(closing);
        out.push_str("</span>");
        rest = after;
    }
    out.push_str(rest);
    let away = "<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"http";
    Html::from_html_unchecked(AttrValue::from(out.replace(AWAY, away)))
}

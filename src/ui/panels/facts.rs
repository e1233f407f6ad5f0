//! Facts as rows of a tree: names, depths, texts.

use super::parts::{about, clock_text, hidden};
use crate::engine::{Fact, Facts};
use crate::lab::{Dictionary, Names, fact_text};
use crate::sim::{Cell, Status};
use yew::prelude::*;

/// Of a long list the last so many are shown.
const LAST: usize = 30;

/// One row of the tree.
#[derive(Clone, PartialEq)]
pub(super) struct Row {
    /// How deep it stands.
    pub(super) depth: usize,
    /// Its place in the tree: what it is recognised by in the next step.
    pub(super) path: String,
    /// Its name.
    pub(super) name: String,
    /// Its value; a heading has none.
    pub(super) value: Option<String>,
}

/// The rows of a tree, depth first.
pub(super) fn rows(facts: &Facts, names: &Names, words: &Dictionary, root: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    walk(facts, (names, words), (0, root), &mut rows);
    rows
}

fn walk(
    facts: &Facts,
    texts: (&Names, &Dictionary),
    (depth, path): (usize, &str),
    rows: &mut Vec<Row>,
) {
    for (at, (name, fact)) in facts.0.iter().enumerate() {
        let label = texts.1.get(&format!("fact.{name}")).unwrap_or(name);
        // Several facts of one name are told apart by their number.
        let before = facts.0[..at].iter().filter(|(other, _)| other == name);
        let path = match before.count() {
            0 => format!("{path}/{name}"),
            nth => format!("{path}/{name}.{nth}"),
        };
        one(label, fact, texts, (depth, &path), rows);
    }
}

fn one(
    name: &str,
    fact: &Fact,
    texts: (&Names, &Dictionary),
    (depth, path): (usize, &str),
    rows: &mut Vec<Row>,
) {
    let mut push = |value| {
        rows.push(Row {
            depth,
            path: path.to_owned(),
            name: name.to_owned(),
            value,
        });
    };
    match fact {
        Fact::Group(inner) => {
            push(None);
            walk(inner, texts, (depth + 1, path), rows);
        }
        Fact::List(items) if items.iter().any(|item| matches!(item, Fact::Group(_))) => {
            push(Some(items.len().to_string()));
            let first = items.len().saturating_sub(LAST);
            for (i, item) in items.iter().enumerate().skip(first) {
                let at = (depth + 1, &*format!("{path}/{i}"));
                one(&(i + 1).to_string(), item, texts, at, rows);
            }
        }
        Fact::Nothing
        | Fact::Flag(_)
        | Fact::Int(_)
        | Fact::Node(_)
        | Fact::Span(_)
        | Fact::Time(_)
        | Fact::Word(_)
        | Fact::Place(..)
        | Fact::Key(_)
        | Fact::List(_) => push(Some(text(fact, texts))),
    }
}

/// A fact in words.
pub(in crate::ui) fn fact(fact: &Fact, names: &Names, words: &Dictionary) -> String {
    text(fact, (names, words))
}

fn text(fact: &Fact, texts: (&Names, &Dictionary)) -> String {
    let (names, words) = texts;
    match fact {
        Fact::Flag(flag) => words.text(if *flag { "fact-yes" } else { "fact-no" }),
        Fact::Nothing => words.text("fact-nothing"),
        Fact::Key(key) => {
            let role = format!("role.{key}");
            let known = words.get(key).or_else(|| words.get(&role));
            known.unwrap_or(key).to_owned()
        }
        Fact::List(items) if items.is_empty() => words.text("fact-empty"),
        Fact::List(items) => {
            let first = items.len().saturating_sub(LAST);
            let shown = items[first..].iter().map(|item| text(item, texts));
            let before = (first > 0).then(|| "…".to_owned());
            before
                .into_iter()
                .chain(shown)
                .collect::<Vec<_>>()
                .join("  ")
        }
        // The traces have them to the microsecond.
        Fact::Span(span) => about(*span),
        Fact::Time(time) => clock_text(*time),
        Fact::Int(_) | Fact::Node(_) | Fact::Word(_) | Fact::Place(..) | Fact::Group(_) => {
            fact_text(fact, names)
        }
    }
}

/// What stands at a place of a node's state; what is down holds nothing in memory.
pub(in crate::ui) fn value_at(cell: &Cell, names: &Names, path: &str) -> Option<String> {
    let mut facts = Facts::default();
    let disk = path.starts_with("disk/");
    if disk {
        cell.node().disk_facts(&mut facts);
    } else if cell.status() != Status::Down {
        cell.node().facts(&mut facts);
    }
    let root = if disk { "disk" } else { "memory" };
    let rows = rows(&facts, names, &Dictionary::default(), root);
    rows.into_iter().find(|row| row.path == path)?.value
}

/// What a click on a value asks, by its place in the tree.
pub(super) type Why<'a> = &'a dyn Fn(&str) -> Callback<MouseEvent>;

/// The rows as a table. What is in `changed` is marked.
pub(super) fn table(
    caption: Html,
    class: &'static str,
    rows: &[Row],
    changed: &[String],
    words: &Dictionary,
    why: Option<Why<'_>>,
) -> Html {
    let row = |row: &Row| {
        let now = changed.contains(&row.path);
        let style = format!("--depth:{}", row.depth);
        let new = if now {
            hidden(words.text("state.changed"))
        } else {
            html! {}
        };
        let value = match &row.value {
            Some(value) => match why {
                // A click asks since when it is so.
                Some(why) => html! {
                    <td><button type="button" class="bare" title={words.text("state.why")}
                        onclick={why(&row.path)}>{ value }{ new }</button></td>
                },
                None => html! { <td>{ value }{ new }</td> },
            },
            None => html! { <td></td> },
        };
        html! {
            <tr key={row.path.clone()} {style} class={now.then_some("changed")}>
                <th scope="row">{ &row.name }</th>{ value }
            </tr>
        }
    };
    html! {
        <table class={classes!("facts", class)}>
            <caption>{ caption }</caption>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}

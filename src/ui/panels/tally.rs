//! Who has said yes to whom.

use super::parts::hidden;
use crate::lab::Phrase;
use crate::ui::model::ShotRef;
use crate::view::{TallyRow, Vote};
use yew::prelude::*;

/// What a tally is given.
#[derive(Properties, PartialEq)]
pub(super) struct TallyProps {
    pub(super) shot: ShotRef,
    pub(super) rows: Vec<TallyRow>,
    pub(super) caption: Phrase,
}

/// One row a candidate.
#[component]
pub(super) fn Tally(props: &TallyProps) -> Html {
    let rows = props.rows.iter().enumerate();
    html! {
        <div class="tally">
            <p class="cap">{ props.shot.words.say(&props.caption) }</p>
            <ul class="rows">{ for rows.map(|(i, row)| row_html(props, i, row)) }</ul>
        </div>
    }
}

fn row_html(props: &TallyProps, i: usize, row: &TallyRow) -> Html {
    let words = &props.shot.words;
    let yes = row.votes.iter().filter(|(_, vote)| *vote == Vote::Yes);
    let yes = yes.count();
    let enough = yes >= row.needed;
    let sum = Phrase::new(if enough {
        "tally.enough"
    } else {
        "tally.needed"
    })
    .with("yes", yes)
    .with("needed", row.needed);
    let vote = |(i, (name, vote)): (usize, &(String, Vote))| {
        let (class, sign, key) = match vote {
            Vote::Yes => ("yes", "✓", "tally.yes"),
            Vote::No => ("no", "✕", "tally.no"),
            Vote::Waiting => ("waiting", "…", "tally.waiting"),
        };
        html! {
            <li key={i} class={classes!("vote", class)} title={words.text(key)}>
                { name }<b aria-hidden="true">{ sign }</b>{ hidden(words.text(key)) }
            </li>
        }
    };
    html! {
        <li key={i}>
            <strong>{ words.say(&row.what) }</strong>
            <span class={classes!("sum", enough.then_some("enough"))}>{ words.say(&sum) }</span>
            <ul class="votes">{ for row.votes.iter().enumerate().map(vote) }</ul>
        </li>
    }
}

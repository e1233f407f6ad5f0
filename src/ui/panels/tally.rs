//! Who has said yes to whom.

use super::parts::hidden;
use crate::lab::Phrase;
use crate::ui::model::Shot;
use crate::view::{TallyRow, Vote};
use yew::prelude::*;

/// One row a candidate.
pub(super) fn tally(shot: &Shot, rows: &[TallyRow], caption: &Phrase, key: &str) -> Html {
    let rows = rows.iter().enumerate();
    html! {
        <div key={key} class="tally">
            <p class="cap">{ shot.words.say(caption) }</p>
            <ul class="rows">{ for rows.map(|(i, row)| row_html(shot, i, row)) }</ul>
        </div>
    }
}

fn row_html(shot: &Shot, i: usize, row: &TallyRow) -> Html {
    let words = &shot.words;
    let yes = row.votes.iter().filter(|(_, vote)| *vote == Vote::Yes);
    let yes = yes.count();
    let enough = yes >= row.needed && row.over.is_none();
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
    let over = row
        .over
        .iter()
        .map(|over| html! { <b key="over" class="over">{ words.say(over) }</b> });
    let beside = row
        .beside
        .iter()
        .map(|beside| html! { <p key="beside" class="cap">{ words.say(beside) }</p> });
    html! {
        <li key={i}>
            <strong>{ words.say(&row.what) }</strong>
            <span class={classes!("sum", enough.then_some("enough"))}>{ words.say(&sum) }</span>
            <>{ for over }</>
            <ul class="votes">{ for row.votes.iter().enumerate().map(vote) }</ul>
            <>{ for beside }</>
        </li>
    }
}

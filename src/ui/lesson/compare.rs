//! The page that sets protocols side by side: what stands in `src/ui/compare.txt`, which the engines have measured.

use super::{Place, link_to};
use crate::lab::contest::{
    Cell, Cost, MISFORTUNES, Promise, RUNS, Row, SERVERS, Sheet, Term, tenths,
};
use crate::lab::{Card, Dictionary, Lang, Phrase};
use crate::protocols::{CATALOGUE, find};
use crate::ui::model::Intent;
use std::collections::BTreeMap;
use yew::{Callback, Html, classes, html};

/// What all tables are made of.
struct Page<'a> {
    words: &'a Dictionary,
    on: &'a Callback<Intent>,
    sheet: Sheet,
    /// The labs' own words, by `LAB/KEY`.
    own: BTreeMap<&'a str, &'a str>,
}

impl Page<'_> {
    fn text(&self, key: &str) -> String {
        self.words.text(&format!("compare.{key}"))
    }

    fn of_lab(&self, lab: &str, key: &str) -> String {
        let text = self.own.get(format!("{lab}/{key}").as_str());
        text.map_or_else(|| key.to_owned(), |text| (*text).to_owned())
    }

    fn title(&self, lab: &str) -> String {
        self.words.text(&format!("{lab}/lab.title"))
    }

    /// The rows of a family, in the order of the catalogue.
    fn family(&self, family: &str) -> Vec<&Row> {
        let of = |row: &&Row| card(&row.lab).is_some_and(|card| card.family == family);
        self.sheet.rows.iter().filter(of).collect()
    }

    /// By what a lab is judged; where its variants are judged otherwise, of each.
    fn judged(&self, lab: &str) -> String {
        let rows: Vec<&Row> = self
            .sheet
            .rows
            .iter()
            .filter(|row| row.lab == lab)
            .collect();
        let alike = rows.windows(2).all(|pair| pair[0].judged == pair[1].judged);
        let shown = if alike { rows.len().min(1) } else { rows.len() };
        let told = rows[..shown].iter().map(|row| {
            let checks = row.judged.iter();
            let checks = checks.map(|check| self.of_lab(lab, &format!("check.{check}")));
            let checks = checks.collect::<Vec<_>>().join(" \u{b7} ");
            let phrase = if alike {
                Phrase::new("compare.judged")
            } else {
                Phrase::new("compare.judged-variant").with("variant", row.variant.clone())
            };
            self.words.say(&phrase.with("checks", checks))
        });
        told.collect::<Vec<_>>().join(" ")
    }

    /// A lab, as the head of a row or a column.
    fn name(&self, row: &Row) -> Html {
        let open = Intent::OpenLab(row.lab.clone());
        let variant = (!row.variant.is_empty()).then(|| html! { <code>{ &row.variant }</code> });
        html! {
            <>
                <a href={format!("#/{}", row.lab)} onclick={link_to(self.on, open)}>{ self.title(&row.lab) }</a>
                { for variant }
            </>
        }
    }
}

fn card(lab: &str) -> Option<&'static Card> {
    find(lab).map(|plugin| plugin.card())
}

/// The words in a language, out of the lines `word LAB/KEY | English | 中文`.
fn own(text: &str, lang: Lang) -> BTreeMap<&str, &str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("word "));
    let word = |line| {
        let mut parts = str::split(line, " | ");
        let (key, en, zh) = (parts.next()?, parts.next()?, parts.next()?);
        let text = match lang {
            Lang::En => en,
            Lang::ZhHans => zh,
        };
        Some((key, text))
    };
    lines.filter_map(word).collect()
}

/// The page.
#[inline(never)]
pub(in crate::ui) fn compare(
    words: &Dictionary,
    lang: Lang,
    on: &Callback<Intent>,
    text: Option<&str>,
) -> Html {
    let text = text.unwrap_or_default();
    let page = Page {
        words,
        on,
        sheet: Sheet::parse(text),
        own: own(text, lang),
    };
    let mut families: Vec<&'static str> = Vec::new();
    for plugin in CATALOGUE {
        let family = plugin.card().family;
        if !families.contains(&family) && !page.family(family).is_empty() {
            families.push(family);
        }
    }
    let lead = Phrase::new("compare.lead").with("n", SERVERS);
    let struck = Phrase::new("compare.struck").with("runs", RUNS);
    html! {
        <main key="compare" class="front listing compared" id="main">
            <h1>{ page.text("title") }</h1>
            <p class="lead">{ words.say(&lead) }</p>
            <p class="lead">{ words.say(&struck) }</p>
            { legend(&page) }
            { for families.into_iter().map(|family| section(&page, family)) }
        </main>
    }
}

fn legend(page: &Page) -> Html {
    let entry = |(promise, id): (Promise, &'static str)| {
        let told = page.text(&format!("promise-{id}"));
        html! {
            <li key={id}>{ mark(promise) }<b>{ page.text(id) }</b>{ " " }<span>{ told }</span></li>
        }
    };
    // A promise that is broken stands in no cell: a test holds that.
    let shown = Promise::ALL.into_iter();
    let shown = shown.filter(|(promise, _)| *promise != Promise::Broken);
    html! { <ul class="marks">{ for shown.map(entry) }</ul> }
}

/// The shape that goes with the word.
fn mark(promise: Promise) -> Html {
    let (class, sign) = match promise {
        Promise::Kept => ("kept", "\u{2713}"),
        Promise::Held => ("held", "\u{25cb}"),
        Promise::NotGiven => ("not-given", "\u{25b3}"),
        Promise::Broken => ("broken", "\u{2715}"),
    };
    html! { <span class={classes!("mark", class)} aria-hidden="true">{ sign }</span> }
}

fn section(page: &Page, family: &'static str) -> Html {
    let rows = page.family(family);
    let title = page.words.text(&format!("family.{family}"));
    let mut units: Vec<&str> = rows.iter().map(|row| row.lab.as_str()).collect();
    units.dedup();
    let unit = |lab: &str| {
        let phrase = Phrase::new("compare.unit")
            .with("lab", page.title(lab))
            .with("unit", page.of_lab(lab, "contest.unit"))
            .with("charge", page.of_lab(lab, "contest.charge"));
        html! { <li key={lab.to_owned()}>{ page.words.say(&phrase) }{ " " }{ page.judged(lab) }</li> }
    };
    html! {
        <section key={family}>
            <h2 id={format!("compare-{family}")}>{ &title }</h2>
            <ul class="units">{ for units.into_iter().map(unit) }</ul>
            <p class="swipe">{ page.text("swipe") }</p>
            { costs(page, &title, &rows) }
            { survival(page, &title, &rows) }
        </section>
    }
}

/// A table that scrolls by itself where it is wider than the page.
fn scroller(label: String, table: Html) -> Html {
    html! { <div class="scroller" role="region" tabindex="0" aria-label={label}>{ table }</div> }
}

fn costs(page: &Page, family: &str, rows: &[&Row]) -> Html {
    let heads = [
        "protocol",
        "course",
        "until-done",
        "in-all",
        "delays",
        "writes",
        "formulas",
    ];
    let head = |key: &'static str| html! { <th {key} scope="col">{ page.text(key) }</th> };
    let body = rows.iter().map(|row| {
        let span = row.costs.len().to_string();
        let lines = row.costs.iter().enumerate().map(|(at, cost)| {
            let name = (at == 0).then(|| {
                html! { <th scope="rowgroup" rowspan={span.clone()}>{ page.name(row) }</th> }
            });
            html! { <tr key={cost.case.clone()}>{ for name }{ cost_cells(page, row, cost) }</tr> }
        });
        html! { <tbody key={format!("{} {}", row.lab, row.variant)}>{ for lines }</tbody> }
    });
    let caption = page.text("costs");
    let table = html! {
        <table class="plain costs">
            <caption>{ &caption }</caption>
            <thead><tr>{ for heads.into_iter().map(head) }</tr></thead>
            { for body }
        </table>
    };
    scroller(format!("{family}: {caption}"), table)
}

fn cost_cells(page: &Page, row: &Row, cost: &Cost) -> Html {
    let none = || "\u{2013}".to_owned();
    let done = cost.until_done.map_or_else(none, |count| count.to_string());
    let delays = cost.delays_tenths.map_or_else(none, tenths);
    let case = page.of_lab(&row.lab, &format!("contest.{}", cost.case));
    let terms = cost.terms.iter().enumerate();
    let terms = terms.map(|(at, one)| html! { <li key={at}>{ term(page, one) }</li> });
    let sum = cost
        .wants_sum()
        .then(|| html! { <li key="sum">{ sum(page, cost) }</li> });
    let nothing = cost.terms.is_empty().then_some("\u{2013}");
    html! {
        <>
            <td><a href={cost.address.clone()}>{ case }</a></td>
            <td class="count">{ done }</td>
            <td class="count">{ cost.messages }</td>
            <td class="count">{ delays }</td>
            <td class="count">{ cost.writes }</td>
            <td>{ for nothing }<ul class="terms">{ for terms }{ for sum }</ul></td>
        </>
    }
}

/// How the messages until it is done add up, where a formula speaks of some of them.
fn sum(page: &Page, cost: &Cost) -> Html {
    let kinds = cost.kinds.iter();
    let kinds: Vec<String> = kinds
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let total: u64 = cost.kinds.iter().map(|(_, count)| count).sum();
    let (about, kinds) = (page.text("until-done"), kinds.join(" + "));
    html! { <><small>{ about }{ ": " }</small>{ total }{ " = " }{ kinds }</> }
}

/// A formula beside what was measured.
fn term(page: &Page, term: &Term) -> Html {
    let about = match term.about.as_str() {
        key @ ("until-done" | "in-all" | "writes") => page.text(key),
        kinds => kinds.replace('+', " + "),
    };
    let sign = if term.at_most {
        format!(" \u{2264} {} = ", term.value)
    } else {
        " = ".to_owned()
    };
    let (class, key) = match (term.agrees(), term.at_most) {
        (true, true) => ("good", "holds"),
        (true, false) => ("good", "agrees"),
        (false, _) => ("bad", "differs"),
    };
    html! {
        <>
            <small>{ about }{ ": " }</small>
            { term.measured }{ sign }{ &term.formula }
            { " " }<small {class}>{ page.text(key) }</small>
        </>
    }
}

fn survival(page: &Page, family: &str, rows: &[&Row]) -> Html {
    let head = rows.iter().map(|row| {
        html! { <th key={format!("{} {}", row.lab, row.variant)} scope="col">{ page.name(row) }</th> }
    });
    let line = |at: usize, id: &'static str| {
        let cells = rows.iter().map(|row| {
            let cell = row.cells.get(at).map(|cell| outcome(page, row, cell));
            html! { <td key={format!("{} {}", row.lab, row.variant)}>{ for cell }</td> }
        });
        html! {
            <tr key={id}><th scope="row">{ page.text(&format!("misfortune-{id}")) }</th>{ for cells }</tr>
        }
    };
    let lines = MISFORTUNES.iter().enumerate();
    let lines = lines.map(|(at, misfortune)| line(at, misfortune.id));
    let caption = page.text("survival");
    let table = html! {
        <table class="plain survival">
            <caption>{ &caption }</caption>
            <thead><tr><th scope="col">{ page.text("misfortune") }</th>{ for head }</tr></thead>
            <tbody>{ for lines }</tbody>
        </table>
    };
    scroller(format!("{family}: {caption}"), table)
}

/// Whether work went on, in a word, with the count where the runs differ.
fn went_on(page: &Page, what: &str, runs: u64) -> String {
    let key = match runs {
        0 => format!("compare.{what}-none"),
        RUNS => format!("compare.{what}-all"),
        _ => format!("compare.{what}-some"),
    };
    page.words
        .say(&Phrase::new(key).with("n", runs).with("runs", RUNS))
}

/// Whether work went on meanwhile; where there is one unit in a run, apart from what was done before.
fn meanwhile(page: &Page, cell: &Cell) -> String {
    let before = match cell.before {
        None | Some(0) => return went_on(page, "during", cell.during),
        Some(before) => before,
    };
    let key = match cell.during {
        _ if before == RUNS => "compare.once-done",
        0 => "compare.once-none",
        during if during + before == RUNS => "compare.once-all",
        _ => "compare.once-some",
    };
    let phrase = Phrase::new(key).with("before", before).with("runs", RUNS);
    page.words.say(&phrase.with("n", cell.during))
}

/// What became of those in doubt.
fn doubt(page: &Page, cell: &Cell) -> Option<String> {
    let doubt = cell.doubt?;
    let mut all = MISFORTUNES.iter();
    let calms = all.any(|misfortune| misfortune.id == cell.misfortune && misfortune.calms);
    let phrase = match doubt.waits {
        0 if doubt.longest_ms == 0 => return None,
        0 => Phrase::new("compare.doubt-ends").with("ms", doubt.longest_ms),
        waits => {
            let key = if calms { "lasts" } else { "for-ever" };
            let phrase = Phrase::new(format!("compare.doubt-{key}"));
            phrase.with("n", waits).with("runs", RUNS)
        }
    };
    Some(page.words.say(&phrase))
}

fn outcome(page: &Page, row: &Row, cell: &Cell) -> Html {
    // On a phone the head of the column is soon out of sight.
    let variant = (!row.variant.is_empty()).then(|| format!(" {}", row.variant));
    let doubt = doubt(page, cell).map(|told| html! { <small>{ told }</small> });
    let broken = cell.check.as_ref().map(|check| {
        let sentence = page.of_lab(&row.lab, &format!("check.{check}"));
        let phrase = Phrase::new("compare.breaks")
            .with("check", sentence)
            .with("n", cell.broken)
            .with("runs", RUNS);
        html! { <small class="what">{ page.words.say(&phrase) }</small> }
    });
    html! {
        <a class={classes!("outcome", cell.promise.id())} href={cell.address.clone()}>
            <small class="whose">{ page.title(&row.lab) }{ for variant }</small>
            <span class="verdict">{ mark(cell.promise) }<b>{ page.text(cell.promise.id()) }</b></span>
            { for broken }
            <small>{ meanwhile(page, cell) }</small>
            { for doubt }
            <small>{ went_on(page, "after", cell.after) }</small>
        </a>
    }
}

/// The way to this page from another one that lists.
pub(super) fn way(words: &Dictionary, on: &Callback<Intent>) -> Html {
    let go = link_to(on, Intent::Visit(Place::Compare));
    html! {
        <p class="lead"><a href={Place::Compare.fragment()} onclick={go}>{ words.text("compare.way") }</a></p>
    }
}

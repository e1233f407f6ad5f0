//! What was measured, as text that prints and parses: the page shows nothing else.
//!
//! ```text
//! row LAB VARIANT N CHECK CHECK ..
//! cost CASE UNTIL_DONE MESSAGES DELAYS WRITES ADDRESS KIND=COUNT ..
//! term ABOUT VALUE MEASURED exactly|at-most FORMULA
//! cell MISFORTUNE PROMISE BROKEN CHECK BEFORE DURING AFTER DOUBT WAITS ADDRESS
//! ```
//!
//! `-` stands for what there is none of. A `term` belongs to the `cost` before it, all to the `row` before.

use std::fmt;

/// How it stands with what a lab promises, after a misfortune.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Promise {
    /// All was promised, and nothing broke.
    Kept,
    /// Nothing broke, though not all was promised.
    Held,
    /// Something broke that was not promised.
    NotGiven,
    /// Something broke that was promised.
    Broken,
}

impl Promise {
    /// All of them, with their stable ids.
    pub const ALL: [(Promise, &'static str); 4] = [
        (Promise::Kept, "kept"),
        (Promise::Held, "held"),
        (Promise::NotGiven, "not-given"),
        (Promise::Broken, "broken"),
    ];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A formula beside what was measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// As one reads it.
    pub formula: String,
    /// What it comes to.
    pub value: u64,
    /// What was measured of the same.
    pub measured: u64,
    /// Of what: `until-done`, `in-all`, `writes`, or the kinds of messages, with `+` between.
    pub about: String,
    /// Whether it is a bound.
    pub at_most: bool,
}

impl Term {
    /// Whether what was measured is what the formula says.
    #[must_use]
    pub fn agrees(&self) -> bool {
        if self.at_most {
            self.measured <= self.value
        } else {
            self.measured == self.value
        }
    }

    /// Whether it names this kind of messages.
    #[must_use]
    pub fn is_about(&self, kind: &str) -> bool {
        self.about.split('+').any(|named| named == kind)
    }
}

/// What a unit of work cost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Its course: [`super::Case::id`].
    pub case: String,
    /// The messages that were sent until it was done; `None` where it never was.
    pub until_done: Option<u64>,
    /// All that came of it.
    pub messages: u64,
    /// The time until it was done, in tenths of the time that a message takes.
    pub delays_tenths: Option<u64>,
    /// Writes to the disks of servers.
    pub writes: u64,
    /// What formulas say.
    pub terms: Vec<Term>,
    /// The messages until it was done, by their kinds.
    pub kinds: Vec<(String, u64)>,
    /// The address of the run.
    pub address: String,
}

impl Cost {
    /// Whether a formula speaks of some of the messages until it was done, and not of all: then one wants to know how they add up.
    #[must_use]
    pub fn wants_sum(&self) -> bool {
        let of_kinds = |term: &Term| self.kinds.iter().any(|(kind, _)| term.is_about(kind));
        let mut partial = self.terms.iter().filter(|term| of_kinds(term));
        partial.any(|term| !self.kinds.iter().all(|(kind, _)| term.is_about(kind)))
    }
}

/// What came of a misfortune.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Which.
    pub misfortune: String,
    /// How it stands with the promises.
    pub promise: Promise,
    /// In how many runs a check broke.
    pub broken: u64,
    /// Which one, in the run that is shown.
    pub check: Option<String>,
    /// Where there is one unit in a run: in how many runs it was done before the misfortune.
    pub before: Option<u64>,
    /// In how many runs work was finished meanwhile; of the others, where there is one unit in a run.
    pub during: u64,
    /// In how many behind it.
    pub after: u64,
    /// What became of those in doubt, where a lab says who is.
    pub doubt: Option<Doubt>,
    /// The address of a run.
    pub address: String,
}

/// What became of those that waited for somebody else's decision.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The longest that anybody waited who was told meanwhile, over all runs, in milliseconds.
    pub longest_ms: u64,
    /// In how many runs somebody waited from its beginning to its end.
    pub waits: u64,
}

/// What was measured of one variant of a lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The lab's id.
    pub lab: String,
    /// [`super::Variant::id`].
    pub variant: String,
    /// How many servers there were.
    pub servers: u64,
    /// The checks by which it is judged.
    pub judged: Vec<String>,
    /// What a unit of work costs.
    pub costs: Vec<Cost>,
    /// What it survives, in the order of [`super::MISFORTUNES`].
    pub cells: Vec<Cell>,
}

/// All that was measured.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// A row for each variant of each lab.
    pub rows: Vec<Row>,
}

/// A word, or `-` for none.
fn some(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn none(text: &str) -> String {
    if text == "-" {
        String::new()
    } else {
        text.to_owned()
    }
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|row| row.fmt(f))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "row {} {} {}",
            self.lab,
            some(&self.variant),
            self.servers
        )?;
        for check in &self.judged {
            write!(f, " {check}")?;
        }
        writeln!(f)?;
        for cost in &self.costs {
            let (done, delays) = (number(cost.until_done), number(cost.delays_tenths));
            let (case, address) = (&cost.case, &cost.address);
            let (messages, writes) = (cost.messages, cost.writes);
            write!(
                f,
                "cost {case} {done} {messages} {delays} {writes} {address}"
            )?;
            for (kind, count) in &cost.kinds {
                write!(f, " {kind}={count}")?;
            }
            writeln!(f)?;
            for term in &cost.terms {
                let relation = if term.at_most { "at-most" } else { "exactly" };
                let (value, measured) = (term.value, term.measured);
                let (about, formula) = (&term.about, &term.formula);
                writeln!(f, "term {about} {value} {measured} {relation} {formula}")?;
            }
        }
        for cell in &self.cells {
            let (id, promise, broken) = (&cell.misfortune, cell.promise.id(), cell.broken);
            let check = some(cell.check.as_deref().unwrap_or_default());
            let (during, after, address) = (cell.during, cell.after, &cell.address);
            let before = number(cell.before);
            let longest = number(cell.doubt.map(|doubt| doubt.longest_ms));
            let waits = number(cell.doubt.map(|doubt| doubt.waits));
            writeln!(
                f,
                "cell {id} {promise} {broken} {check} {before} {during} {after} {longest} {waits} {address}"
            )?;
        }
        Ok(())
    }
}

impl Sheet {
    /// Reads what [`Sheet`] prints. Lines that begin otherwise are somebody else's.
    #[must_use]
    pub fn parse(text: &str) -> Sheet {
        let mut sheet = Sheet::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("row") => sheet.rows.extend(row(&mut words)),
                Some("cost") => {
                    if let Some(row) = sheet.rows.last_mut() {
                        row.costs.extend(cost(&mut words));
                    }
                }
                Some("term") => {
                    let row = sheet.rows.last_mut();
                    if let Some(cost) = row.and_then(|row| row.costs.last_mut()) {
                        cost.terms.extend(term(&mut words));
                    }
                }
                Some("cell") => {
                    if let Some(row) = sheet.rows.last_mut() {
                        row.cells.extend(cell(&mut words));
                    }
                }
                _ => {}
            }
        }
        sheet
    }
}

type Words<'a> = std::str::Split<'a, char>;

fn row(words: &mut Words) -> Option<Row> {
    Some(Row {
        lab: words.next()?.to_owned(),
        variant: none(words.next()?),
        servers: words.next()?.parse().ok()?,
        judged: words.map(str::to_owned).collect(),
        costs: Vec::new(),
        cells: Vec::new(),
    })
}

fn cost(words: &mut Words) -> Option<Cost> {
    Some(Cost {
        case: words.next()?.to_owned(),
        until_done: words.next()?.parse().ok(),
        messages: words.next()?.parse().ok()?,
        delays_tenths: words.next()?.parse().ok(),
        writes: words.next()?.parse().ok()?,
        terms: Vec::new(),
        address: words.next()?.to_owned(),
        kinds: words.filter_map(kind).collect(),
    })
}

/// `KIND=COUNT`.
fn kind(word: &str) -> Option<(String, u64)> {
    let (kind, count) = word.split_once('=')?;
    Some((kind.to_owned(), count.parse().ok()?))
}

fn term(words: &mut Words) -> Option<Term> {
    Some(Term {
        about: words.next()?.to_owned(),
        value: words.next()?.parse().ok()?,
        measured: words.next()?.parse().ok()?,
        at_most: words.next()? == "at-most",
        formula: words.collect::<Vec<_>>().join(" "),
    })
}

fn cell(words: &mut Words) -> Option<Cell> {
    let misfortune = words.next()?.to_owned();
    let promise = words.next()?;
    let (promise, _) = Promise::ALL.into_iter().find(|(_, id)| *id == promise)?;
    Some(Cell {
        misfortune,
        promise,
        broken: words.next()?.parse().ok()?,
        check: Some(none(words.next()?)).filter(|check| !check.is_empty()),
        before: words.next()?.parse().ok(),
        during: words.next()?.parse().ok()?,
        after: words.next()?.parse().ok()?,
        doubt: doubt(words.next()?, words.next()?),
        address: words.next()?.to_owned(),
    })
}

fn doubt(longest: &str, waits: &str) -> Option<Doubt> {
    Some(Doubt {
        longest_ms: longest.parse().ok()?,
        waits: waits.parse().ok()?,
    })
}

/// Tenths of something, as one writes them: `3`, `3.5`.
#[must_use]
pub fn tenths(value: u64) -> String {
    match value % 10 {
        0 => (value / 10).to_string(),
        rest => format!("{}.{rest}", value / 10),
    }
}

//! What all labs of atomic commitment show: who knows what, the logs, who is in doubt, the accounts.

use super::{BarRow, Bars, Chip, GridCell, GridRow, Panel, Role, Shape, SpanRow, Table, Tone};
use crate::engine::sorting::sort;
use crate::engine::{NodeId, Span, Time};
use crate::lab::commit::{ACCOUNTS, Books, Disk, Entry, Outcome, Record, Standing, TxnId};
use crate::lab::{GaugeChart, Names, Phrase, Readings};
use crate::sim::{Status, World};

/// So many transactions have a column, and so many records of a log a place.
const COLUMNS: usize = 10;
const PLACES: usize = 12;
/// So many decisions of a coordinator may be on their way to the disk.
const UNWRITTEN: usize = 3;

/// One member, as panels show it.
pub struct Row<'a> {
    /// Which.
    pub node: NodeId,
    /// What it is at the moment.
    pub role: Role,
    /// Whether it runs.
    pub status: Status,
    /// Its books: those in its memory, or where it is down those that its log tells of.
    pub books: Books,
    /// What is on its disk.
    pub disk: &'a Disk,
    /// What its clock shows.
    pub now: Time,
    /// The transaction that it collects votes for.
    pub collecting: Option<TxnId>,
    /// What it has decided as a coordinator, and not on its disk yet: a crash would undo that, so it is not shown
    /// as decided. See [`Row::undecided`].
    pub deciding: Vec<TxnId>,
}

impl Row<'_> {
    fn down(&self) -> bool {
        self.status == Status::Down
    }

    /// The row of a grid with these cells.
    fn grid(&self, names: &Names, cells: Vec<GridCell>) -> GridRow {
        GridRow {
            node: self.node,
            head: names.node(self.node).to_owned(),
            shape: self.role.shape,
            tone: if self.down() {
                Tone::Neutral
            } else {
                self.role.tone
            },
            faint: self.status != Status::Up,
            cells,
        }
    }

    /// Takes those of its own decisions out of its books that `waits` says need their record, and have it not yet.
    #[must_use]
    pub fn undecided(mut self, waits: impl Fn(Outcome) -> bool) -> Self {
        if self.down() {
            return self;
        }
        let own = self.books.standings.iter().rev();
        let own = own.filter(|(txn, _)| txn.coordinator == self.node);
        let ready = |at: &Standing| at.outcome().is_some_and(&waits);
        let open = own.take(UNWRITTEN).filter(|(txn, standing)| {
            let record = self.on_disk(**txn);
            ready(standing) && !matches!(record, Some(Entry::Commit(_) | Entry::Abort))
        });
        let open: Vec<(TxnId, Standing)> = open.map(|(txn, standing)| (*txn, *standing)).collect();
        for (txn, standing) in open {
            if let Standing::Committed(order) = standing {
                self.books.vault.take_back(&order);
            }
            self.books.standings.remove(&txn);
            self.deciding.push(txn);
        }
        self
    }

    /// Its role, while a decision is being written.
    #[must_use]
    pub fn role_while_writing(&self) -> Role {
        match self.role.key {
            "telling" if !self.deciding.is_empty() => Role {
                key: "deciding",
                tone: Tone::Lead,
                shape: Shape::Star,
            },
            _ => self.role,
        }
    }

    /// What its log says last of a transaction.
    fn on_disk(&self, txn: TxnId) -> Option<Entry> {
        let mut last = None;
        for record in self.disk.log.iter() {
            if record.txn == txn && record.entry != Entry::End {
                last = Some(record.entry);
            }
        }
        last
    }
}

/// The colour of a transaction.
fn hue(txn: TxnId) -> u64 {
    u64::from(txn.number) + 3 * u64::from(txn.coordinator.0)
}

/// The last transactions, those of each coordinator in turn: by number first.
fn last(rows: &[Row<'_>]) -> Vec<TxnId> {
    let mut all: Vec<TxnId> = Vec::new();
    for row in rows {
        all.extend(row.books.standings.keys());
        all.extend(row.collecting);
        all.extend(&row.deciding);
    }
    sort(&mut all);
    all.dedup();
    crate::engine::sorting::sort_by_key(&mut all, |txn| (txn.number, txn.coordinator));
    all.split_off(all.len().saturating_sub(COLUMNS))
}

/// The first of these that is committed here and aborted there.
fn split(rows: &[Row<'_>], shown: &[TxnId]) -> Option<TxnId> {
    let has = |txn: &TxnId, wanted: Outcome| {
        let mut all = rows.iter().filter_map(|row| row.books.standings.get(txn));
        all.any(|standing| standing.outcome() == Some(wanted))
    };
    let both = |txn: &&TxnId| has(txn, Outcome::Commit) && has(txn, Outcome::Abort);
    shown.iter().find(both).copied()
}

fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Commit => "✓",
        Outcome::Abort => "✗",
    }
}

/// What stands in a member that waits for nothing: what it owns, behind the end of the last transaction. Where one was
/// committed here and aborted there that stands in its place, and the members that took part in it bear the colour of
/// harm: on the stage, too, it must be seen.
pub fn settled(rows: &[Row<'_>]) -> Vec<(Role, String)> {
    let shown = last(rows);
    let split = split(rows, &shown);
    let outcome = |row: &Row<'_>, txn: &TxnId| row.books.standings.get(txn)?.outcome();
    let each = rows.iter().map(|row| {
        let role = row.role_while_writing();
        if let Some(txn) = split
            && let Some(outcome) = outcome(row, &txn)
        {
            let tone = Tone::Bad;
            return (Role { tone, ..role }, format!("{txn} {}", sign(outcome)));
        }
        let all = row.books.vault.total();
        let ended = shown.iter().rev().find_map(|txn| outcome(row, txn));
        let caption = match ended {
            Some(outcome) => format!("{} {all}", sign(outcome)),
            None => all.to_string(),
        };
        (role, caption)
    });
    each.collect()
}

/// A row is a member, a column a transaction: a column that has both signs is what must not be.
pub fn states(rows: &[Row<'_>], names: &Names) -> Panel {
    let shown = last(rows);
    let split = split(rows, &shown);
    let key = match (shown.is_empty(), split) {
        (true, _) => "panel.states.none",
        (false, None) => "panel.states.caption",
        (false, Some(_)) => "panel.states.split",
    };
    let cells = |row: &Row<'_>| shown.iter().map(|txn| state(row, *txn)).collect();
    Panel::Grid {
        id: "states",
        legend: true,
        columns: shown.iter().map(ToString::to_string).collect(),
        rows: rows.iter().map(|row| row.grid(names, cells(row))).collect(),
        caption: Phrase::new(key)
            .with("txn", split.map_or_else(String::new, |txn| txn.to_string())),
        alarm: split.is_some(),
    }
}

fn state(row: &Row<'_>, txn: TxnId) -> GridCell {
    let disk = row.on_disk(txn);
    let (text, key, solid, durable, since) = match row.books.standings.get(&txn) {
        None if row.deciding.contains(&txn) => ("…", "deciding", false, false, None),
        None if row.collecting == Some(txn) => ("…", "collecting", false, false, None),
        None => return GridCell::default(),
        Some(Standing::Prepared(_, since)) => {
            ("?", "prepared", false, disk.is_some(), Some(since.0))
        }
        Some(Standing::PreCommitted(_, since)) => {
            let durable = matches!(disk, Some(Entry::PreCommitted(..)));
            ("✓?", "pre-committed", false, durable, Some(since.0))
        }
        Some(Standing::Refused) => ("no", "refused", true, disk.is_some(), None),
        Some(Standing::Committed(_)) => {
            let durable = matches!(disk, Some(Entry::Commit(_)));
            ("✓", "committed", true, durable, None)
        }
        Some(Standing::Aborted) => {
            let durable = matches!(disk, Some(Entry::Abort));
            ("✗", "aborted", true, durable, None)
        }
    };
    let since = since.map_or_else(String::new, |since| in_ms(row.now - since).to_string());
    GridCell {
        text: text.to_owned(),
        hue: hue(txn),
        solid,
        durable,
        mark: "",
        title: Phrase::new(format!("panel.states.{key}"))
            .with("txn", txn)
            .with("since", since),
    }
}

/// To whole milliseconds, which is what a person reads.
fn in_ms(span: Span) -> Span {
    Span::ms(span.0 / 1000)
}

/// The write-ahead logs, with what is in memory alone at their end.
pub fn logs(rows: &[Row<'_>], names: &Names) -> Panel {
    let length = |row: &Row<'_>| {
        let buffer = if row.down() {
            0
        } else {
            row.books.buffer.len()
        };
        row.disk.log.len() + buffer
    };
    let longest = rows.iter().map(length).max().unwrap_or(0);
    let from = longest.saturating_sub(PLACES);
    let cells = |row: &Row<'_>| {
        let on_disk = row.disk.log.iter_from(from.min(row.disk.log.len()));
        let mut cells: Vec<GridCell> = on_disk.map(|record| record_cell(record, true)).collect();
        if !row.down() {
            let skip = from.saturating_sub(row.disk.log.len());
            let buffer = row.books.buffer.iter().skip(skip);
            cells.extend(buffer.map(|record| record_cell(record, false)));
        }
        cells.resize(longest.min(PLACES), GridCell::default());
        cells
    };
    Panel::Grid {
        id: "logs",
        legend: true,
        columns: (from..longest).map(|at| (at + 1).to_string()).collect(),
        rows: rows.iter().map(|row| row.grid(names, cells(row))).collect(),
        caption: Phrase::new(if longest == 0 {
            "panel.logs.none"
        } else {
            "panel.logs.caption"
        }),
        alarm: false,
    }
}

fn record_cell(record: &Record, durable: bool) -> GridCell {
    let sign = match record.entry {
        Entry::Prepared(..) => "P",
        Entry::Refused => "N",
        Entry::Commit(_) => "C",
        Entry::Abort => "A",
        Entry::End => "E",
        Entry::PreCommitted(..) => "P+",
    };
    let solid = matches!(record.entry, Entry::Commit(_) | Entry::Abort | Entry::End);
    let how = match (durable, record.forced) {
        (true, true) => "panel.logs.forced",
        (true, false) => "panel.logs.written",
        (false, _) => "panel.logs.in-memory",
    };
    GridCell {
        text: format!("{sign} {}", record.txn),
        hue: hue(record.txn),
        solid,
        durable,
        mark: if record.forced { "▸" } else { "" },
        title: Phrase::new(how).with("txn", record.txn).with("what", sign),
    }
}

/// The last records of a log, below its node.
pub fn chips(row: &Row<'_>) -> Vec<Chip> {
    let chip = |record: &Record, durable: bool| Chip {
        hue: hue(record.txn),
        solid: matches!(record.entry, Entry::Commit(_) | Entry::Abort),
        durable,
    };
    let from = row.disk.log.len().saturating_sub(4);
    let mut chips: Vec<Chip> = row
        .disk
        .log
        .iter_from(from)
        .map(|record| chip(record, true))
        .collect();
    if !row.down() {
        chips.extend(row.books.buffer.iter().map(|record| chip(record, false)));
    }
    let from = chips.len().saturating_sub(4);
    chips.split_off(from)
}

/// Who is in doubt, and for how long.
pub fn doubts(rows: &[Row<'_>], names: &Names, patience: Span) -> Panel {
    let mut spans = Vec::new();
    let mut longest = Span(0);
    for row in rows {
        for (txn, order, since) in row.books.in_doubt() {
            let waits = row.now - since;
            longest = longest.max(waits);
            spans.push(SpanRow {
                node: row.node,
                head: names.node(row.node).to_owned(),
                what: Phrase::new("panel.doubts.what")
                    .with("txn", txn)
                    .with("order", order),
                clock: names.node(row.node).to_owned(),
                tone: if waits > patience {
                    Tone::Bad
                } else {
                    Tone::Try
                },
                from: since,
                to: None,
                now: row.now,
                faint: row.status != Status::Up,
            });
        }
    }
    let key = if spans.is_empty() {
        "panel.doubts.none"
    } else {
        "panel.doubts.caption"
    };
    Panel::Spans {
        id: "doubts",
        rows: spans,
        caption: Phrase::new(key).with("longest", in_ms(longest)),
    }
}

/// The accounts, and what they hold together.
pub fn accounts(rows: &[Row<'_>], names: &Names, should: i64) -> Panel {
    let mut table = Vec::new();
    let mut total = 0;
    let waits = |row: &Row<'_>| !row.deciding.is_empty() || row.books.in_doubt().next().is_some();
    let open = rows.iter().any(waits);
    for row in rows {
        let mut cells = vec![names.node(row.node).to_owned()];
        let mut overdrawn = false;
        for (_, account) in row.books.vault.iter() {
            overdrawn |= account.balance < 0;
            cells.push(match account.lock {
                Some(txn) => format!("{} ⟨{txn}⟩", account.balance),
                None => account.balance.to_string(),
            });
        }
        total += row.books.vault.total();
        cells.push(row.books.vault.total().to_string());
        let tone = if overdrawn { Tone::Bad } else { Tone::Neutral };
        table.push((tone, cells));
    }
    let tone = match (total == should, open) {
        (true, _) => Tone::Good,
        (false, true) => Tone::Try,
        (false, false) => Tone::Bad,
    };
    let mut last = vec!["Σ".to_owned()];
    for account in 0..ACCOUNTS {
        let column = rows
            .iter()
            .filter_map(|row| row.books.vault.iter().nth(account));
        let sum: i64 = column.map(|(_, state)| state.balance).sum();
        last.push(sum.to_string());
    }
    last.push(total.to_string());
    table.push((tone, last));
    let columns = ["member", "a", "b", "c", "all"];
    let key = match tone {
        Tone::Bad => "panel.accounts.wrong",
        Tone::Try => "panel.accounts.open",
        _ => "panel.accounts.caption",
    };
    Panel::Table(Table {
        id: "accounts",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: table,
        caption: Phrase::new(key).with("total", total).with("should", should),
    })
}

/// Messages by kind, with their tones, and how many writes somebody waited for.
pub fn costs(world: &World, kinds: &[&str], tone_of: fn(u8) -> Tone, forced: u64) -> Panel {
    let sent = &world.counters().sent;
    let count = |kind: usize| sent.get(kind).copied().unwrap_or(0);
    let bar = |what: Phrase, value: u64, tone: Tone| BarRow {
        what,
        value: value as i64,
        open: 0,
        tone,
    };
    let named = kinds.iter().enumerate();
    let mut bars: Vec<BarRow> = named
        .map(|(kind, name)| {
            let what = Phrase::new("bar.message").with("kind", name);
            bar(what, count(kind), tone_of(kind as u8))
        })
        .collect();
    bars.push(bar(Phrase::new("bar.forced"), forced, Tone::Neutral));
    let messages: u64 = (0..kinds.len()).map(count).sum();
    Panel::Bars(Bars {
        id: "costs",
        rows: bars,
        caption: Phrase::new("panel.costs.caption")
            .with("messages", messages)
            .with("forced", forced),
    })
}

/// How many writes of all members somebody waited for.
#[must_use]
pub fn forced(rows: &[Row<'_>]) -> u64 {
    rows.iter().map(|row| u64::from(row.disk.forced)).sum()
}

/// What is drawn over time of labs in which members are in doubt: how many are, and for how long. Its readings are those
/// of [`doubt_readings`].
#[must_use]
pub fn doubt_charts() -> Vec<GaugeChart> {
    let chart = |id: &'static str, line: &'static str| GaugeChart {
        id,
        lines: vec![Phrase::new(line)],
        parts: 1,
        most: None,
    };
    vec![
        chart("in-doubt", "gauge.in-doubt.members"),
        chart("doubt-time", "gauge.doubt-time.longest"),
    ]
}

/// Reads them: how long each of those that run waits, and those that do not wait have nothing.
pub fn doubt_readings(waits: impl Iterator<Item = Option<Span>>) -> Readings {
    let (mut count, mut longest) = (0, 0);
    for wait in waits.flatten() {
        count += 1;
        longest = longest.max(wait.0 / 1000);
    }
    vec![
        Some(count),
        Some(u32::try_from(longest).unwrap_or(u32::MAX)),
    ]
}

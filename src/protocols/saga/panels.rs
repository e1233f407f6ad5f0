//! What this lab shows beside the picture: the steps of each saga, the logs, and what a log comes to.

use super::course::{Phase, Saga, Sagas};
use super::event::{Disk, Event, What};
use super::lab::Config;
use super::ledger::{Deal, Ledger, Trade};
use super::order::{ORDERS, Outcome, STOCK, SagaId, Step, Why};
use crate::engine::NodeId;
use crate::engine::sorting::sort_by_key;
use crate::lab::{Names, Phrase};
use crate::sim::Status;
use crate::view::{Chip, GridCell, GridRow, Panel, Role, Table, Tone};

/// So many sagas have a line or a column, so many events of a log a place, and so many a line of what it comes to.
const SAGAS: usize = 9;
const PLACES: usize = 12;
const LINES: usize = 8;

/// One service, as panels show it.
pub(super) struct Row<'a> {
    /// Which.
    pub(super) node: NodeId,
    /// What it is at the moment.
    pub(super) role: Role,
    /// Whether it runs.
    pub(super) status: Status,
    /// What is on its disk.
    pub(super) disk: &'a Disk,
    /// Events on their way there.
    pub(super) unwritten: Vec<Event>,
    /// Its state: in memory, or where it is down what its log comes to. The order service has sagas instead.
    pub(super) ledger: Option<Ledger>,
}

impl Row<'_> {
    fn grid(&self, names: &Names, cells: Vec<GridCell>) -> GridRow {
        GridRow {
            node: self.node,
            head: names.node(self.node).to_owned(),
            shape: self.role.shape,
            tone: if self.status == Status::Down {
                Tone::Neutral
            } else {
                self.role.tone
            },
            faint: self.status != Status::Up,
            cells,
        }
    }

    /// Whether an event of this saga is on its way to the disk.
    fn writes(&self, saga: SagaId) -> bool {
        self.unwritten.iter().any(|event| event.saga == saga)
    }
}

/// The colour of a saga.
fn hue(saga: SagaId) -> u64 {
    u64::from(saga.number) + 3 * u64::from(saga.customer.0)
}

/// The last ones, in turn among the customers.
fn last(sagas: &Sagas) -> Vec<(SagaId, Saga)> {
    let mut all: Vec<(SagaId, Saga)> = sagas.iter().map(|(id, saga)| (id, *saga)).collect();
    sort_by_key(&mut all, |(id, saga)| {
        (saga.is_open(), id.number, id.customer)
    });
    let mut shown = all.split_off(all.len().saturating_sub(SAGAS));
    sort_by_key(&mut shown, |(id, _)| (id.number, id.customer));
    shown
}

/// A line is a saga, a column a step.
pub(super) fn sagas(sagas: &Sagas) -> Panel {
    let shown = last(sagas);
    let line = |(id, saga): &(SagaId, Saga)| {
        let (tone, end) = match saga.phase {
            Phase::Forward(_) => (Tone::Lead, "→"),
            Phase::Backward(_) => (Tone::Try, "←"),
            Phase::Closed(Outcome::Done) => (Tone::Good, "✓"),
            Phase::Closed(Outcome::Compensated) => (Tone::Neutral, "↩"),
        };
        let mut cells = vec![id.to_string(), saga.order.pieces.to_string()];
        cells.extend(Step::ALL.map(|step| step_cell(saga, step)));
        cells.push(end.to_owned());
        (tone, cells)
    };
    let columns = ["order", "pieces", "reserve", "charge", "ship", "end"];
    let key = if shown.is_empty() {
        "panel.sagas.none"
    } else {
        "panel.sagas.caption"
    };
    Panel::Table(Table {
        id: "sagas",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: shown.iter().map(line).collect(),
        caption: Phrase::new(key),
    })
}

fn step_cell(saga: &Saga, step: Step) -> String {
    let turned = match saga.turned {
        Some((at, Why::Refused)) if at == step => "✗",
        Some((at, Why::GivenUp)) if at == step => "?",
        _ => "",
    };
    let forth = if saga.done.has(step) { "✓" } else { turned };
    let back = match saga.phase {
        Phase::Forward(due) if due == step => return "▶".to_owned(),
        Phase::Backward(left) if left.has(step) => "◁",
        _ if saga.undone.has(step) => "↩",
        _ => "",
    };
    format!("{forth} {back}").trim().to_owned()
}

/// The name of a step or of what undoes it, as the paper has them.
fn named(kind: char, step: Step) -> String {
    format!("{kind}{}", step as u8 + 1)
}

/// What an event says, in three signs at most; and its key.
fn sign(what: What) -> (String, &'static str) {
    match what {
        What::Opened => ("B".to_owned(), "opened"),
        What::Done(step) => (named('T', step), "done"),
        What::Refused(step) => (named('N', step), "refused"),
        What::Aborted(step, Why::Refused, _) => (named('✗', step), "aborted"),
        What::Aborted(step, Why::GivenUp, _) => (named('?', step), "given-up"),
        What::Undone(step) => (named('C', step), "undone"),
        What::Barred(step) => (named('X', step), "barred"),
        What::Closed(Outcome::Done) => ("E✓".to_owned(), "closed"),
        What::Closed(Outcome::Compensated) => ("E↩".to_owned(), "closed"),
    }
}

/// The event logs, with what is on its way to the disk at their end.
pub(super) fn logs(rows: &[Row<'_>], names: &Names) -> Panel {
    let length = |row: &Row<'_>| row.disk.log.len() + row.unwritten.len();
    let longest = rows.iter().map(length).max().unwrap_or(0).min(PLACES);
    let cells = |row: &Row<'_>| {
        let from = length(row).saturating_sub(PLACES);
        let on_disk = row.disk.log.iter_from(from.min(row.disk.log.len()));
        let mut cells: Vec<GridCell> = on_disk.map(|event| event_cell(event, true)).collect();
        let unwritten = row.unwritten.iter().map(|event| event_cell(event, false));
        cells.extend(unwritten);
        cells.resize(longest, GridCell::default());
        cells
    };
    Panel::Grid {
        id: "logs",
        legend: true,
        columns: (0..longest).map(|_| String::new()).collect(),
        rows: rows.iter().map(|row| row.grid(names, cells(row))).collect(),
        caption: Phrase::new(if longest == 0 {
            "panel.logs.none"
        } else {
            "panel.logs.caption"
        }),
        alarm: false,
    }
}

fn event_cell(event: &Event, durable: bool) -> GridCell {
    let (sign, key) = sign(event.what);
    let solid = !matches!(event.what, What::Opened | What::Aborted(..));
    GridCell {
        text: format!("{sign} {}", event.saga),
        hue: hue(event.saga),
        solid,
        durable,
        mark: if durable { "" } else { "▸" },
        title: Phrase::new(format!("panel.logs.{key}"))
            .with("saga", event.saga)
            .with("sign", sign),
    }
}

/// The last events of a log, below its node.
pub(super) fn chips(row: &Row<'_>) -> Vec<Chip> {
    let chip = |event: &Event, durable: bool| Chip {
        hue: hue(event.saga),
        solid: !matches!(event.what, What::Opened | What::Aborted(..)),
        durable,
    };
    let from = row.disk.log.len().saturating_sub(4);
    let on_disk = row.disk.log.iter_from(from);
    let mut chips: Vec<Chip> = on_disk.map(|event| chip(event, true)).collect();
    chips.extend(row.unwritten.iter().map(|event| chip(event, false)));
    let from = chips.len().saturating_sub(4);
    chips.split_off(from)
}

/// The log of the stock, line by line, and what it comes to after each: this is how the stock comes up after a crash.
pub(super) fn replay(rows: &[Row<'_>], config: &Config) -> Panel {
    let mut lines = Vec::new();
    if let Some(row) = rows.iter().find(|row| row.node == STOCK) {
        let mut ledger = config.ledger(Trade::Goods);
        lines.push((Tone::Neutral, line("0", "", &ledger)));
        let on_disk = row.disk.log.iter().map(|event| (event, Tone::Neutral));
        let unwritten = row.unwritten.iter().map(|event| (event, Tone::Try));
        for (at, (event, tone)) in on_disk.chain(unwritten).enumerate() {
            ledger.apply(event);
            let says = format!("{} {}", sign(event.what).0, event.saga);
            lines.push((tone, line(&(at + 1).to_string(), &says, &ledger)));
        }
    }
    let events = lines.len().saturating_sub(1);
    let from = lines.len().saturating_sub(LINES);
    let columns = ["at", "event", "free", "reserved", "sold"];
    let key = if events == 0 {
        "panel.replay.none"
    } else {
        "panel.replay.caption"
    };
    Panel::Table(Table {
        id: "replay",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: lines.split_off(from),
        caption: Phrase::new(key).with("events", events),
    })
}

fn line(at: &str, event: &str, ledger: &Ledger) -> Vec<String> {
    let (free, held, gone) = ledger.sums();
    let mut cells = vec![at.to_owned(), event.to_owned()];
    cells.extend([free, held, gone].map(|number| number.to_string()));
    cells
}

/// A row is a service, a column a saga: what each of them says of it, at the same moment.
pub(super) fn known(sagas: &Sagas, rows: &[Row<'_>], names: &Names) -> Panel {
    let shown = last(sagas);
    let cell = |row: &Row<'_>, (id, saga): &(SagaId, Saga)| {
        let deal = row.ledger.as_ref().map(|ledger| ledger.deal(*id));
        let (text, key, solid) = match deal {
            None => of_saga(saga),
            Some(None) => return GridCell::default(),
            Some(Some(deal)) => of_deal(deal, row.node),
        };
        GridCell {
            text: text.to_owned(),
            hue: hue(*id),
            solid,
            durable: !row.writes(*id),
            mark: "",
            title: Phrase::new(format!("panel.known.{key}")).with("saga", *id),
        }
    };
    let cells = |row: &Row<'_>| shown.iter().map(|one| cell(row, one)).collect();
    Panel::Grid {
        id: "known",
        legend: true,
        columns: shown.iter().map(|(id, _)| id.to_string()).collect(),
        rows: rows.iter().map(|row| row.grid(names, cells(row))).collect(),
        caption: Phrase::new(if shown.is_empty() {
            "panel.known.none"
        } else {
            "panel.known.caption"
        }),
        alarm: false,
    }
}

fn of_saga(saga: &Saga) -> (&'static str, &'static str, bool) {
    match saga.phase {
        Phase::Forward(_) => ("→", "forward", false),
        Phase::Backward(_) => ("←", "backward", false),
        Phase::Closed(Outcome::Done) => ("✓", "closed-done", true),
        Phase::Closed(Outcome::Compensated) => ("↩", "closed-compensated", true),
    }
}

fn of_deal(deal: Deal, node: NodeId) -> (&'static str, &'static str, bool) {
    match deal {
        Deal::Held if node == STOCK => ("R", "reserved", false),
        Deal::Held => ("¤", "charged", true),
        Deal::Unsendable => ("R!", "unsendable", false),
        Deal::Sent => ("✓", "sent", true),
        Deal::Undone => ("↩", "undone", true),
        Deal::Refused => ("no", "refused", true),
        Deal::Barred => ("X", "barred", true),
    }
}

/// What there is, and that it is still as much.
pub(super) fn books(rows: &[Row<'_>], config: &Config, names: &Names) -> Panel {
    let mut table = Vec::new();
    let mut right = true;
    for row in rows.iter().filter(|row| row.node != ORDERS) {
        let Some(ledger) = &row.ledger else {
            continue;
        };
        let (free, held, gone) = ledger.sums();
        let (total, should) = (ledger.total(), config.ledger(ledger.trade).total());
        right &= total == should;
        let mut cells = vec![names.node(row.node).to_owned()];
        cells.extend([free, held, gone, total, should].map(|number| number.to_string()));
        let tone = if total == should {
            Tone::Good
        } else {
            Tone::Bad
        };
        table.push((tone, cells));
    }
    let columns = ["service", "free", "held", "gone", "total", "should"];
    Panel::Table(Table {
        id: "books",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: table,
        caption: Phrase::new(if right {
            "panel.books.caption"
        } else {
            "panel.books.wrong"
        }),
    })
}

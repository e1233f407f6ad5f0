//! The kinds of panels. A lab fills them; a new kind is a change of its own.

use super::ring::Ring;
use super::scene::{Shape, Tone};
use crate::engine::{NodeId, Time};
use crate::lab::Phrase;

/// One panel. Its title is the phrase `panel.<id>` of the lab's locale file.
#[derive(Clone, PartialEq, Debug)]
pub enum Panel {
    /// Rows of coloured cells: logs, slots, queues.
    Grid {
        /// Stable id.
        id: &'static str,
        /// Over the columns.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<GridRow>,
        /// What the signs mean.
        caption: Phrase,
        /// Whether the caption tells of what must not be: it stands over the rows, where nothing cuts it off.
        alarm: bool,
        /// Whether its cells are settled or not yet, on disk or not, and a legend says how that looks.
        legend: bool,
    },
    /// Who has said yes to whom.
    Tally {
        /// Stable id.
        id: &'static str,
        /// One row a candidate.
        rows: Vec<TallyRow>,
        /// What it shows, or that there is nothing to show.
        caption: Phrase,
    },
    /// Plain rows and columns.
    Table(Table),
    /// Numbers as lengths, each beside the others.
    Bars(Bars),
    /// Stretches of time round the moment that is now, each by a clock of its own: leases, sessions.
    Spans {
        /// Stable id.
        id: &'static str,
        /// One row a stretch.
        rows: Vec<SpanRow>,
        /// What it shows, or that there is nothing to show.
        caption: Phrase,
    },
    /// Numbered things that come to a gate, which lets nothing lower pass than the highest it saw.
    Gauge(Gauge),
    /// Those who stand in line, each with the one that it watches.
    Queue(Queue),
    /// Who waits for whom: points and arrows, those of a circle marked.
    Graph(Graph),
    /// One scale, and who has which part of it: ranges of keys, slots, partitions.
    Strips(Strips),
    /// A circle with arcs, and keys on it.
    Ring(Ring),
}

impl Panel {
    /// The stable id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Panel::Grid { id, .. } | Panel::Tally { id, .. } | Panel::Spans { id, .. } => id,
            Panel::Table(table) => table.id,
            Panel::Bars(bars) => bars.id,
            Panel::Gauge(gauge) => gauge.id,
            Panel::Queue(queue) => queue.id,
            Panel::Graph(graph) => graph.id,
            Panel::Strips(strips) => strips.id,
            Panel::Ring(ring) => ring.id,
        }
    }
}

/// One row of a grid.
#[derive(Clone, PartialEq, Debug)]
pub struct GridRow {
    /// The node it is about.
    pub node: NodeId,
    /// Its name.
    pub head: String,
    /// The sign of its role.
    pub shape: Shape,
    /// The colour of its role.
    pub tone: Tone,
    /// Whether it is down or paused.
    pub faint: bool,
    /// Its cells.
    pub cells: Vec<GridCell>,
}

/// One cell of a grid.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GridCell {
    /// What stands in it; an empty one is no cell, but may have a mark.
    pub text: String,
    /// A colour by number.
    pub hue: u64,
    /// Settled: solid; dashed otherwise.
    pub solid: bool,
    /// On disk.
    pub durable: bool,
    /// A sign in the corner (`▸` next, `=` match).
    pub mark: &'static str,
    /// What it is in words, for the pointer and the screen reader.
    pub title: Phrase,
}

/// A vote.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Vote {
    /// Given.
    Yes,
    /// Refused.
    No,
    /// Not answered yet.
    Waiting,
}

/// One candidate and the votes for it.
#[derive(Clone, PartialEq, Debug)]
pub struct TallyRow {
    /// Who wants the votes, and for what: `n4, term 3`.
    pub what: Phrase,
    /// How many are needed.
    pub needed: usize,
    /// The voters.
    pub votes: Vec<(String, Vote)>,
    /// Why what they said counts no more, if so.
    pub over: Option<Phrase>,
    /// What is to be said beside the answers.
    pub beside: Option<Phrase>,
}

/// Plain rows and columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Stable id.
    pub id: &'static str,
    /// Over the columns.
    pub columns: Vec<Phrase>,
    /// The rows, each with a colour.
    pub rows: Vec<(Tone, Vec<String>)>,
    /// What it shows.
    pub caption: Phrase,
}

/// Numbers as lengths, all on one scale that has zero on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Bars {
    /// Stable id.
    pub id: &'static str,
    /// One row a number.
    pub rows: Vec<BarRow>,
    /// What they say together.
    pub caption: Phrase,
}

/// One number.
#[derive(Clone, PartialEq, Debug)]
pub struct BarRow {
    /// What it counts.
    pub what: Phrase,
    /// The number; it may be below zero.
    pub value: i64,
    /// How much more it may be: nobody knows.
    pub open: u64,
    /// Its colour.
    pub tone: Tone,
}

impl Bars {
    /// The ends of the scale.
    #[must_use]
    pub fn scale(&self) -> (i64, i64) {
        let low = self.rows.iter().map(|row| row.value).min();
        let high = self
            .rows
            .iter()
            .map(|row| row.value.saturating_add_unsigned(row.open))
            .max();
        (low.unwrap_or(0).min(0), high.unwrap_or(0).max(1))
    }
}

/// A stretch of time by somebody's clock: a lease as its holder counts it, a session as its server
/// does.
#[derive(Clone, PartialEq, Debug)]
pub struct SpanRow {
    /// The node it is about.
    pub node: NodeId,
    /// Its name.
    pub head: String,
    /// What it is: `lease`.
    pub what: Phrase,
    /// By whose clock.
    pub clock: String,
    /// Its colour.
    pub tone: Tone,
    /// When it began, by that clock.
    pub from: Time,
    /// When it ends, by that clock; `None`: not by itself.
    pub to: Option<Time>,
    /// What that clock shows now.
    pub now: Time,
    /// Whether it does not count any more, or not yet.
    pub faint: bool,
}

/// What came to a gate that looks at numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Gauge {
    /// Stable id.
    pub id: &'static str,
    /// The highest number that passed.
    pub highest: u64,
    /// Whether the gate looks at numbers at all.
    pub checked: bool,
    /// What came, oldest first.
    pub arrivals: Vec<GaugeRow>,
    /// What it shows, or that there is nothing to show.
    pub caption: Phrase,
}

/// One thing that came to the gate.
#[derive(Clone, PartialEq, Debug)]
pub struct GaugeRow {
    /// Whose it is.
    pub who: String,
    /// Its number, where it has one.
    pub number: Option<u64>,
    /// Whether it passed.
    pub passed: bool,
    /// Whether it should not have: it was older than what passed before.
    pub wrong: bool,
}

/// One or more lines of those who wait, the first one in front.
#[derive(Clone, PartialEq, Debug)]
pub struct Queue {
    /// Stable id.
    pub id: &'static str,
    /// The lines, each with its name.
    pub lines: Vec<(String, Vec<QueueEntry>)>,
    /// What the number of an entry is: a sign before it, and the key of a phrase that says `{number}`.
    pub number: (&'static str, &'static str),
    /// The keys of the phrases that say how many there are, `{n}`, and that there is nobody.
    pub words: (&'static str, &'static str),
    /// What it shows.
    pub caption: Phrase,
}

impl Queue {
    /// The words of those who wait.
    pub const IN_LINE: (&'static str, &'static str) = ("queue.count", "queue.nobody");
}

/// One that stands in line.
#[derive(Clone, PartialEq, Debug)]
pub struct QueueEntry {
    /// Its name; no other entry of the panel has it.
    pub name: String,
    /// The node that it belongs to.
    pub owner: NodeId,
    /// That node's name.
    pub who: String,
    /// A number that it may have: a fencing number, how often it was tried.
    pub number: Option<u64>,
    /// The name of the entry that it watches.
    pub watches: Option<String>,
    /// What it is, by colour and sign.
    pub tone: Tone,
    /// The sign.
    pub shape: Shape,
    /// And in words.
    pub state: Phrase,
}

/// Points and arrows.
#[derive(Clone, PartialEq, Debug)]
pub struct Graph {
    /// Stable id.
    pub id: &'static str,
    /// The points.
    pub points: Vec<GraphPoint>,
    /// The arrows between them.
    pub arrows: Vec<GraphArrow>,
    /// What it shows, or that there is a circle.
    pub caption: Phrase,
}

/// One point.
#[derive(Clone, PartialEq, Debug)]
pub struct GraphPoint {
    /// The node that it stands for.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
}

/// One arrow, by the places of its ends.
#[derive(Clone, PartialEq, Debug)]
pub struct GraphArrow {
    /// Where it begins.
    pub from: usize,
    /// Where it points.
    pub to: usize,
    /// What stands beside it.
    pub label: String,
    /// Whether it is on a circle.
    pub circle: bool,
    /// What it says, for the screen reader: `c1 waits for c2, which holds a`.
    pub says: Phrase,
}

/// Strips below each other, all of one scale.
#[derive(Clone, PartialEq, Debug)]
pub struct Strips {
    /// Stable id.
    pub id: &'static str,
    /// How long the scale is.
    pub scale: u32,
    /// What stands at some of its places.
    pub ticks: Vec<(u32, String)>,
    /// The strips, in groups with a heading.
    pub groups: Vec<(Phrase, Vec<Strip>)>,
    /// What the ways of drawing a piece mean, for those that there are.
    pub legend: Vec<(PieceLook, Phrase)>,
    /// What it shows.
    pub caption: Phrase,
}

/// One strip.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// The node that it is about.
    pub node: NodeId,
    /// Its name.
    pub head: String,
    /// Whether it is down or paused.
    pub faint: bool,
    /// What is on it.
    pub pieces: Vec<StripPiece>,
}

/// How a piece is drawn.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum PieceLook {
    /// Plain: it is so.
    Firm,
    /// Striped: it is held, and not served.
    Stopped,
    /// Dashed: it is about to be so.
    Coming,
    /// Crossed: it is not so.
    Wrong,
}

/// A part of the scale.
#[derive(Clone, PartialEq, Debug)]
pub struct StripPiece {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// How high it is drawn, in percent.
    pub level: u8,
    /// How much of it is there, in percent of its length.
    pub share: u8,
    /// A colour by number.
    pub hue: u64,
    /// How it is drawn.
    pub look: PieceLook,
    /// What stands in it, where there is room.
    pub text: String,
    /// What it is in words, for the pointer and the screen reader.
    pub title: Phrase,
}

impl Graph {
    /// Marks the arrows that lie on a circle: those from whose end one comes back to their
    /// beginning. Returns whether there are any.
    pub fn mark_circles(&mut self) -> bool {
        let arrows: Vec<(usize, usize)> = self.arrows.iter().map(|a| (a.from, a.to)).collect();
        let leads_back = |arrow: (usize, usize)| {
            let mut reached = vec![arrow.1];
            let mut at = 0;
            while let Some(point) = reached.get(at).copied() {
                at += 1;
                for (_, to) in arrows.iter().filter(|(from, _)| *from == point) {
                    if !reached.contains(to) {
                        reached.push(*to);
                    }
                }
            }
            reached.contains(&arrow.0)
        };
        for (arrow, ends) in self.arrows.iter_mut().zip(&arrows) {
            arrow.circle = leads_back(*ends);
        }
        self.arrows.iter().any(|arrow| arrow.circle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(ends: &[(usize, usize)]) -> Graph {
        let point = |n: u16| GraphPoint {
            node: NodeId(n),
            name: format!("p{n}"),
            tone: Tone::Neutral,
        };
        let arrow = |&(from, to): &(usize, usize)| GraphArrow {
            from,
            to,
            label: String::new(),
            circle: false,
            says: Phrase::new("x"),
        };
        Graph {
            id: "graph",
            points: (0..5).map(point).collect(),
            arrows: ends.iter().map(arrow).collect(),
            caption: Phrase::new("x"),
        }
    }

    #[test]
    fn arrows_that_lead_back_are_on_a_circle() {
        let mut line = graph(&[(0, 1), (1, 2), (0, 2)]);
        assert!(!line.mark_circles());
        // Two that wait for each other, a third that waits for one of them, a fourth for itself.
        let mut both = graph(&[(0, 1), (1, 0), (2, 1), (3, 3)]);
        assert!(both.mark_circles());
        let marked: Vec<bool> = both.arrows.iter().map(|arrow| arrow.circle).collect();
        assert_eq!(marked, [true, true, false, true]);
        let mut three = graph(&[(0, 1), (1, 2), (2, 0), (2, 4)]);
        assert!(three.mark_circles());
        let marked: Vec<bool> = three.arrows.iter().map(|arrow| arrow.circle).collect();
        assert_eq!(marked, [true, true, true, false]);
    }
}

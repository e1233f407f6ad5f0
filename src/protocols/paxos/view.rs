//! The picture: proposers on the left, acceptors in the middle, learners on the right; or all in a
//! circle, where nodes have several roles.

use super::acceptor::{Deed, Deeds};
use super::checks::{chosen_on_disk, config, peers};
use super::lab::Paxos;
use super::message::{Ballot, PaxosMessage, Proposal};
use super::peer::{Config, Disk, Peer, WAIT};
use super::proposer::Phase;
use super::rules::{Quorums, quorums};
use crate::engine::sorting::sort;
use crate::engine::{AnyMessage, Engine, NodeId, Word, disk_of, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, Chip, GridCell, GridRow, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, TallyRow,
    Tone, Vote, circle,
};

/// How many ballots have a column, and how many a pair of rows with their votes.
const COLUMNS: usize = 10;
const VOTED: usize = 3;

impl Plugin for Paxos {
    fn scene(&self, world: &World) -> Scene {
        let Some(config) = config(world) else {
            return Scene::default();
        };
        let nodes = world.ids().filter_map(|id| card(world, id, config));
        let ends = config.proposers.iter().chain(&config.learners);
        let links = ends.flat_map(|end| config.acceptors.iter().map(|to| (*end, *to)));
        let mut links: Vec<_> = links
            .filter(|(a, b)| a != b)
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        sort(&mut links);
        links.dedup();
        Scene {
            queues_beside: false,
            nodes: nodes.collect(),
            links,
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(config) = config(world) else {
            return Vec::new();
        };
        let needed = quorums(config, |rule| world.rules().on(rule));
        let book = Book::read(world, config, needed);
        vec![
            book.ballots_panel(world, names),
            book.quorums_panel(names),
            beliefs_panel(world, names),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        match typed::<PaxosMessage>(message) {
            Some(PaxosMessage::Prepare(ballot)) => format!("{ballot}?"),
            Some(PaxosMessage::Promise { ballot, accepted }) => match accepted {
                None => format!("ok {ballot}"),
                Some(Proposal { ballot: of, value }) => format!("ok {ballot}, {of} {value}"),
            },
            Some(PaxosMessage::Accept(Proposal { ballot, value })) => format!("{ballot} {value}!"),
            Some(PaxosMessage::Accepted(Proposal { ballot, value })) => {
                format!("✓ {ballot} {value}")
            }
            Some(PaxosMessage::Refused { ballot, promised }) => format!("✗ {ballot} < {promised}"),
            Some(PaxosMessage::Ask) => "?".to_owned(),
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Try,
            1 => Tone::Neutral,
            2 => Tone::Lead,
            3 => Tone::Good,
            4 => Tone::Bad,
            _ => Tone::Guest,
        }
    }
}

/// Where a node stands.
fn place(id: NodeId, config: &Config, all: usize) -> (f64, f64) {
    let column = |nodes: &[NodeId], x: f64| {
        let at = nodes.iter().position(|node| *node == id)?;
        let step = 1.6 / nodes.len() as f64;
        let y = -0.8 + step * (at as f64 + 0.5);
        Some((x, y))
    };
    if config.proposers.first() == config.acceptors.first() {
        return circle(id.index(), all, 0.82);
    }
    let at = config.acceptors.iter().position(|node| *node == id);
    if let Some(at) = at
        && config.acceptors.len() > 5
    {
        return circle(at, config.acceptors.len(), 0.5);
    }
    let place = column(&config.proposers, -0.95)
        .or_else(|| column(&config.acceptors, 0.0))
        .or_else(|| column(&config.learners, 0.95));
    place.unwrap_or_default()
}

fn role(peer: &Peer) -> Role {
    let key = peer.role();
    let (tone, shape) = match key {
        "preparing" => (Tone::Try, Shape::Diamond),
        "accepting" => (Tone::Lead, Shape::Star),
        "backing-off" => (Tone::Bad, Shape::Plain),
        "decided" => (Tone::Good, Shape::Star),
        "promised" => (Tone::Try, Shape::Plain),
        "accepted" => (Tone::Good, Shape::Plain),
        "learner" => (Tone::Guest, Shape::Eye),
        "learned" => (Tone::Good, Shape::Eye),
        _ => (Tone::Neutral, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// What stands in a node: its ballot and value.
fn caption(peer: &Peer, disk: &Disk, down: bool) -> String {
    if down {
        let accepted = disk.accepted.map(|accepted| accepted.value.to_string());
        return accepted.unwrap_or_default();
    }
    if let Some(proposer) = &peer.proposer {
        let own = |value: Option<Word>| value.map_or_else(String::new, |value| value.to_string());
        match &proposer.phase {
            Phase::Idle => {}
            Phase::Preparing(_) => return format!("{} ?", proposer.ballot),
            Phase::Accepting(value, _) => return format!("{} {value}", proposer.ballot),
            Phase::BackingOff => return own(proposer.value),
            Phase::Decided(value) => return format!("= {value}"),
        }
    }
    if let Some(accepted) = peer
        .acceptor
        .as_ref()
        .and_then(|acceptor| acceptor.accepted)
    {
        return format!("{} {}", accepted.ballot, accepted.value);
    }
    let learned = peer.learner.as_ref().and_then(|learner| learner.learned);
    learned.map_or_else(String::new, |learned| format!("= {}", learned.value))
}

/// Whether what is shown of a deed is on the disk. Where something was accepted that is what counts: without the rule
/// *acceptors remember their promises* no promise ever is there.
fn durable(deed: &Deed, on_disk: &Deeds) -> bool {
    let written = on_disk.of(deed.ballot);
    if deed.accepted.is_empty() {
        written == Some(deed)
    } else {
        written.is_some_and(|written| written.accepted == deed.accepted)
    }
}

fn hue(ballot: Ballot) -> u64 {
    u64::from(ballot.proposer)
}

fn card(world: &World, id: NodeId, config: &Config) -> Option<NodeCard> {
    let cell = world.cell(id);
    let (peer, disk) = (
        engine_of::<Peer>(cell.node())?,
        disk_of::<Peer>(cell.node())?,
    );
    let down = cell.status() == Status::Down;
    let known = peer.acceptor.as_ref().map(|acceptor| &acceptor.deeds);
    let known = known.map(|deeds| if down { &disk.deeds } else { deeds });
    let last: Vec<&Deed> = known.into_iter().flat_map(Deeds::iter).collect();
    let from = last.len().saturating_sub(4);
    let chips = last[from..].iter().map(|deed| Chip {
        hue: hue(deed.ballot),
        solid: !deed.accepted.is_empty(),
        durable: durable(deed, &disk.deeds),
    });
    let back_off = cell.timers().find(|view| view.timer == WAIT);
    Some(NodeCard {
        id,
        at: place(id, config, world.ids().count()),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(peer),
        status: cell.status(),
        caption: caption(peer, disk, down),
        arc: back_off.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: chips.collect(),
        writes_pending: cell.writes_pending(),
    })
}

/// One acceptor, as the panels show it.
struct Row {
    node: NodeId,
    down: bool,
    paused: bool,
    promised: Ballot,
    deeds: Deeds,
    on_disk: Deeds,
    role: Role,
}

/// What the acceptors have done, ballot by ballot.
struct Book {
    rows: Vec<Row>,
    ballots: Vec<Ballot>,
    chosen: Vec<Proposal>,
    needed: Quorums,
}

impl Book {
    fn read(world: &World, config: &Config, needed: Quorums) -> Book {
        let row = |(node, peer, disk): (NodeId, &Peer, &Disk)| {
            let acceptor = peer.acceptor.as_ref()?;
            let status = world.cell(node).status();
            let down = status == Status::Down;
            Some(Row {
                node,
                down,
                paused: status == Status::Paused,
                promised: if down {
                    disk.promised
                } else {
                    acceptor.promised
                },
                deeds: if down { &disk.deeds } else { &acceptor.deeds }.clone(),
                on_disk: disk.deeds.clone(),
                role: role(peer),
            })
        };
        let rows: Vec<Row> = peers(world)
            .filter(|(node, ..)| config.acceptors.contains(node))
            .filter_map(row)
            .collect();
        let mut ballots: Vec<Ballot> = Vec::new();
        for row in &rows {
            ballots.extend(row.deeds.iter().map(|deed| deed.ballot));
        }
        sort(&mut ballots);
        ballots.dedup();
        let from = ballots.len().saturating_sub(COLUMNS);
        Book {
            rows,
            ballots: ballots.split_off(from),
            chosen: chosen_on_disk(world),
            needed,
        }
    }

    /// Whether two values are chosen.
    fn is_split(&self) -> bool {
        let mut pairs = self.chosen.windows(2);
        pairs.any(|pair| pair[0].value != pair[1].value)
    }

    /// A row for each acceptor, a column for each ballot.
    fn ballots_panel(&self, _world: &World, names: &Names) -> Panel {
        let row = |row: &Row| GridRow {
            node: row.node,
            head: names.node(row.node).to_owned(),
            shape: row.role.shape,
            tone: if row.down {
                Tone::Neutral
            } else {
                row.role.tone
            },
            faint: row.down || row.paused,
            cells: self
                .ballots
                .iter()
                .map(|ballot| self.cell(row, *ballot))
                .collect(),
        };
        let key = match (&self.chosen[..], self.ballots.is_empty()) {
            (_, true) => "panel.ballots.none",
            ([], false) => "panel.ballots.caption",
            (_, false) if self.is_split() => "panel.ballots.two",
            (_, false) => "panel.ballots.chosen",
        };
        let first = self.chosen.first();
        let other = first.and_then(|first| {
            let mut rest = self.chosen.iter();
            rest.find(|other| other.value != first.value)
        });
        let text = |proposal: Option<&Proposal>| {
            proposal.map_or_else(String::new, |proposal| proposal.value.to_string())
        };
        Panel::Grid {
            id: "ballots",
            legend: true,
            columns: self.ballots.iter().map(ToString::to_string).collect(),
            rows: self.rows.iter().map(row).collect(),
            caption: Phrase::new(key)
                .with("value", text(first))
                .with("other", text(other)),
            alarm: self.is_split(),
        }
    }

    fn cell(&self, row: &Row, ballot: Ballot) -> GridCell {
        let Some(deed) = row.deeds.of(ballot) else {
            return GridCell::default();
        };
        let durable = durable(deed, &row.on_disk);
        let mark = if row.promised == ballot { "▸" } else { "" };
        let is_chosen = |value: &Word| {
            let value = *value;
            self.chosen.contains(&Proposal { ballot, value })
        };
        let solid = durable && deed.accepted.iter().any(is_chosen);
        let key = match (deed.accepted.is_empty(), durable) {
            (true, true) => "panel.ballots.promised",
            (true, false) => "panel.ballots.promised-in-memory",
            (false, true) if solid => "panel.ballots.accepted-chosen",
            (false, true) => "panel.ballots.accepted",
            (false, false) => "panel.ballots.accepted-in-memory",
        };
        let values = deed.accepted.iter().map(ToString::to_string);
        let values: Vec<String> = values.collect();
        let text = if values.is_empty() {
            "·".to_owned()
        } else {
            values.join(" ")
        };
        GridCell {
            title: Phrase::new(key).with("ballot", ballot).with("value", &text),
            text,
            hue: hue(ballot),
            solid,
            durable,
            mark,
        }
    }

    /// Who has promised and who has accepted the last few ballots, one quorum below the other.
    fn quorums_panel(&self, names: &Names) -> Panel {
        let from = self.ballots.len().saturating_sub(VOTED);
        let mut rows = Vec::new();
        for ballot in &self.ballots[from..] {
            let said = |deed: &Deed| deed.promised;
            let promises = self.tally(
                ("panel.quorums.promises", *ballot),
                self.needed.one,
                said,
                names,
            );
            let said = |deed: &Deed| !deed.accepted.is_empty();
            let accepts = self.tally(
                ("panel.quorums.accepts", *ballot),
                self.needed.two,
                said,
                names,
            );
            rows.extend([promises, accepts].into_iter().flatten());
        }
        let key = if rows.is_empty() {
            "panel.quorums.none"
        } else if self.needed.one + self.needed.two > self.rows.len() {
            "panel.quorums.caption"
        } else {
            "panel.quorums.apart"
        };
        Panel::Tally {
            id: "quorums",
            rows,
            caption: Phrase::new(key)
                .with("one", self.needed.one)
                .with("two", self.needed.two)
                .with("all", self.rows.len())
                .with(
                    "common",
                    (self.needed.one + self.needed.two).saturating_sub(self.rows.len()),
                ),
        }
    }

    fn tally(
        &self,
        (key, ballot): (&str, Ballot),
        needed: usize,
        said: impl Fn(&Deed) -> bool,
        names: &Names,
    ) -> Option<TallyRow> {
        let vote = |row: &Row| {
            let yes = row.deeds.of(ballot).is_some_and(&said);
            let vote = match (yes, row.promised > ballot) {
                (true, _) => Vote::Yes,
                (false, true) => Vote::No,
                (false, false) => Vote::Waiting,
            };
            (names.node(row.node).to_owned(), vote)
        };
        let votes: Vec<_> = self.rows.iter().map(vote).collect();
        let any = votes.iter().any(|(_, vote)| *vote == Vote::Yes);
        any.then(|| TallyRow {
            what: Phrase::new(key).with("ballot", ballot),
            needed,
            votes,
            over: None,
            beside: None,
        })
    }
}

/// What proposers and learners want, do and know.
fn beliefs_panel(world: &World, names: &Names) -> Panel {
    let chosen = chosen_on_disk(world);
    let rows =
        peers(world).filter(|(_, peer, _)| peer.proposer.is_some() || peer.learner.is_some());
    let rows = rows.map(|(id, peer, _)| {
        let down = world.cell(id).status() == Status::Down;
        let or_dash =
            |text: Option<String>| text.filter(|_| !down).unwrap_or_else(|| "–".to_owned());
        let proposer = peer.proposer.as_ref();
        let known = peer.beliefs().next();
        let busy = proposer.filter(|proposer| {
            !matches!(
                proposer.phase,
                Phase::Idle | Phase::BackingOff | Phase::Decided(_)
            )
        });
        let row = vec![
            names.node(id).to_owned(),
            or_dash(
                proposer
                    .and_then(|proposer| proposer.value)
                    .map(|value| value.to_string()),
            ),
            or_dash(busy.map(|proposer| proposer.ballot.to_string())),
            or_dash(proposer.map(|proposer| proposer.overtaken.to_string())),
            or_dash(known.map(|value| value.to_string())),
        ];
        let right = known.is_none_or(|value| chosen.iter().any(|one| one.value == value));
        let tone = match (down, right, known.is_some()) {
            (true, ..) | (false, false, _) => Tone::Bad,
            (false, true, true) => Tone::Good,
            (false, true, false) => Tone::Neutral,
        };
        (tone, row)
    });
    let columns = ["node", "wants", "ballot", "overtaken", "knows"];
    Panel::Table(Table {
        id: "beliefs",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("panel.beliefs.caption"),
    })
}

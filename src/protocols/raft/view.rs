//! What the page shows of Raft.

mod members;

use super::lab::Raft;
use super::label::label;
use super::message::RaftMessage;
use super::server::{Disk, Progress, Role, Server};
use super::types::{Entry, Index, NodeSet, Payload};
use crate::engine::{AnyMessage, NodeId, Timer, disk_of, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{Cell, NodeKind, Status, World};
use crate::view::{
    Arc, Chip, GridCell, GridRow, NodeCard, Panel, Plugin, Role as Mask, Scene, Shape, Store,
    TallyRow, Tone, Vote, client_card, seat, store_panel,
};

/// How many columns of the log are shown, and how many chips under a node.
const COLUMNS: usize = 12;
const CHIPS: usize = 6;

impl Plugin for Raft {
    fn scene(&self, world: &World) -> Scene {
        let servers = servers(world).count();
        let clients = world.ids().count() - servers;
        let nodes = world
            .ids()
            .map(|id| match engine_of::<Server>(world.cell(id).node()) {
                Some(server) => server_card(world, id, server, seat(id.index(), servers)),
                None => client_card::<RaftMessage>(world, id, id.index() - servers, clients),
            });
        let links = |a: NodeId| (a.0 + 1..servers as u16).map(move |b| (a, NodeId(b)));
        Scene {
            nodes: nodes.collect(),
            links: (0..servers as u16).map(NodeId).flat_map(links).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let stores: Vec<Store<'_>> = servers(world)
            .map(|(id, server)| (id, server.applied.len(), &server.machine))
            .collect();
        let mut panels = vec![
            log_panel(world, names),
            votes_panel(world, names),
            store_panel(world, names, &stores),
        ];
        panels.extend(members::panel(world, names));
        panels
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        typed::<RaftMessage>(message).map_or_else(String::new, label)
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 1 | 6 | 7 | 11 => Tone::Try,
            2 | 8 | 9 => Tone::Lead,
            3 | 10 => Tone::Neutral,
            _ => Tone::Guest,
        }
    }
}

fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    world
        .ids()
        .filter_map(|id| Some((id, engine_of::<Server>(world.cell(id).node())?)))
}

/// The servers that have a vote, by the one that has committed most; all, where members never change.
fn voters(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let ahead = servers(world).max_by_key(|(_, server)| (server.commit, server.term));
    let members = ahead.and_then(|(_, server)| server.members());
    servers(world).filter(move |(id, _)| members.is_none_or(|members| members.all().has(*id)))
}

fn disk(cell: &Cell) -> Option<&Disk> {
    disk_of::<Server>(cell.node())
}

/// Who catches up with the leader.
fn learners(world: &World) -> NodeSet {
    let leader = super::checks::leader(world);
    let leader = leader.and_then(|id| engine_of::<Server>(world.cell(id).node()));
    leader.map_or(NodeSet::NONE, Server::learners)
}

fn mask(id: NodeId, server: &Server, learners: NodeSet) -> Mask {
    match server.role {
        Role::Follower if learners.has(id) => Mask {
            key: "learner",
            tone: Tone::Guest,
            shape: Shape::Eye,
        },
        // A small box: it is there, and has no part in anything.
        Role::Follower if server.is_outside() => Mask {
            key: "spare",
            tone: Tone::Neutral,
            shape: Shape::Box,
        },
        Role::Follower => Mask {
            key: "follower",
            tone: Tone::Neutral,
            shape: Shape::Plain,
        },
        Role::PreCandidate { .. } => Mask {
            key: "pre-candidate",
            tone: Tone::Guest,
            shape: Shape::Eye,
        },
        Role::Candidate { .. } => Mask {
            key: "candidate",
            tone: Tone::Try,
            shape: Shape::Diamond,
        },
        Role::Leader { .. } => Mask {
            key: "leader",
            tone: Tone::Lead,
            shape: Shape::Star,
        },
    }
}

fn arc(cell: &Cell) -> Option<Arc> {
    let election = cell.timers().find(|view| view.timer == Timer(0))?;
    Some(Arc {
        from: election.set_at,
        to: election.deadline,
    })
}

fn server_card(world: &World, id: NodeId, server: &Server, at: (f64, f64)) -> NodeCard {
    let cell = world.cell(id);
    let down = cell.status() == Status::Down;
    // A dead server has what is on its disk, and nothing else.
    let on_disk = disk(cell).map(|disk| &disk.log);
    let log = if down {
        on_disk.unwrap_or(&server.log)
    } else {
        &server.log
    };
    let from = log.len().saturating_sub(CHIPS);
    let chips = (from..log.len()).filter_map(|i| {
        let entry = log.get(i)?;
        Some(Chip {
            hue: u64::from(entry.term.0),
            solid: !down && i < server.commit.len(),
            durable: on_disk.is_some_and(|disk| disk.digest(i + 1) == log.digest(i + 1)),
        })
    });
    NodeCard {
        id,
        at,
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: mask(id, server, learners(world)),
        status: cell.status(),
        caption: format!("t {}", server.term.0),
        arc: arc(cell),
        chips: chips.collect(),
        writes_pending: cell.writes_pending(),
    }
}

fn log_panel(world: &World, names: &Names) -> Panel {
    let longest = servers(world)
        .map(|(_, server)| server.log.len())
        .max()
        .unwrap_or(0);
    let first = longest.saturating_sub(COLUMNS - 1).max(1);
    let columns = (first..first + COLUMNS).map(|i| i.to_string()).collect();
    let followers: &[Progress] = super::checks::leader(world)
        .and_then(|id| engine_of::<Server>(world.cell(id).node()))
        .map_or(&[], Server::followers);
    let row = |(id, server): (NodeId, &Server)| {
        let cell = world.cell(id);
        let down = cell.status() == Status::Down;
        let mask = mask(id, server, learners(world));
        let progress = followers.iter().find(|progress| progress.follower == id);
        let cells = (first..first + COLUMNS)
            .map(|index| grid_cell(cell, server, Index(index as u32), progress, down));
        GridRow {
            node: id,
            head: names.node(id).to_owned(),
            shape: if down { Shape::Plain } else { mask.shape },
            tone: if down { Tone::Neutral } else { mask.tone },
            faint: cell.status() != Status::Up,
            cells: cells.collect(),
        }
    };
    Panel::Grid {
        id: "log",
        legend: true,
        columns,
        rows: servers(world).map(row).collect(),
        caption: Phrase::new("panel.log.caption"),
        alarm: false,
    }
}

fn grid_cell(
    cell: &Cell,
    server: &Server,
    index: Index,
    progress: Option<&Progress>,
    down: bool,
) -> GridCell {
    let on_disk = disk(cell).map(|disk| &disk.log);
    let log = if down {
        on_disk.unwrap_or(&server.log)
    } else {
        &server.log
    };
    let mark = match progress {
        Some(progress) if !down && progress.matched == index => "=",
        Some(progress) if !down && progress.next == index => "▸",
        Some(_) | None => "",
    };
    let Some(entry) = log.get(index.len() - 1) else {
        if index.len() <= log.begin() {
            return snapshot_cell(log.begin(), index, mark);
        }
        return GridCell {
            mark,
            ..GridCell::default()
        };
    };
    let solid = !down && index <= server.commit;
    let durable = on_disk.is_some_and(|disk| disk.digest(index.len()) == log.digest(index.len()));
    let key = match (solid, durable) {
        (true, _) => "panel.log.committed",
        (false, true) => "panel.log.on-disk",
        (false, false) => "panel.log.in-memory",
    };
    GridCell {
        text: entry_text(entry),
        hue: u64::from(entry.term.0),
        solid,
        durable,
        mark,
        title: Phrase::new(key)
            .with("index", index.0)
            .with("term", entry.term.0)
            .with("entry", entry),
    }
}

/// A place whose entry the log has let go of.
fn snapshot_cell(begin: usize, index: Index, mark: &'static str) -> GridCell {
    let end = index.len() == begin;
    GridCell {
        text: if end { "▤" } else { "░" }.to_owned(),
        hue: 0,
        solid: true,
        durable: true,
        mark,
        title: Phrase::new("panel.log.in-snapshot")
            .with("index", index.0)
            .with("last", begin),
    }
}

fn entry_text(entry: &Entry) -> String {
    match entry.payload {
        Payload::Noop => "·".to_owned(),
        Payload::Client { op, .. } => op.to_string(),
        // Only an engine that is built on this one knows what it is.
        Payload::Command(_) => "▪".to_owned(),
        Payload::Members(members) if members.joint() => "◑".to_owned(),
        Payload::Members(_) => "●".to_owned(),
    }
}

fn votes_panel(world: &World, names: &Names) -> Panel {
    let total = voters(world).count();
    let needed = if world.rules().on(super::server::MORE_THAN_HALF) {
        total / 2 + 1
    } else {
        total.div_ceil(2)
    };
    let highest = servers(world)
        .map(|(_, server)| server.term)
        .max()
        .unwrap_or_default();
    let candidates = servers(world).filter_map(|(id, server)| match &server.role {
        Role::Candidate { granted, refused } | Role::PreCandidate { granted, refused } => {
            let vote = |voter: NodeId| match (granted.contains(&voter), refused.contains(&voter)) {
                (true, _) => Vote::Yes,
                (false, true) => Vote::No,
                (false, false) => Vote::Waiting,
            };
            Some((
                id,
                server,
                voters(world).map(|(v, _)| (v, vote(v))).collect::<Vec<_>>(),
            ))
        }
        Role::Follower | Role::Leader { .. } => None,
    });
    let mut rows: Vec<TallyRow> = candidates
        .map(|(id, server, votes)| tally(names, id, server, needed, votes))
        .collect();
    // Nobody asks now: the votes that made the leader of the highest term.
    if rows.is_empty()
        && let Some(id) = super::checks::leader(world)
        && let Some(server) = engine_of::<Server>(world.cell(id).node())
    {
        let vote = |voter: &Server| {
            if voter.term == highest && voter.voted_for == Some(id) {
                Vote::Yes
            } else {
                Vote::No
            }
        };
        let votes = voters(world).map(|(v, voter)| (v, vote(voter))).collect();
        rows.push(tally(names, id, server, needed, votes));
    }
    let key = if rows.is_empty() {
        "panel.votes.none"
    } else {
        "panel.votes.caption"
    };
    Panel::Tally {
        id: "votes",
        rows,
        caption: Phrase::new(key).with("needed", needed),
    }
}

fn tally(
    names: &Names,
    id: NodeId,
    server: &Server,
    needed: usize,
    votes: Vec<(NodeId, Vote)>,
) -> TallyRow {
    let name = |(voter, vote): (NodeId, Vote)| (names.node(voter).to_owned(), vote);
    TallyRow {
        what: Phrase::new("panel.votes.row")
            .with("node", names.node(id))
            .with("term", server.term.0),
        needed,
        votes: votes.into_iter().map(name).collect(),
        over: None,
        beside: None,
    }
}

/// How many entries of its log stand under a server that is inside another engine.
const INSIDE_CHIPS: usize = 6;

/// The last entries of the log of a server inside another engine: those on its disk where it is down.
#[must_use]
pub fn log_chips(cell: &Cell, server: &Server, disk: Option<&Disk>) -> Vec<Chip> {
    let down = cell.status() == Status::Down;
    let on_disk = disk.map(|disk| &disk.log);
    let log = on_disk.filter(|_| down).unwrap_or(server.log());
    let commit = server.commit().len();
    let from = log.len().saturating_sub(INSIDE_CHIPS);
    let chip = |i: usize| {
        let entry = log.get(i)?;
        Some(Chip {
            hue: u64::from(entry.term.0),
            solid: !down && i < commit,
            durable: on_disk.is_some_and(|disk| disk.digest(i + 1) == log.digest(i + 1)),
        })
    };
    (from..log.len()).filter_map(chip).collect()
}

//! The picture: who votes for whom, how the candidates are, and what each of the four forms makes of them.

use super::checks::{live, running};
use super::forms::{Form, State, accepted};
use super::lab::{NAMES, PriorityVote};
use super::message::VoteMessage;
use super::peer::{Config, Peer, Phase};
use crate::engine::{AnyMessage, Engine, NodeId, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, World};
use crate::view::{
    Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, TallyRow, Tone, Vote, circle,
};

impl Plugin for PriorityVote {
    fn scene(&self, world: &World) -> Scene {
        let ids: Vec<NodeId> = world.ids().collect();
        let links = ids.iter().flat_map(|a| {
            let later = ids.iter().filter(move |b| a < b);
            later.map(move |b| (*a, *b))
        });
        Scene {
            nodes: ids.iter().filter_map(|id| card(world, *id)).collect(),
            links: links.collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(config) = world
            .ids()
            .find_map(|id| engine_of::<Peer>(world.cell(id).node()))
            .map(Peer::config)
        else {
            return Vec::new();
        };
        vec![
            forms_panel(world, config, names),
            votes_panel(world, config, names),
            nodes_panel(world, names),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<VoteMessage>(message) else {
            return String::new();
        };
        let name = |state: &State| NAMES[state.node.index()];
        match message {
            VoteMessage::Poll(_) => "?".to_owned(),
            VoteMessage::Answer { state, .. } if state.sick => "✚".to_owned(),
            VoteMessage::Answer { state, .. } => format!("{} %", state.load),
            VoteMessage::Ballot { term, slate } => {
                let names: Vec<&str> = slate.iter().map(name).collect();
                format!("{}? t{term}", names.join(" "))
            }
            VoteMessage::Vote(term) => format!("✓ t{term}"),
            VoteMessage::Heartbeat(term) => format!("♥ t{term}"),
            VoteMessage::Resign(term) => format!("✗ t{term}"),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Guest,
            2 => Tone::Try,
            3 => Tone::Lead,
            4 => Tone::Good,
            5 => Tone::Bad,
            _ => Tone::Neutral,
        }
    }
}

fn role(peer: &Peer) -> Role {
    let key = peer.role();
    let (tone, shape) = match peer.phase {
        Phase::Following if peer.leader.is_some() => (Tone::Good, Shape::Plain),
        Phase::Following => (Tone::Neutral, Shape::Plain),
        Phase::Polling | Phase::Voting => (Tone::Try, Shape::Diamond),
        Phase::Leading if peer.sick => (Tone::Bad, Shape::Star),
        Phase::Leading => (Tone::Lead, Shape::Star),
    };
    Role { key, tone, shape }
}

fn card(world: &World, id: NodeId) -> Option<NodeCard> {
    let cell = world.cell(id);
    let peer = engine_of::<Peer>(cell.node())?;
    let priority = peer.state().priority;
    let caption = if peer.sick {
        format!("{priority} ✚")
    } else {
        priority.to_string()
    };
    // Neither a leader's signs of life nor a sickness are a countdown to an election.
    let counts = !peer.leads() && !peer.sick;
    let timer = cell.timers().find(|_| counts);
    Some(NodeCard {
        id,
        at: circle(id.index(), world.ids().count(), 0.75),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(peer),
        status: cell.status(),
        caption,
        arc: timer.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    })
}

/// What each form would make of those that live: by what they last said of themselves, and, since the next poll draws
/// loads anew, by what acceptance then comes to.
fn forms_panel(world: &World, config: &Config, names: &Names) -> Panel {
    let slate: Vec<State> = running(world).map(|(_, peer)| peer.state()).collect();
    let weights = Form::ALL.map(|form| form.weights(&slate, config.load_max));
    let anew = accepted(&slate, config.load_max);
    let rows = world.ids().map(|id| {
        let place = slate.iter().position(|state| state.node == id);
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let mut row = vec![names.node(id).to_owned()];
        for (form, weights) in Form::ALL.into_iter().zip(&weights) {
            row.push(or_dash(place.map(|place| part(form, weights, place))));
            if form == Form::Acceptance {
                row.push(or_dash(place.map(|place| format!("{:.2}", anew[place]))));
            }
        }
        let leads = live(world, id).is_some_and(Peer::leads);
        (if leads { Tone::Lead } else { Tone::Neutral }, row)
    });
    let mut columns = vec![Phrase::new("column.node")];
    columns.extend(Form::ALL.map(|form| Phrase::new(format!("column.{}", form.word()))));
    columns.insert(2, Phrase::new("column.anew"));
    let used = if config.voters_decide {
        "panel.forms.voters"
    } else {
        "panel.forms.caller"
    };
    Panel::Table(Table {
        id: "forms",
        columns,
        rows: rows.collect(),
        caption: Phrase::new(used).with("form", config.form.word()),
    })
}

/// The weight of one over the sum of all: its chance.
fn part(form: Form, weights: &[u64], place: usize) -> String {
    let sum: u64 = weights.iter().sum();
    match (form, weights[place]) {
        (Form::Acceptance, 0) => "0".to_owned(),
        (Form::Acceptance, _) => "1".to_owned(),
        (Form::Product | Form::Draw | Form::Uniform, weight) => format!("{weight}/{sum}"),
    }
}

/// Who has voted for whom, in which term.
fn votes_panel(world: &World, config: &Config, names: &Names) -> Panel {
    let rows = running(world).filter(|(_, peer)| !peer.votes.is_empty());
    let rows = rows.map(|(id, candidate)| {
        let vote = |voter: NodeId| {
            let other = live(world, voter).filter(|other| other.term == candidate.term);
            let vote = if candidate.votes.contains(&voter) {
                Vote::Yes
            } else if other.is_some_and(|other| other.voted.is_some_and(|to| to != id)) {
                Vote::No
            } else {
                Vote::Waiting
            };
            (names.node(voter).to_owned(), vote)
        };
        TallyRow {
            what: Phrase::new("panel.votes.row")
                .with("node", names.node(id))
                .with("term", candidate.term),
            needed: config.majority(),
            votes: config.all().map(vote).collect(),
            over: None,
            beside: None,
        }
    });
    let rows: Vec<TallyRow> = rows.collect();
    let key = if rows.is_empty() {
        "panel.votes.none"
    } else {
        "panel.votes.caption"
    };
    Panel::Tally {
        id: "votes",
        rows,
        caption: Phrase::new(key).with("needed", config.majority()),
    }
}

/// How the nodes are, and what each believes.
fn nodes_panel(world: &World, names: &Names) -> Panel {
    let rows = world.ids().map(|id| {
        let peer = live(world, id);
        let of = |say: fn(&Peer) -> String| peer.map_or_else(|| "–".to_owned(), say);
        let leader = peer.and_then(|peer| peer.leader);
        let tone = match peer {
            Some(peer) if !peer.fit() => Tone::Bad,
            Some(_) => Tone::Good,
            None => Tone::Neutral,
        };
        let row = vec![
            names.node(id).to_owned(),
            of(|peer| peer.state().priority.to_string()),
            of(|peer| format!("{} %", peer.state().load)),
            of(|peer| if peer.sick { "✚" } else { "" }.to_owned()),
            leader.map_or_else(|| "–".to_owned(), |leader| names.node(leader).to_owned()),
            of(|peer| peer.term.to_string()),
            of(|peer| peer.led().to_string()),
        ];
        (tone, row)
    });
    let columns = ["node", "priority", "load", "sick", "leader", "term", "led"];
    let limit = running(world)
        .next()
        .map_or(0, |(_, peer)| peer.config().load_max);
    let columns = columns.map(|column| Phrase::new(format!("column.{column}")));
    Panel::Table(Table {
        id: "nodes",
        columns: columns.to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("panel.nodes.caption").with("limit", limit),
    })
}

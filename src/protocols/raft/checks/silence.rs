//! With pre-vote, who hears a leader backs nobody else: judged by the world's clock.

use super::super::message::RaftMessage;
use super::super::notes;
use super::super::server::{Role, Server};
use super::super::types::Term;
use super::{WAITS_FOR_SILENCE, sum};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, engine_of, typed};
use crate::lab::Verdicts;
use crate::sim::{Happened, Status, World};

/// When each node last heard a leader, and of which term.
#[derive(Clone)]
pub(super) struct Silence {
    least: Span,
    heard: Vec<Option<(Term, Time)>>,
}

impl Silence {
    /// Nothing where nobody asks for pre-votes.
    pub(super) fn of(world: &World) -> Option<Box<Self>> {
        let mut servers = world.ids().filter_map(|id| server(world, id));
        let least = servers.next()?.asks_around_after()?;
        Some(Box::new(Silence {
            least,
            heard: world.ids().map(|_| None).collect(),
        }))
    }

    pub(super) fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        for node in &record.touched {
            // What it heard is not on its disk.
            if world.cell(*node).status() == Status::Down {
                self.heard[node.index()] = None;
            }
        }
        let Happened::Delivered(letter) = &record.what else {
            return;
        };
        let to = letter.name.to;
        let Some(voter) = server(world, to) else {
            return;
        };
        match typed::<RaftMessage>(&*letter.parcel) {
            Some(
                RaftMessage::AppendEntries { term, .. } | RaftMessage::InstallSnapshot { term, .. },
            ) if *term == voter.term => {
                self.heard[to.index()] = Some((*term, record.time));
            }
            Some(RaftMessage::PreVoteRequest { .. }) => {
                let granted = record
                    .notes
                    .iter()
                    .any(|note| note.key == notes::PRE_VOTE_GRANTED);
                let heard = self.heard[to.index()].filter(|(term, _)| *term == voter.term);
                let ago = heard.map(|(_, at)| record.time - at);
                let leads = matches!(voter.role, Role::Leader { .. });
                if granted && (leads || ago.is_some_and(|ago| ago < self.least)) {
                    let args = [to.into(), ago.unwrap_or(Span(0)).into()];
                    let why = Note::new(notes::PRE_VOTE_TOO_SOON, args);
                    verdicts.violate(WAITS_FOR_SILENCE, Some(why));
                }
            }
            Some(_) | None => {}
        }
    }

    /// The hash of who heard whom, the same whatever the nodes are called.
    pub(super) fn by_node(&self, names: &Renaming) -> u128 {
        let nodes = (0..).map(|n| names.of(NodeId(n)));
        sum(nodes.zip(&self.heard).map(|pair| Fingerprint::of(&pair)))
    }
}

fn server(world: &World, id: NodeId) -> Option<&Server> {
    engine_of::<Server>(world.cell(id).node())
}

//! The panel of the members: by what configuration each leader goes, and who has the entry that it stands in.

use super::super::server::{Role, Server};
use super::super::types::NodeSet;
use super::servers;
use crate::engine::NodeId;
use crate::lab::{Names, Phrase};
use crate::sim::{Status, World};
use crate::view::{Panel, TallyRow, Vote};

/// A server that believes that it leads.
type Leader<'a> = (NodeId, &'a Server);

/// Those who believe that they lead; the one of the latest term first.
fn leaders(world: &World) -> Vec<Leader<'_>> {
    let up = |(id, server): &Leader<'_>| {
        world.cell(*id).status() != Status::Down && matches!(server.role, Role::Leader { .. })
    };
    let mut found: Vec<_> = servers(world).filter(up).collect();
    crate::engine::sorting::sort_by_key(&mut found, |(_, server)| std::cmp::Reverse(server.term));
    found
}

/// Whether a leader knows that a server has the entry that its configuration stands in.
fn has((id, server): Leader<'_>, node: NodeId) -> bool {
    let since = server.members_since();
    if node == id {
        return server.durable >= since;
    }
    let mut known = server.followers().iter();
    known.any(|known| known.follower == node && known.matched >= since)
}

/// Each configuration that a leader needs now, old and new. Where several lead each row says whose it is.
fn rows(leader: Leader<'_>, alone: bool, names: &Names) -> Vec<TallyRow> {
    let (id, server) = leader;
    let row = |(key, of): (&'static str, &'static str), set: NodeSet| TallyRow {
        what: Phrase::new(if alone { key } else { of }).with("node", names.node(id)),
        needed: set.count() / 2 + 1,
        votes: set
            .nodes()
            .map(|node| {
                let vote = if has(leader, node) {
                    Vote::Yes
                } else {
                    Vote::Waiting
                };
                (names.node(node).to_owned(), vote)
            })
            .collect(),
        over: None,
        beside: None,
    };
    match server.members() {
        None => Vec::new(),
        Some(members) if members.joint() => vec![
            row(("panel.members.old", "panel.members.old-of"), members.old),
            row(("panel.members.new", "panel.members.new-of"), members.new),
        ],
        Some(members) => vec![row(
            ("panel.members.now", "panel.members.now-of"),
            members.new,
        )],
    }
}

/// See the module; nothing where the members never change.
pub(super) fn panel(world: &World, names: &Names) -> Option<Panel> {
    let (_, any) = servers(world).next()?;
    any.members()?;
    let leaders = leaders(world);
    let caption = match leaders.first() {
        None => Phrase::new("panel.members.none"),
        Some((id, server)) => {
            let since = server.members_since();
            let key = if server.commit >= since {
                "panel.members.committed"
            } else {
                "panel.members.open"
            };
            Phrase::new(key)
                .with("node", names.node(*id))
                .with("index", since.0)
                .with("learners", server.learners().count())
        }
    };
    let alone = leaders.len() < 2;
    let rows = leaders
        .iter()
        .flat_map(|leader| rows(*leader, alone, names));
    Some(Panel::Tally {
        id: "members",
        rows: rows.collect(),
        caption,
    })
}

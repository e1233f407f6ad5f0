//! The space as strips: who has which part of it, where it is hot, and what the keeper and the clients
//! believe.

use super::super::balance::POINTS;
use super::super::keeper::Keeper;
use super::super::lab::{KEEPER, clients, running, shards};
use super::super::shard::Shard;
use super::super::space::{Layout, Space};
use super::super::table::Table;
use super::{hue, is_down, server, shard};
use crate::engine::{NodeId, engine_of};
use crate::lab::{Names, Phrase};
use crate::sim::{Status, World};
use crate::view::{PieceLook, Strip, StripPiece, Strips};

/// So many names stand over the strips.
const TICKS: u8 = 6;

/// The space: what each shard has, where it is hot, what the keeper and the clients believe.
pub(super) fn map(world: &World, keeper: &Keeper, names: &Names) -> Strips {
    let space = keeper.space();
    let strip = |node: NodeId, pieces: Vec<StripPiece>| Strip {
        node,
        head: names.node(node).to_owned(),
        faint: world.cell(node).status() != Status::Up,
        pieces,
    };
    let owned = shards(world).map(|id| strip(id, of_shard(world, id, space, names)));
    let heat = strip(KEEPER, heat(world, space));
    let known = is_down(world, KEEPER);
    let belief = |table: &Table| believed(world, table, space, names);
    let mut tables = Vec::new();
    if !known {
        tables.push(strip(KEEPER, belief(&keeper.map().table)));
    }
    for (id, client) in clients(world) {
        let pieces = client.map(|client| belief(client.table()));
        tables.push(strip(id, pieces.unwrap_or_default()));
    }
    let stale = tables.iter().flat_map(|strip| &strip.pieces);
    let stale = stale.filter(|piece| piece.look == PieceLook::Wrong).count();
    let unserved = (0..space.len()).filter(|place| server(world, *place).is_none());
    let unserved = unserved.count();
    let caption = match (unserved, stale) {
        (0, 0) => Phrase::new("caption.map"),
        (0, _) => Phrase::new("caption.map-stale").with("stale", stale),
        (_, _) => Phrase::new("caption.map-gap").with("places", unserved),
    };
    let step = space.len().div_ceil(TICKS).max(1);
    let tick = |place: u8| match space.layout {
        Layout::Ranges => space.name((place, place + 1)).to_string(),
        Layout::Slots => place.to_string(),
    };
    let ticks = (0..space.len()).step_by(usize::from(step));
    Strips {
        id: "map",
        scale: u32::from(space.len()),
        ticks: ticks.map(|place| (u32::from(place), tick(place))).collect(),
        groups: vec![
            (Phrase::new("group.owned"), owned.collect()),
            (Phrase::new("group.heat"), vec![heat]),
            (Phrase::new("group.tables"), tables),
        ],
        legend: [
            (PieceLook::Firm, "legend.firm"),
            (PieceLook::Stopped, "legend.stopped"),
            (PieceLook::Coming, "legend.coming"),
            (PieceLook::Wrong, "legend.wrong"),
        ]
        .map(|(look, key)| (look, Phrase::new(key)))
        .to_vec(),
        caption,
    }
}

/// What a shard has: its own, what it has let go of and still keeps, and what comes to it.
fn of_shard(world: &World, id: NodeId, space: &Space, names: &Names) -> Vec<StripPiece> {
    let Some(shard) = shard(world, id).filter(|_| !is_down(world, id)) else {
        return Vec::new();
    };
    let piece = |ends: (u8, u8), look: PieceLook, text: String, title: Phrase| StripPiece {
        from: u32::from(ends.0),
        to: u32::from(ends.1),
        level: 100,
        share: 100,
        hue: hue(id),
        look,
        text,
        title: title.with("piece", space.name(ends).to_string()),
    };
    let own = shard.owned().map(|own| {
        let serves = shard.serves(own.lo);
        let (look, key) = if serves {
            (PieceLook::Firm, "title.serves")
        } else {
            (PieceLook::Stopped, "title.stopped")
        };
        let mut leaving = shard.book().leaving.iter();
        let to = leaving.find(|all| all.transfer.ends == own.ends());
        let text = match to {
            Some(to) => format!("→ {}", names.node(to.to)),
            None => format!("e{}", own.epoch.0),
        };
        let title = Phrase::new(key).with("epoch", u64::from(own.epoch.0));
        piece(own.ends(), look, text, title)
    });
    let released = shard.book().leaving.iter();
    let released = released.filter(|all| all.released.is_some()).map(|all| {
        let title = Phrase::new("title.released").with("to", names.node(all.to));
        let text = format!("→ {}", names.node(all.to));
        piece(all.transfer.ends, PieceLook::Stopped, text, title)
    });
    let coming = shard.book().coming.iter().map(|all| {
        let from = names.node(all.from);
        let title = Phrase::new("title.coming").with("from", from);
        let text = format!("{from} →");
        let mut coming = piece(all.transfer.ends, PieceLook::Coming, text, title);
        let there = all.staged.len();
        let source = engine_of::<Shard>(world.cell(all.from).node());
        let rest = source.and_then(Shard::copying);
        let rest = rest.filter(|copying| copying.transfer == all.transfer);
        let rest = rest.map_or(0, |copying| copying.rest.len());
        // A tenth at the least, so that it is seen.
        coming.share = (there * 100)
            .checked_div(there + rest)
            .map_or(10, |n| n.max(10) as u8);
        coming
    });
    own.chain(released).chain(coming).collect()
}

/// How much is asked for, at each place.
fn heat(world: &World, space: &Space) -> Vec<StripPiece> {
    let of = |place: u8| -> u64 {
        let all = running(world).map(|(_, shard)| u64::from(shard.heat(place)));
        all.sum()
    };
    let all: Vec<(u8, u64)> = (0..space.len()).map(|place| (place, of(place))).collect();
    // A few requests are no heat.
    let most = all.iter().map(|(_, heat)| *heat).max().unwrap_or(0);
    let most = most.max(8 * u64::from(POINTS));
    let piece = |(place, heat): (u8, u64)| {
        let level = (heat * 100 / most) as u8;
        let owner = server(world, place);
        StripPiece {
            from: u32::from(place),
            to: u32::from(place) + 1,
            level,
            share: 100,
            hue: owner.map_or(0, hue),
            look: PieceLook::Firm,
            text: String::new(),
            title: Phrase::new("title.heat")
                .with("piece", space.name((place, place + 1)).to_string())
                .with("requests", heat / u64::from(POINTS)),
        }
    };
    let warm = all.into_iter().filter(|(_, heat)| *heat > 0);
    warm.map(piece).filter(|piece| piece.level > 0).collect()
}

/// What somebody believes, with what is not so marked. Where nobody serves, nothing is wrong yet.
fn believed(world: &World, table: &Table, space: &Space, names: &Names) -> Vec<StripPiece> {
    let all = table.pieces().map(|piece| {
        let mut places = piece.lo..piece.hi;
        let wrong = places.any(|place| server(world, place).is_some_and(|it| it != piece.owner));
        let key = if wrong {
            "title.stale"
        } else {
            "title.believed"
        };
        let owner = names.node(piece.owner);
        StripPiece {
            from: u32::from(piece.lo),
            to: u32::from(piece.hi),
            level: 100,
            share: 100,
            hue: hue(piece.owner),
            look: if wrong {
                PieceLook::Wrong
            } else {
                PieceLook::Firm
            },
            text: owner.to_owned(),
            title: Phrase::new(key)
                .with("piece", space.name(piece.ends()).to_string())
                .with("owner", owner),
        }
    });
    all.collect()
}

//! The picture: the keeper of the map above, the shards below it, at the bottom the clients. Beside
//! it the space as strips (`map.rs`), the load of the shards, and the moves.

mod map;

use super::balance::POINTS;
use super::client::{Client, Operation};
use super::keeper::{Aim, Keeper};
use super::lab::{KEEPER, Sharding, clients, running, shards};
use super::message::ShardingMessage;
use super::shard::Shard;
use super::space::Space;
use super::table::Piece;
use crate::engine::{AnyMessage, NodeId, disk_of, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{Status, World};
use crate::view::{
    BarRow, Bars, Chip, NodeCard, Panel, Plugin, Role, Scene, Shape, Table as Rows, Tone,
};

/// So many chips stand under a shard.
const CHIPS: usize = 8;

const fn role(key: &'static str, tone: Tone, shape: Shape) -> Role {
    Role { key, tone, shape }
}

fn keeper(world: &World) -> Option<&Keeper> {
    engine_of::<Keeper>(world.cell(KEEPER).node())
}

fn shard(world: &World, id: NodeId) -> Option<&Shard> {
    engine_of::<Shard>(world.cell(id).node())
}

fn is_down(world: &World, id: NodeId) -> bool {
    world.cell(id).status() == Status::Down
}

/// A colour for a shard.
fn hue(shard: NodeId) -> u64 {
    u64::from(shard.0.saturating_sub(1))
}

/// The requests of a shard of late, in points: those of the places that it owns.
fn load(world: &World, id: NodeId) -> u64 {
    let Some(shard) = shard(world, id).filter(|_| !is_down(world, id)) else {
        return 0;
    };
    let places = shard.owned().flat_map(|piece| piece.lo..piece.hi);
    places.map(|place| u64::from(shard.heat(place))).sum()
}

/// Who serves a place. While a piece is handed over nobody does.
fn server(world: &World, place: u8) -> Option<NodeId> {
    let mut all = running(world);
    all.find(|(_, shard)| shard.serves(place)).map(|(id, _)| id)
}

/// Where node `at` of `n` stands in its row.
fn in_row(at: usize, n: usize, width: f64) -> f64 {
    ((at as f64 + 0.5) / n.max(1) as f64 * 2.0 - 1.0) * width
}

fn place_of(world: &World, id: NodeId) -> (f64, f64) {
    let count = shards(world).count();
    match id.index().checked_sub(1) {
        None => (0.0, -0.86),
        Some(at) if at < count => (in_row(at, count, 1.0), -0.12),
        Some(at) => {
            let all = world.ids().count() - count - 1;
            (in_row(at - count, all, 1.3), 0.84)
        }
    }
}

fn keeper_role(keeper: &Keeper) -> Role {
    match keeper.map().plan {
        Some(_) => role("ordering", Tone::Lead, Shape::Star),
        None => role("keeper", Tone::Neutral, Shape::Eye),
    }
}

fn shard_card(world: &World, shard: &Shard, card: NodeCard) -> NodeCard {
    let stopped = shard.copying().is_some_and(|all| all.stopped().is_some());
    let released = shard
        .book()
        .leaving
        .iter()
        .any(|all| all.released.is_some());
    let role = if stopped {
        role("stopped", Tone::Bad, Shape::Diamond)
    } else if shard.copying().is_some() || released {
        role("source", Tone::Try, Shape::Diamond)
    } else if !shard.book().coming.is_empty() {
        role("target", Tone::Try, Shape::Plain)
    } else {
        role("shard", Tone::Good, Shape::Plain)
    };
    let disk = disk_of::<Shard>(world.cell(card.id).node());
    let chip = |piece: Piece| Chip {
        hue: hue(card.id),
        solid: shard.serves(piece.lo),
        durable: disk.is_some_and(|disk| disk.table.owner(piece.lo) == Some(card.id)),
    };
    let requests = load(world, card.id) / u64::from(POINTS);
    NodeCard {
        role,
        caption: format!("{requests}"),
        chips: shard.owned().map(chip).take(CHIPS).collect(),
        ..card
    }
}

fn client_card(world: &World, client: &Client, space: &Space, card: NodeCard) -> NodeCard {
    let Some(pending) = client.pending() else {
        return NodeCard {
            role: role("idle", Tone::Guest, Shape::Box),
            ..card
        };
    };
    let place = space.place(pending.wish.key);
    let real = server(world, place.0);
    let astray = real.is_some_and(|real| client.table().owner(place.0) != Some(real));
    let what = match pending.wish.operation {
        Operation::Get => format!("{}?", pending.wish.key.word()),
        Operation::Add(by) => format!("{} +{by}", pending.wish.key.word()),
    };
    NodeCard {
        role: if astray {
            role("astray", Tone::Bad, Shape::Box)
        } else {
            role("asking", Tone::Guest, Shape::Box)
        },
        caption: what,
        ..card
    }
}

impl Plugin for Sharding {
    fn scene(&self, world: &World) -> Scene {
        let space = keeper(world).map(Keeper::space);
        let card = |id: NodeId| {
            let cell = world.cell(id);
            let bare = NodeCard {
                id,
                at: place_of(world, id),
                name: world.spec(id).name.clone(),
                kind: world.spec(id).kind,
                role: role("idle", Tone::Guest, Shape::Box),
                status: cell.status(),
                caption: String::new(),
                arc: None,
                chips: Vec::new(),
                writes_pending: cell.writes_pending(),
            };
            let client = engine_of::<Client>(cell.node());
            match (keeper(world).filter(|_| id == KEEPER), client, space) {
                (Some(keeper), ..) => NodeCard {
                    role: keeper_role(keeper),
                    caption: keeper.map().table.pieces().count().to_string(),
                    ..bare
                },
                (None, Some(client), Some(space)) => client_card(world, client, space, bare),
                (None, ..) => match shard(world, id) {
                    Some(shard) => shard_card(world, shard, bare),
                    None => bare,
                },
            }
        };
        let all: Vec<NodeId> = shards(world).collect();
        let orders = all.iter().map(|id| (KEEPER, *id));
        let between = all.iter().zip(all.iter().skip(1)).map(|(a, b)| (*a, *b));
        let asks = clients(world).flat_map(|(id, _)| all.iter().map(move |shard| (*shard, id)));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: orders.chain(between).chain(asks).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(keeper) = keeper(world) else {
            return Vec::new();
        };
        vec![
            Panel::Strips(map::map(world, keeper, names)),
            Panel::Bars(loads(world, names)),
            Panel::Table(moves(world, keeper, names)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, names: &Names) -> String {
        typed(message).map_or_else(String::new, |message| label(message, names))
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Guest,
            1 => Tone::Good,
            2..=4 => Tone::Bad,
            7 | 8 | 12 | 13 => Tone::Lead,
            9..=11 => Tone::Try,
            _ => Tone::Neutral,
        }
    }
}

fn label(message: &ShardingMessage, names: &Names) -> String {
    let ends = |(lo, hi): (u8, u8)| match hi.saturating_sub(lo) {
        0 | 1 => format!("{lo}"),
        _ => format!("{lo}–{}", hi - 1),
    };
    match message {
        ShardingMessage::Request {
            key,
            operation,
            asking,
            ..
        } => {
            let asking = if *asking { "ASKING " } else { "" };
            match operation {
                Operation::Get => format!("{asking}GET {}", key.word()),
                Operation::Add(by) => format!("{asking}{} +{by}", key.word()),
            }
        }
        ShardingMessage::Reply { value, .. } => format!("= {value}"),
        ShardingMessage::Moved { piece, .. } => match piece {
            Some(piece) => format!("MOVED {}", names.node(piece.owner)),
            None => "STALE".to_owned(),
        },
        ShardingMessage::Ask { to, .. } => format!("ASK {}", names.node(*to)),
        ShardingMessage::TryAgain { .. } => "TRYAGAIN".to_owned(),
        ShardingMessage::TableRequest => "MAP?".to_owned(),
        ShardingMessage::TableReply(pieces) => format!("MAP {}", pieces.len()),
        ShardingMessage::MoveOrder { piece, to, epoch } => {
            format!(
                "MOVE {} → {} e{}",
                ends(piece.ends()),
                names.node(*to),
                epoch.0
            )
        }
        ShardingMessage::SplitOrder { piece, at, epoch } => {
            format!("SPLIT {} | {at} e{}", ends(piece.ends()), epoch.0)
        }
        ShardingMessage::Chunk { index, records, .. } => {
            let keys: Vec<String> = records
                .iter()
                .map(|(key, _)| key.word().to_string())
                .collect();
            format!("#{index} {}", keys.join(" "))
        }
        ShardingMessage::Seal { chunks, .. } => format!("SEAL {chunks}"),
        ShardingMessage::SealReply { missing, .. } => match missing {
            Some(index) => format!("LACKS #{index}"),
            None => "WHOLE".to_owned(),
        },
        ShardingMessage::HandOver { transfer, .. } => {
            format!("OWN {} e{}", ends(transfer.ends), transfer.epoch.0)
        }
        ShardingMessage::HandOverReply { epoch } => format!("TAKEN e{}", epoch.0),
        ShardingMessage::LoadReport { heat, .. } => {
            let points: u64 = heat.iter().map(|(_, count)| u64::from(*count)).sum();
            format!("LOAD {}", points / u64::from(POINTS))
        }
    }
}

/// The requests of each shard of late.
fn loads(world: &World, names: &Names) -> Bars {
    let points = u64::from(POINTS);
    let all: Vec<(NodeId, u64)> = shards(world)
        .map(|id| (id, load(world, id) / points))
        .collect();
    let most = all.iter().map(|(_, load)| *load).max().unwrap_or(0);
    let least = all.iter().map(|(_, load)| *load).min().unwrap_or(0);
    let hot = |load: u64| load == most && most * 2 >= least * 3 && most >= 6;
    let row = |(id, load): &(NodeId, u64)| BarRow {
        what: Phrase::new("bar.shard").with("shard", names.node(*id)),
        value: (*load).cast_signed(),
        open: 0,
        tone: if hot(*load) { Tone::Bad } else { Tone::Good },
    };
    let hottest = all.iter().find(|(_, load)| hot(*load));
    let caption = match hottest {
        Some((id, load)) => Phrase::new("caption.hot")
            .with("shard", names.node(*id))
            .with("requests", *load),
        None => Phrase::new("caption.even"),
    };
    Bars {
        id: "load",
        rows: all.iter().map(row).collect(),
        caption,
    }
}

/// The moves, from the order to the end.
fn moves(world: &World, keeper: &Keeper, names: &Names) -> Rows {
    let space = keeper.space();
    let mut rows = Vec::new();
    for id in shards(world) {
        let Some(shard) = shard(world, id).filter(|_| !is_down(world, id)) else {
            continue;
        };
        for leaving in &shard.book().leaving {
            let copying = shard.copying();
            let copying = copying.filter(|all| all.transfer == leaving.transfer);
            let (tone, state) = match (leaving.released, copying) {
                (Some(_), _) => (Tone::Lead, "OWN"),
                (None, Some(copying)) if copying.sealed() => (Tone::Bad, "SEAL"),
                (None, _) => (Tone::Try, "COPY"),
            };
            let copied = copying.map(|all| {
                let keys: usize = all.sent.iter().map(Vec::len).sum();
                format!("{keys} + {}", all.rest.len() + all.changed.len())
            });
            let row = vec![
                space.name(leaving.transfer.ends).to_string(),
                names.node(id).to_owned(),
                names.node(leaving.to).to_owned(),
                format!("e{}", leaving.transfer.epoch.0),
                state.to_owned(),
                copied.unwrap_or_else(|| "–".to_owned()),
            ];
            rows.push((tone, row));
        }
    }
    let plan = keeper.map().plan.filter(|_| !is_down(world, KEEPER));
    let caption = match plan {
        None if rows.is_empty() => Phrase::new("caption.no-moves"),
        None => Phrase::new("caption.moves"),
        Some(plan) => {
            let key = match plan.aim {
                Aim::Move(_) => "caption.plan-move",
                Aim::Split(_) => "caption.plan-split",
            };
            let owner = names.node(plan.piece.owner);
            let phrase = Phrase::new(key).with("piece", space.name(plan.piece.ends()).to_string());
            phrase.with("owner", owner)
        }
    };
    let columns = ["piece", "source", "target", "epoch", "state", "keys"];
    Rows {
        id: "moves",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows,
        caption,
    }
}

//! The stage: nodes with their roles, timers and short logs; walls where links are cut.

use crate::engine::{NodeId, Time};
use crate::sim::{NodeKind, Status, World};

/// A colour by its meaning; the page chooses the colour (Okabe-Ito).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// In charge: a leader, a coordinator, a holder.
    Lead,
    /// Trying: a candidate, a waiter.
    Try,
    /// All is well.
    Good,
    /// Something is wrong.
    Bad,
    /// Somebody from outside: a client.
    Guest,
}

/// A sign that goes with a role, so that colour is never alone.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Shape {
    /// A plain ring, no sign.
    #[default]
    Plain,
    /// A double ring and a star.
    Star,
    /// A dashed ring and a diamond.
    Diamond,
    /// A rounded box: a client.
    Box,
    /// An eye: somebody who watches.
    Eye,
    /// A small box that fills with chips: one of very many.
    Cell,
}

/// What a node is at the moment. The word stands in the lab's locale file as `role.<key>`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Role {
    /// Key of the word.
    pub key: &'static str,
    /// Its colour.
    pub tone: Tone,
    /// Its sign.
    pub shape: Shape,
}

/// A countdown, drawn as an arc round the node.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Arc {
    /// When it began.
    pub from: Time,
    /// When it runs out.
    pub to: Time,
}

/// One small box under a node: an entry of its log, say.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Chip {
    /// A colour by number (a term, say); the page cycles through its own.
    pub hue: u64,
    /// Whether it is settled (committed): solid; dashed otherwise.
    pub solid: bool,
    /// Whether it is on disk; in memory alone it is drawn open at the bottom.
    pub durable: bool,
}

/// One node on the stage.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeCard {
    /// Which.
    pub id: NodeId,
    /// Where, from -1 to 1 in both directions, y downward. Clients may stand beside the others, to
    /// 1.5 left and right.
    pub at: (f64, f64),
    /// Its name.
    pub name: String,
    /// Server or client.
    pub kind: NodeKind,
    /// What it is at the moment.
    pub role: Role,
    /// Up, paused or down.
    pub status: Status,
    /// A few characters inside: `t 2`.
    pub caption: String,
    /// Its countdown.
    pub arc: Option<Arc>,
    /// The last few entries of its log, oldest first.
    pub chips: Vec<Chip>,
    /// How many writes wait for its disk.
    pub writes_pending: usize,
}

impl NodeCard {
    /// Whether it is paused in a role that others have to know of: it is in charge, or what it believes is
    /// wrong. Such a one is drawn in the colour of its role, since it does not know that it sleeps.
    #[must_use]
    pub fn sleeps_in_charge(&self) -> bool {
        let matters = matches!(self.role.tone, Tone::Lead | Tone::Bad);
        self.status == Status::Paused && matters
    }
}

/// Where nothing passes.
#[derive(Clone, PartialEq, Debug)]
pub struct Wall {
    /// A line to be drawn smoothly, in stage coordinates.
    pub points: Vec<(f64, f64)>,
}

/// The whole stage but for what moves on it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// The nodes, in order of their ids.
    pub nodes: Vec<NodeCard>,
    /// The links that are drawn as faint lines.
    pub links: Vec<(NodeId, NodeId)>,
    /// Whether the chips of a node are a queue that stands to its right, the first next to it. Else they stand
    /// below the node's word.
    pub queues_beside: bool,
}

impl Scene {
    /// Where a node is.
    #[must_use]
    pub fn place(&self, node: NodeId) -> (f64, f64) {
        self.nodes
            .get(node.index())
            .map_or((0.0, 0.0), |card| card.at)
    }
}

/// Place `i` of `n` on a circle, the first on top, clockwise.
#[must_use]
pub fn circle(i: usize, n: usize, radius: f64) -> (f64, f64) {
    let (x, y) = direction(i as f64 / n.max(1) as f64 - 0.25);
    (radius * x, radius * y)
}

/// Cosine and sine of a share of a turn, to twelve digits. Those of the standard library are right
/// for every number there is, which a picture does not need and the download would pay for.
fn direction(share: f64) -> (f64, f64) {
    let quarter = (share * 4.0 + 0.5).floor();
    let angle = (share - quarter / 4.0) * std::f64::consts::TAU;
    let square = angle * angle;
    let (mut sine, mut cosine, mut term) = (0.0, 0.0, 1.0);
    for n in 0..8 {
        let n = f64::from(2 * n);
        cosine += term;
        sine += term * angle / (n + 1.0);
        term *= -square / ((n + 1.0) * (n + 2.0));
    }
    match (quarter as i64).rem_euclid(4) {
        0 => (cosine, sine),
        1 => (-sine, cosine),
        2 => (-cosine, -sine),
        _ => (sine, -cosine),
    }
}

/// The walls that the cut links make: for each way of splitting the servers into groups that
/// cannot reach each other, a line between them. Single cut links are no wall.
#[must_use]
pub fn walls(world: &World, scene: &Scene) -> Vec<Wall> {
    if world.net().cuts().is_empty() {
        return Vec::new();
    }
    let groups = groups(world);
    if groups.len() < 2 {
        return Vec::new();
    }
    // Round the circle: a wall leaves the circle between two neighbours of different groups.
    let servers: Vec<NodeId> = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server)
        .collect();
    let group_of = |id: NodeId| groups.iter().position(|group| group.contains(&id));
    // Grows with the angle, which is all that an order needs.
    let angle = |id: NodeId| {
        let (x, y) = scene.place(id);
        let slope = x / (x.abs() + y.abs()).max(1e-9);
        if y < 0.0 { slope - 1.0 } else { 1.0 - slope }
    };
    let mut order: Vec<NodeId> = Vec::with_capacity(servers.len());
    for server in servers {
        let at = order.partition_point(|other| angle(*other) <= angle(server));
        order.insert(at, server);
    }
    let mut exits = Vec::new();
    for (i, a) in order.iter().enumerate() {
        let b = order[(i + 1) % order.len()];
        if group_of(*a) != group_of(b) {
            let ((ax, ay), (bx, by)) = (scene.place(*a), scene.place(b));
            exits.push(((ax + bx) / 2.0, (ay + by) / 2.0));
        }
    }
    let n = exits.len().max(1) as f64;
    let (cx, cy) = exits
        .iter()
        .fold((0.0, 0.0), |(x, y), e| (x + e.0 / n, y + e.1 / n));
    let outside = |(x, y): (f64, f64)| {
        let (dx, dy) = (x - cx, y - cy);
        let length = (dx * dx + dy * dy).sqrt().max(0.01);
        (x + dx / length * 0.55, y + dy / length * 0.55)
    };
    if let [first, second] = exits[..] {
        return vec![Wall {
            points: vec![outside(first), first, second, outside(second)],
        }];
    }
    exits
        .iter()
        .map(|exit| Wall {
            points: vec![(cx, cy), *exit, outside(*exit)],
        })
        .collect()
}

/// The servers by who can reach whom in both directions, directly or through others.
fn groups(world: &World) -> Vec<Vec<NodeId>> {
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    let net = world.net();
    let linked = |a: NodeId, b: NodeId| !net.is_cut(a, b) && !net.is_cut(b, a);
    for node in world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server)
    {
        let (near, far): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.iter().any(|other| linked(node, *other)));
        groups = far;
        let mut joined: Vec<NodeId> = near.into_iter().flatten().collect();
        joined.push(node);
        groups.push(joined);
    }
    groups
}

//! Who has which keys: the members with their weights, and one of several ways to place keys on them.

use super::article::Article;
use super::dial::Pictures;
use super::hashes::HashKind;
use super::others::{jump, maglev, maglev_size, permutation, rendezvous};
use super::ring::{Point, Ring};
use crate::engine::{NodeId, Word};
use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// How keys are placed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Placement {
    /// On a ring of points.
    Ring,
    /// By the remainder of the hash.
    Modulo,
    /// By the greatest score.
    Rendezvous,
    /// By jumps.
    Jump,
    /// By a table.
    Maglev,
    /// On a ring, where a node that is full passes a key on.
    Bounded,
}

impl Placement {
    /// All of them, in the order of [`Placement::WORDS`].
    pub(super) const ALL: [Placement; 6] = [
        Placement::Ring,
        Placement::Modulo,
        Placement::Rendezvous,
        Placement::Jump,
        Placement::Maglev,
        Placement::Bounded,
    ];
    /// The words of the parameter.
    pub(super) const WORDS: &'static [&'static str] =
        &["ring", "modulo", "rendezvous", "jump", "maglev", "bounded"];

    /// The one of this name; the ring where there is none.
    #[must_use]
    pub(super) fn of(word: &str) -> Self {
        let at = Placement::WORDS.iter().position(|known| *known == word);
        Placement::ALL[at.unwrap_or(0)]
    }

    /// Its name.
    #[must_use]
    pub(super) fn word(self) -> &'static str {
        Placement::WORDS[self as usize]
    }

    /// Whether a change of one node moves no key between two others.
    #[must_use]
    pub(super) fn moves_least(self) -> bool {
        matches!(self, Placement::Ring | Placement::Rendezvous)
    }
}

/// What is the same for all layouts of a run.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Scheme {
    /// How keys are placed.
    pub(super) placement: Placement,
    /// By which hash function.
    pub(super) hash: HashKind,
    /// Points a node of weight 1 has on the ring.
    pub(super) points: u32,
    /// How many nodes have each key.
    pub(super) replicas: usize,
    /// What is mixed into the place of everything; nothing is where it is 0.
    pub(super) salt: u64,
    /// The hashes of the keys that are there from the start: `k0`, `k1`…
    pub(super) keys: Vec<u64>,
}

impl Scheme {
    /// The name of a key.
    #[must_use]
    pub(super) fn key(at: usize) -> Word {
        Word::new(&format!("k{at}")).unwrap_or_default()
    }

    /// Where a key is on the circle.
    #[must_use]
    pub(super) fn place(&self, key: Word) -> u64 {
        let bytes = key.bits().to_be_bytes();
        let first = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
        self.salted(self.hash.hash(&bytes[first..]))
    }

    /// Where a point of a node is on the circle, or what stands for the node elsewhere.
    fn point(&self, node: u16, index: u32) -> u64 {
        self.salted(self.hash.point(node, index))
    }

    fn salted(&self, hash: u64) -> u64 {
        match self.salt {
            0 => hash,
            salt => self.hash.pair(salt, hash),
        }
    }

    /// A scheme with the hashes of so many keys, salted.
    #[must_use]
    pub(super) fn new(
        (placement, hash): (Placement, HashKind),
        (points, replicas): (u32, usize),
        (keys, salt): (usize, u64),
    ) -> Self {
        let mut scheme = Scheme {
            placement,
            hash,
            points,
            replicas,
            salt,
            keys: Vec::new(),
        };
        scheme.keys = (0..keys).map(|at| scheme.place(Scheme::key(at))).collect();
        scheme
    }
}

/// One that has keys.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Member {
    /// Which.
    pub(super) node: NodeId,
    /// So many times as much as one of weight 1.
    pub(super) weight: u32,
}

/// The rules that are in force for a lookup.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Walk {
    /// A node has points by its name and their number.
    pub(super) points: bool,
    /// The walk passes over further points of a node that was met.
    pub(super) distinct: bool,
    /// A point is where its hash is, and not where the order of joining puts it.
    pub(super) hashed: bool,
}

impl Walk {
    /// All rules on.
    pub(super) const RIGHT: Walk = Walk {
        points: true,
        distinct: true,
        hashed: true,
    };
}

/// The nodes of a key, the first one in front. At most [`Owners::MOST`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Owners {
    all: [NodeId; Owners::MOST],
    len: usize,
}

impl Owners {
    /// The most replicas of a key.
    pub(super) const MOST: usize = 5;

    fn none() -> Self {
        Owners {
            all: [NodeId(0); Owners::MOST],
            len: 0,
        }
    }

    fn push(&mut self, node: u16) {
        if let Some(place) = self.all.get_mut(self.len) {
            *place = NodeId(node);
            self.len += 1;
        }
    }

    /// As a list.
    #[must_use]
    pub(super) fn list(&self) -> &[NodeId] {
        &self.all[..self.len]
    }

    /// Whether this node is among them.
    #[must_use]
    pub(super) fn has(&self, node: NodeId) -> bool {
        self.list().contains(&node)
    }

    /// How many must have answered: more than half.
    #[must_use]
    pub(super) fn quorum(&self) -> usize {
        self.len / 2 + 1
    }

    /// How many different ones there are.
    #[must_use]
    pub(super) fn different(&self) -> usize {
        let list = self.list();
        let first = |at: &usize| !list[..*at].contains(&list[*at]);
        (0..list.len()).filter(first).count()
    }
}

/// What is worked out once for some members.
#[derive(Debug)]
enum Table {
    Ring(Ring),
    List(Vec<u16>),
    Rendezvous(Vec<(u64, u16)>),
    Maglev(Vec<u16>),
    Bounded(Ring, Vec<(u64, u16)>),
    Article(Article),
}

/// Some members, and who of them has which keys.
#[derive(Debug)]
pub(super) struct Layout {
    scheme: Rc<Scheme>,
    /// In the order of joining.
    members: Vec<Member>,
    right: OnceCell<Table>,
    ordered: OnceCell<Table>,
    article: OnceCell<Table>,
    pictures: Pictures,
}

/// The tables follow from the members, and take no part.
impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl Hash for Layout {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.members.hash(state);
    }
}

impl Layout {
    /// A layout of these members.
    #[must_use]
    pub(super) fn new(scheme: &Rc<Scheme>, members: Vec<Member>) -> Self {
        Layout {
            scheme: Rc::clone(scheme),
            members,
            right: OnceCell::new(),
            ordered: OnceCell::new(),
            article: OnceCell::new(),
            pictures: Pictures::default(),
        }
    }

    /// The members, in the order of joining.
    #[must_use]
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// What is the same for all layouts of the run.
    #[must_use]
    pub(super) fn scheme(&self) -> &Rc<Scheme> {
        &self.scheme
    }

    /// The weight of a node; 0 where it is no member.
    #[must_use]
    pub(super) fn weight(&self, node: NodeId) -> u32 {
        let member = self.members.iter().find(|member| member.node == node);
        member.map_or(0, |member| member.weight)
    }

    /// Whether a node is a member.
    #[must_use]
    pub(super) fn has(&self, node: NodeId) -> bool {
        self.weight(node) > 0
    }

    /// How many nodes have each key: as many as there are, if these are fewer.
    #[must_use]
    pub(super) fn copies(&self) -> usize {
        self.scheme.replicas.min(self.members.len())
    }

    /// How many nodes may be missing, and more than half of the nodes of each key are there.
    #[must_use]
    pub(super) fn spare(&self) -> usize {
        self.copies().saturating_sub(self.copies() / 2 + 1)
    }

    /// What was drawn of it.
    pub(super) fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The ring as it is to be drawn.
    #[must_use]
    pub(super) fn ring(&self, walk: Walk) -> Option<&Ring> {
        match self.table(walk) {
            Table::Ring(ring) | Table::Bounded(ring, _) => Some(ring),
            Table::List(_) | Table::Rendezvous(_) | Table::Maglev(_) | Table::Article(_) => None,
        }
    }

    /// The nodes of the key with this hash.
    #[must_use]
    pub(super) fn owners(&self, hash: u64, walk: Walk) -> Owners {
        let copies = self.copies();
        let mut owners = Owners::none();
        let mut take = |node: u16| {
            if !walk.distinct || !owners.has(NodeId(node)) {
                owners.push(node);
            }
            owners.len < copies
        };
        let round = |list: &[u16], at: usize, take: &mut dyn FnMut(u16) -> bool| {
            let (before, after) = list.split_at(at.min(list.len()));
            let _ = after.iter().chain(before).all(|node| take(*node));
        };
        match self.table(walk) {
            Table::Ring(ring) => {
                let _ = ring.walk(hash).all(take);
            }
            Table::List(list) if list.is_empty() => {}
            Table::List(list) => {
                let at = match self.scheme.placement {
                    Placement::Jump => jump(hash, list.len() as u32) as usize,
                    _ => (hash % list.len() as u64) as usize,
                };
                round(list, at, &mut take);
            }
            Table::Rendezvous(tickets) => {
                rendezvous(self.scheme.hash, tickets, hash, copies, &mut |node| {
                    take(node);
                });
            }
            Table::Maglev(table) if table.is_empty() => {}
            Table::Maglev(table) => round(table, (hash % table.len() as u64) as usize, &mut take),
            Table::Bounded(ring, placed) => {
                let at = placed.binary_search_by_key(&hash, |(key, _)| *key);
                let first = at.ok().map(|at| placed[at].1);
                let _ = first.into_iter().chain(ring.walk(hash)).all(take);
            }
            Table::Article(article) => {
                if let Some(node) = article.find(self.scheme.hash, hash) {
                    take(node);
                }
            }
        }
        owners
    }

    fn table(&self, walk: Walk) -> &Table {
        let ring = matches!(self.scheme.placement, Placement::Ring | Placement::Bounded);
        match (ring && !walk.points, ring && !walk.hashed) {
            (true, _) => self.article.get_or_init(|| {
                let nodes: Vec<u16> = self.members.iter().map(|m| m.node.0).collect();
                Table::Article(Article::new(&nodes, self.scheme.points))
            }),
            (false, true) => self.ordered.get_or_init(|| Table::Ring(self.in_order())),
            (false, false) => self.right.get_or_init(|| self.build()),
        }
    }

    /// One entry for each member, or several where it has more weight.
    fn entries(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        let each = |member: &Member| {
            let node = member.node.0;
            (0..member.weight).map(move |copy| (node, copy))
        };
        self.members.iter().flat_map(each)
    }

    fn build(&self) -> Table {
        let scheme = &self.scheme;
        match scheme.placement {
            Placement::Ring => Table::Ring(self.on_ring()),
            Placement::Modulo | Placement::Jump => {
                Table::List(self.entries().map(|(node, _)| node).collect())
            }
            Placement::Rendezvous => {
                let ticket = |(node, copy)| (scheme.point(node, copy), node);
                Table::Rendezvous(self.entries().map(ticket).collect())
            }
            Placement::Maglev => {
                let backends: Vec<(u16, u32)> = self.entries().collect();
                let size = maglev_size(backends.len());
                let name = |one: &(u16, u32)| scheme.point(one.0, one.1);
                let each = backends.iter().map(name);
                let each = each.map(|name| permutation(scheme.hash, name, size));
                let table = maglev(&each.collect::<Vec<_>>(), size);
                let node = |backend: u16| backends[usize::from(backend)].0;
                Table::Maglev(table.into_iter().map(node).collect())
            }
            Placement::Bounded => {
                let ring = self.on_ring();
                let placed = self.bounded(&ring);
                Table::Bounded(ring, placed)
            }
        }
    }

    fn on_ring(&self) -> Ring {
        let (scheme, points) = (&self.scheme, self.scheme.points);
        let of = |member: &Member| {
            let node = member.node.0;
            (0..member.weight * points).map(move |index| Point {
                at: scheme.point(node, index),
                node,
            })
        };
        Ring::new(self.members.iter().flat_map(of).collect())
    }

    /// Points as even as can be, dealt out in the order of joining: what a careless programmer takes
    /// for better than chance.
    fn in_order(&self) -> Ring {
        let entries: Vec<u16> = self.entries().map(|(node, _)| node).collect();
        let all = (entries.len() as u64 * u64::from(self.scheme.points)).max(1);
        let step = u64::MAX / all;
        let point = |at: u64| Point {
            at: at * step,
            node: entries[(at % entries.len() as u64) as usize],
        };
        let all = if entries.is_empty() { 0 } else { all };
        Ring::new((0..all).map(point).collect())
    }

    /// The keys in their order, each at the first node from its place on that is not full (Mirrokni et al.
    /// 2018): none has more than a quarter above its share.
    fn bounded(&self, ring: &Ring) -> Vec<(u64, u16)> {
        let weights: u64 = self.members.iter().map(|m| u64::from(m.weight)).sum();
        let keys = self.scheme.keys.len() as u64;
        let room = |member: &Member| {
            let share = 5 * keys * u64::from(member.weight);
            (member.node.0, share.div_ceil(4 * weights.max(1)))
        };
        let mut room: Vec<(u16, u64)> = self.members.iter().map(room).collect();
        let mut placed = Vec::with_capacity(self.scheme.keys.len());
        for key in &self.scheme.keys {
            let mut open = |node: &u16| {
                let left = room.iter_mut().find(|(other, _)| other == node);
                left.is_some_and(|(_, left)| {
                    let free = *left > 0;
                    *left = left.saturating_sub(1);
                    free
                })
            };
            if let Some(node) = ring.walk(*key).find(|node| open(node)) {
                placed.push((*key, node));
            }
        }
        crate::engine::sorting::sort(&mut placed);
        placed
    }
}

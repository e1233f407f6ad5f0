//! What the search does to a world: ordinary actions, aimed at where something just happened.

use super::super::names::Names;
use super::draw::Draw;
use crate::engine::{NodeId, Span, Timer};
use crate::sim::{
    Action, FaultKind, FaultSet, Latency, MessageName, NodeKind, Ratio, Request, Scope, Status,
    World,
};
use std::rc::Rc;

/// One kind of thing to do.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Deed {
    Ask,
    Bounce,
    Strand,
    Node(ToNode),
    Links(ToLinks),
    Message(ToMessage),
}

/// What is done to one node.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum ToNode {
    Fire,
    Kill,
    Restart,
    Wipe,
    Pause,
    Resume,
    SlowDisk,
    Skew,
    Drift,
}

/// What is done to links.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum ToLinks {
    Isolate,
    Split,
    Cut,
    Heal,
    Mend,
    LoseLink,
    LateLink,
}

/// What is done to a message under way.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum ToMessage {
    Drop,
    Delay,
    Duplicate,
    Hold,
    Release,
    Deliver,
}

/// Each deed, the kind of fault that it is, and how likely it is at the least: what mends must not
/// be missing where something else breaks.
const DEEDS: [(Deed, Option<FaultKind>, u64); 25] = [
    (Deed::Ask, None, 1),
    (Deed::Node(ToNode::Fire), Some(FaultKind::ClockSkew), 0),
    (Deed::Node(ToNode::Kill), Some(FaultKind::Crash), 0),
    (Deed::Bounce, Some(FaultKind::Crash), 0),
    (Deed::Node(ToNode::Restart), Some(FaultKind::Restart), 1),
    (Deed::Node(ToNode::Wipe), Some(FaultKind::DiskLost), 0),
    (Deed::Node(ToNode::Pause), Some(FaultKind::Pause), 0),
    (Deed::Node(ToNode::Resume), None, 1),
    (Deed::Links(ToLinks::Isolate), Some(FaultKind::Partition), 0),
    (Deed::Strand, Some(FaultKind::Partition), 0),
    (Deed::Links(ToLinks::Split), Some(FaultKind::Partition), 0),
    (Deed::Links(ToLinks::Cut), Some(FaultKind::Partition), 0),
    (Deed::Links(ToLinks::Heal), None, 1),
    (Deed::Links(ToLinks::Mend), None, 0),
    (Deed::Message(ToMessage::Drop), Some(FaultKind::Loss), 0),
    (
        Deed::Message(ToMessage::Delay),
        Some(FaultKind::LateMessage),
        0,
    ),
    (
        Deed::Message(ToMessage::Duplicate),
        Some(FaultKind::Duplication),
        0,
    ),
    (
        Deed::Message(ToMessage::Hold),
        Some(FaultKind::LateMessage),
        0,
    ),
    (Deed::Message(ToMessage::Release), None, 0),
    (Deed::Message(ToMessage::Deliver), None, 0),
    (Deed::Node(ToNode::SlowDisk), None, 0),
    (Deed::Node(ToNode::Skew), Some(FaultKind::ClockSkew), 0),
    (Deed::Node(ToNode::Drift), Some(FaultKind::ClockSkew), 0),
    (Deed::Links(ToLinks::LoseLink), Some(FaultKind::Loss), 0),
    (
        Deed::Links(ToLinks::LateLink),
        Some(FaultKind::LateMessage),
        0,
    ),
];

/// Which deeds a run is made of, and how often each: a few kinds in each run, others in the next,
/// because what many kinds would do together hides what two would do alone.
pub(super) struct Swarm {
    weights: Vec<(Deed, u64)>,
    total: u64,
    asked: u64,
    /// A server to come back to.
    hero: u64,
}

impl Swarm {
    pub(super) fn draw(faults: FaultSet, draw: &mut Draw) -> Self {
        let mut swarm = Swarm {
            weights: Vec::new(),
            total: 0,
            asked: 0,
            hero: draw.between(0, 1000),
        };
        // Every other run does three things over and over, and mends.
        let few = draw.one_in(2);
        let mut chosen: Vec<Deed> = (0..3).map(|_| DEEDS[draw.place(DEEDS.len())].0).collect();
        // Who was cut off and comes back with what nobody else has is behind many a mistake.
        if draw.one_in(3) {
            chosen[0] = Deed::Strand;
        }
        for (deed, kind, least) in DEEDS {
            let weight = if few {
                if chosen.contains(&deed) { 4 } else { least }
            } else {
                [0, 0, 1, 4][draw.place(4)].max(least)
            };
            // A bounce brings the node up again, which is a fault of its own kind.
            let kinds = [kind, (deed == Deed::Bounce).then_some(FaultKind::Restart)];
            let allowed = kinds
                .into_iter()
                .flatten()
                .all(|kind| faults.contains(kind));
            if allowed && weight > 0 {
                swarm.weights.push((deed, weight));
                swarm.total += weight;
            }
        }
        swarm
    }

    /// What to do now: nothing, one thing, or two that belong together.
    pub(super) fn actions(
        &mut self,
        names: &Names,
        world: &World,
        draw: &mut Draw,
    ) -> Vec<Rc<Action>> {
        let mut left = draw.between(1, self.total.max(1));
        for (deed, weight) in &self.weights {
            if left <= *weight {
                let deed = *deed;
                self.asked += 1;
                let aim = Aim {
                    names,
                    world,
                    hero: self.hero,
                };
                return aim
                    .at(deed, self.asked, draw)
                    .into_iter()
                    .map(Rc::new)
                    .collect();
            }
            left -= weight;
        }
        Vec::new()
    }
}

/// Chooses whom and what a deed is about.
struct Aim<'a> {
    names: &'a Names,
    world: &'a World,
    hero: u64,
}

impl Aim<'_> {
    fn at(&self, deed: Deed, asked: u64, draw: &mut Draw) -> Vec<Action> {
        let one = |action: Option<Action>| action.into_iter().collect();
        match deed {
            Deed::Ask => {
                let to = self.server(draw).filter(|_| draw.one_in(2));
                one(self.ask(to, asked, draw))
            }
            // Cut off, and asked for something all the same.
            Deed::Strand => self.server(draw).map_or(Vec::new(), |node| {
                let alone = self.isolate(node);
                alone
                    .into_iter()
                    .chain(self.ask(Some(node), asked, draw))
                    .collect()
            }),
            Deed::Bounce => self.server(draw).map_or(Vec::new(), |node| {
                vec![Action::Kill(node), Action::Restart(node)]
            }),
            Deed::Node(deed) => one(self.to_node(deed, draw)),
            Deed::Links(deed) => one(self.to_links(deed, draw)),
            Deed::Message(deed) => one(self.to_message(deed, draw)),
        }
    }

    fn servers(&self, wanted: impl Fn(Status) -> bool) -> Vec<NodeId> {
        let all = self.world.ids();
        let server = |id: &NodeId| {
            self.world.spec(*id).kind == NodeKind::Server && wanted(self.world.cell(*id).status())
        };
        all.filter(server).collect()
    }

    /// Often the one that just did something, or the one that talks most.
    fn server(&self, draw: &mut Draw) -> Option<NodeId> {
        let servers = self.servers(|_| true);
        let active = match draw.between(0, 3) {
            0 => self.world.record().touched.last().copied(),
            1 => self.busiest(&servers),
            2 => Some(servers[self.hero as usize % servers.len().max(1)]),
            _ => None,
        };
        let active = active.filter(|node| servers.contains(node));
        active.or_else(|| draw.pick(&servers).copied())
    }

    /// The server that has most messages under way.
    fn busiest(&self, servers: &[NodeId]) -> Option<NodeId> {
        let mut sent = vec![0; servers.len()];
        for flight in self.world.flights() {
            let from = flight.letter.name.from;
            if let Some(at) = servers.iter().position(|node| *node == from) {
                sent[at] += 1;
            }
        }
        let most = sent.iter().max().filter(|most| **most > 0)?;
        let at = sent.iter().position(|count| count == most)?;
        Some(servers[at])
    }

    fn isolate(&self, node: NodeId) -> Option<Action> {
        let mut others = self.servers(|_| true);
        others.retain(|other| *other != node);
        (!others.is_empty()).then(|| Action::Partition(vec![vec![node], others]))
    }

    fn to_node(&self, deed: ToNode, draw: &mut Draw) -> Option<Action> {
        let node = match deed {
            ToNode::Restart => *draw.pick(&self.servers(|status| status == Status::Down))?,
            ToNode::Resume => *draw.pick(&self.servers(|status| status == Status::Paused))?,
            ToNode::Fire => *draw.pick(&self.servers(|status| status == Status::Up))?,
            ToNode::Kill
            | ToNode::Wipe
            | ToNode::Pause
            | ToNode::SlowDisk
            | ToNode::Skew
            | ToNode::Drift => self.server(draw)?,
        };
        Some(match deed {
            ToNode::Fire => {
                let timers = self.world.cell(node).timers().map(|view| view.timer);
                let timers: Vec<Timer> = timers.collect();
                Action::Fire(node, *draw.pick(&timers)?)
            }
            ToNode::Kill => Action::Kill(node),
            ToNode::Restart => Action::Restart(node),
            ToNode::Wipe => Action::Wipe(node),
            ToNode::Pause => Action::Pause(node),
            ToNode::Resume => Action::Resume(node),
            ToNode::SlowDisk => Action::SlowDisk(node, Span::ms(draw.between(1, 6) * 20)),
            ToNode::Skew => {
                let ahead = draw.between(1, 5).cast_signed() * 100_000;
                Action::Skew(node, if draw.one_in(2) { ahead } else { -ahead })
            }
            ToNode::Drift => {
                Action::Drift(node, [-500_000, -200_000, 200_000, 500_000][draw.place(4)])
            }
        })
    }

    fn pair(&self, draw: &mut Draw) -> Option<(NodeId, NodeId)> {
        let from = self.server(draw)?;
        let mut others = self.servers(|_| true);
        others.retain(|node| *node != from);
        let to = *draw.pick(&others)?;
        Some(if draw.one_in(2) {
            (from, to)
        } else {
            (to, from)
        })
    }

    fn to_links(&self, deed: ToLinks, draw: &mut Draw) -> Option<Action> {
        Some(match deed {
            ToLinks::Isolate => self.isolate(self.server(draw)?)?,
            ToLinks::Split => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                for node in self.servers(|_| true) {
                    if draw.one_in(2) {
                        &mut left
                    } else {
                        &mut right
                    }
                    .push(node);
                }
                let both = !left.is_empty() && !right.is_empty();
                both.then(|| Action::Partition(vec![left, right]))?
            }
            ToLinks::Cut => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                Action::Cut { from, to, both }
            }
            ToLinks::Heal => Action::Heal(None),
            ToLinks::Mend => Action::Heal(Some(self.pair(draw)?)),
            ToLinks::LoseLink => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                let share = Ratio::percent([0, 20, 50, 100][draw.place(4)]);
                Action::Loss(Scope::Link { from, to, both }, share)
            }
            ToLinks::LateLink => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                let late = Span::ms(draw.between(1, 20) * 10);
                let latency = Latency::Uniform {
                    min: late,
                    max: late,
                };
                Action::Latency(Scope::Link { from, to, both }, latency)
            }
        })
    }

    /// Often one that left just now.
    fn message(&self, held: bool, draw: &mut Draw) -> Option<MessageName> {
        let flights = self.world.flights();
        let names = flights
            .filter(|flight| flight.held == held && flight.fate.is_none())
            .map(|flight| flight.letter.name);
        let names: Vec<MessageName> = names.collect();
        let sent = &self.world.record().sent;
        let fresh: Vec<MessageName> = sent
            .iter()
            .map(|sent| sent.name)
            .filter(|name| names.contains(name))
            .collect();
        if draw.one_in(2) && !fresh.is_empty() {
            return draw.pick(&fresh).copied();
        }
        draw.pick(&names).copied()
    }

    fn to_message(&self, deed: ToMessage, draw: &mut Draw) -> Option<Action> {
        let name = self.message(deed == ToMessage::Release, draw)?;
        Some(match deed {
            ToMessage::Drop => Action::Drop(name),
            ToMessage::Delay => Action::Delay(name, Span::ms([5, 20, 100, 400][draw.place(4)])),
            ToMessage::Duplicate => Action::Duplicate(name),
            ToMessage::Hold => Action::Hold(name),
            ToMessage::Release => Action::Release(name),
            ToMessage::Deliver => Action::Deliver(name),
        })
    }

    /// A request made of the example of some verb: with another number in it, and at times to
    /// some server, where the lab takes that.
    fn ask(&self, to: Option<NodeId>, asked: u64, draw: &mut Draw) -> Option<Action> {
        let verb = draw.pick(self.names.lab.info().verbs)?;
        let text = renumbered(verb.example, asked);
        let longer = to.map(|to| format!("{text} to {}", self.names.node(to)));
        let up = |id: &NodeId| self.world.cell(*id).status() == Status::Up;
        let nodes: Vec<NodeId> = self.world.ids().filter(up).collect();
        let first = draw.place(nodes.len());
        for text in longer.into_iter().chain([text, verb.example.to_owned()]) {
            for at in 0..nodes.len() {
                let node = nodes[(first + at) % nodes.len()];
                if let Some(request) = self.request(node, &text) {
                    return Some(Action::Ask(node, request));
                }
            }
        }
        None
    }

    fn request(&self, node: NodeId, text: &str) -> Option<Request> {
        let words: Vec<&str> = text.split(' ').collect();
        self.names.lab.request(self.world, node, &words)
    }
}

/// The last number of a text replaced, so that two requests are not the same.
fn renumbered(text: &str, number: u64) -> String {
    let digit = |c: char| c.is_ascii_digit();
    let Some(end) = text.rfind(digit).map(|at| at + 1) else {
        return text.to_owned();
    };
    let begin = text[..end].rfind(|c| !digit(c)).map_or(0, |at| at + 1);
    format!("{}{number}{}", &text[..begin], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_deed_stands_once_and_is_the_fault_that_it_says() {
        for (at, (deed, ..)) in DEEDS.iter().enumerate() {
            assert!(DEEDS[..at].iter().all(|(other, ..)| other != deed));
        }
    }

    #[test]
    fn a_request_gets_another_number() {
        assert_eq!(renumbered("put x=1", 12), "put x=12");
        assert_eq!(renumbered("cas x=1:22 now", 3), "cas x=1:3 now");
        assert_eq!(renumbered("get x", 3), "get x");
    }
}

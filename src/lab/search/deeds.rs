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
    Fire,
    Kill,
    Bounce,
    Restart,
    Wipe,
    Pause,
    Resume,
    Isolate,
    Strand,
    Split,
    Cut,
    Heal,
    Mend,
    Drop,
    Delay,
    Duplicate,
    Hold,
    Release,
    Deliver,
    SlowDisk,
    Skew,
    Drift,
    LoseLink,
    LateLink,
}

/// Each deed, the kind of fault that it is, and how likely it is at the least: what mends must not
/// be missing where something else breaks.
const DEEDS: [(Deed, Option<FaultKind>, u64); 25] = [
    (Deed::Ask, None, 1),
    (Deed::Fire, Some(FaultKind::ClockSkew), 0),
    (Deed::Kill, Some(FaultKind::Crash), 0),
    (Deed::Bounce, Some(FaultKind::Crash), 0),
    (Deed::Restart, Some(FaultKind::Restart), 1),
    (Deed::Wipe, Some(FaultKind::DiskLost), 0),
    (Deed::Pause, Some(FaultKind::Pause), 0),
    (Deed::Resume, None, 1),
    (Deed::Isolate, Some(FaultKind::Partition), 0),
    (Deed::Strand, Some(FaultKind::Partition), 0),
    (Deed::Split, Some(FaultKind::Partition), 0),
    (Deed::Cut, Some(FaultKind::Partition), 0),
    (Deed::Heal, None, 1),
    (Deed::Mend, None, 0),
    (Deed::Drop, Some(FaultKind::Loss), 0),
    (Deed::Delay, Some(FaultKind::LateMessage), 0),
    (Deed::Duplicate, Some(FaultKind::Duplication), 0),
    (Deed::Hold, Some(FaultKind::LateMessage), 0),
    (Deed::Release, None, 0),
    (Deed::Deliver, None, 0),
    (Deed::SlowDisk, None, 0),
    (Deed::Skew, Some(FaultKind::ClockSkew), 0),
    (Deed::Drift, Some(FaultKind::ClockSkew), 0),
    (Deed::LoseLink, Some(FaultKind::Loss), 0),
    (Deed::LateLink, Some(FaultKind::LateMessage), 0),
];

/// Which deeds a run is made of, and how often each: a few kinds in each run, others in the next,
/// because what many kinds would do together hides what two would do alone.
pub(super) struct Swarm {
    weights: Vec<(Deed, u64)>,
    total: u64,
    asked: u64,
}

impl Swarm {
    pub(super) fn draw(faults: FaultSet, draw: &mut Draw) -> Self {
        let mut swarm = Swarm {
            weights: Vec::new(),
            total: 0,
            asked: 0,
        };
        for (deed, kind, least) in DEEDS {
            let weight = [0, 0, 1, 4][draw.place(4)].max(least);
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
                let aim = Aim { names, world };
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
            Deed::Fire
            | Deed::Kill
            | Deed::Restart
            | Deed::Wipe
            | Deed::Pause
            | Deed::Resume
            | Deed::SlowDisk
            | Deed::Skew
            | Deed::Drift => one(self.to_node(deed, draw)),
            Deed::Isolate
            | Deed::Split
            | Deed::Cut
            | Deed::Heal
            | Deed::Mend
            | Deed::LoseLink
            | Deed::LateLink => one(self.to_links(deed, draw)),
            Deed::Drop
            | Deed::Delay
            | Deed::Duplicate
            | Deed::Hold
            | Deed::Release
            | Deed::Deliver => one(self.to_message(deed, draw)),
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
        let active = match draw.between(0, 2) {
            0 => self.world.record().touched.last().copied(),
            1 => self.busiest(&servers),
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

    fn to_node(&self, deed: Deed, draw: &mut Draw) -> Option<Action> {
        let node = match deed {
            Deed::Restart => *draw.pick(&self.servers(|status| status == Status::Down))?,
            Deed::Resume => *draw.pick(&self.servers(|status| status == Status::Paused))?,
            Deed::Fire => *draw.pick(&self.servers(|status| status == Status::Up))?,
            _ => self.server(draw)?,
        };
        Some(match deed {
            Deed::Fire => {
                let timers = self.world.cell(node).timers().map(|view| view.timer);
                let timers: Vec<Timer> = timers.collect();
                Action::Fire(node, *draw.pick(&timers)?)
            }
            Deed::Kill => Action::Kill(node),
            Deed::Restart => Action::Restart(node),
            Deed::Wipe => Action::Wipe(node),
            Deed::Pause => Action::Pause(node),
            Deed::Resume => Action::Resume(node),
            Deed::SlowDisk => Action::SlowDisk(node, Span::ms(draw.between(1, 6) * 20)),
            Deed::Skew => {
                let ahead = draw.between(1, 5).cast_signed() * 100_000;
                Action::Skew(node, if draw.one_in(2) { ahead } else { -ahead })
            }
            Deed::Drift => {
                Action::Drift(node, [-500_000, -200_000, 200_000, 500_000][draw.place(4)])
            }
            _ => return None,
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

    fn to_links(&self, deed: Deed, draw: &mut Draw) -> Option<Action> {
        Some(match deed {
            Deed::Isolate => self.isolate(self.server(draw)?)?,
            Deed::Split => {
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
            Deed::Cut => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                Action::Cut { from, to, both }
            }
            Deed::Heal => Action::Heal(None),
            Deed::Mend => Action::Heal(Some(self.pair(draw)?)),
            Deed::LoseLink => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                let share = Ratio::percent([0, 20, 50, 100][draw.place(4)]);
                Action::Loss(Scope::Link { from, to, both }, share)
            }
            Deed::LateLink => {
                let ((from, to), both) = (self.pair(draw)?, draw.one_in(2));
                let late = Span::ms(draw.between(1, 20) * 10);
                let latency = Latency::Uniform {
                    min: late,
                    max: late,
                };
                Action::Latency(Scope::Link { from, to, both }, latency)
            }
            _ => return None,
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

    fn to_message(&self, deed: Deed, draw: &mut Draw) -> Option<Action> {
        let name = self.message(deed == Deed::Release, draw)?;
        Some(match deed {
            Deed::Drop => Action::Drop(name),
            Deed::Delay => Action::Delay(name, Span::ms([5, 20, 100, 400][draw.place(4)])),
            Deed::Duplicate => Action::Duplicate(name),
            Deed::Hold => Action::Hold(name),
            Deed::Release => Action::Release(name),
            Deed::Deliver => Action::Deliver(name),
            _ => return None,
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

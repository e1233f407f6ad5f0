//! Chooses whom and what a deed is about: ordinary actions, aimed at where something just happened.

use super::super::names::Names;
use super::deeds::{Deed, ToLinks, ToMessage, ToNode, Whom};
use super::draw::Draw;
use crate::engine::{NodeId, Span, Timer};
use crate::sim::{Action, Latency, MessageName, NodeKind, Ratio, Request, Scope, Status, World};
use std::rc::Rc;

/// What a run remembers of what it did.
pub(super) struct Memory {
    /// The server that it comes back to.
    pub(super) hero: u64,
    /// The server that the last deed was about.
    pub(super) last: Option<NodeId>,
    /// How many deeds there were, so that no two requests are the same.
    pub(super) deeds: u64,
}

/// Chooses for one deed.
pub(super) struct Aim<'a> {
    pub(super) names: &'a Names,
    pub(super) world: &'a World,
    pub(super) whom: Whom,
    /// The server that became something else last.
    pub(super) turned: Option<(NodeId, &'static str)>,
    pub(super) memory: &'a mut Memory,
}

impl Aim<'_> {
    /// What to do now: nothing, one thing, or two that belong together.
    pub(super) fn at(&mut self, deed: Deed, draw: &mut Draw) -> Vec<Rc<Action>> {
        self.memory.deeds += 1;
        let actions = match deed {
            Deed::Ask => {
                let to = self.server(draw).filter(|_| draw.one_in(2));
                self.ask(to, draw).into_iter().collect()
            }
            Deed::Strand => self.server(draw).map_or(Vec::new(), |node| {
                let alone = self.isolate(node).into_iter();
                alone.chain(self.ask(Some(node), draw)).collect()
            }),
            Deed::Bounce => self.server(draw).map_or(Vec::new(), |node| {
                vec![Action::Kill(node), Action::Restart(node)]
            }),
            Deed::Relay => {
                let down = self.servers(|status| status == Status::Down);
                let up = down.into_iter().map(Action::Restart);
                up.chain(self.server(draw).map(Action::Kill)).collect()
            }
            Deed::Doze => {
                let asleep = self.servers(|status| status == Status::Paused);
                let awake = asleep.into_iter().map(Action::Resume);
                awake.chain(self.server(draw).map(Action::Pause)).collect()
            }
            Deed::Outage => {
                let up = self.servers(|status| status != Status::Down);
                let down = up.into_iter().map(Action::Kill);
                let all = self.servers(|_| true).into_iter().map(Action::Restart);
                down.chain(all).collect()
            }
            Deed::Node(deed) => self.act_on_node(deed, draw).into_iter().collect(),
            Deed::Links(deed) => self.act_on_links(deed, draw).into_iter().collect(),
            Deed::Message(deed) => self.act_on_message(deed, draw).into_iter().collect(),
        };
        actions.into_iter().map(Rc::new).collect()
    }

    fn servers(&self, wanted: impl Fn(Status) -> bool) -> Vec<NodeId> {
        let all = self.world.ids();
        let server = |id: &NodeId| {
            self.world.spec(*id).kind == NodeKind::Server && wanted(self.world.cell(*id).status())
        };
        all.filter(server).collect()
    }

    fn server(&mut self, draw: &mut Draw) -> Option<NodeId> {
        let servers = self.servers(|_| true);
        self.one_of(&servers, draw)
    }

    /// The one that is meant, if it is among these; any of them where it is not.
    fn one_of(&mut self, servers: &[NodeId], draw: &mut Draw) -> Option<NodeId> {
        let writes = |node: &NodeId| self.world.cell(*node).writes_pending() > 0;
        let meant = match self.whom {
            Whom::Touched => self.world.record().touched.last().copied(),
            Whom::Busiest => self.busiest(servers),
            Whom::Writer => {
                let writers: Vec<NodeId> = servers.iter().copied().filter(writes).collect();
                draw.pick(&writers).copied()
            }
            Whom::Hero => {
                let at = self.memory.hero as usize % servers.len().max(1);
                servers.get(at).copied()
            }
            Whom::Same => self.memory.last,
            Whom::Turned => self.turned.map(|(node, _)| node),
            Whom::Any => None,
        };
        let meant = meant.filter(|node| servers.contains(node));
        let node = meant.or_else(|| draw.pick(servers).copied())?;
        self.memory.last = Some(node);
        Some(node)
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

    fn act_on_node(&mut self, deed: ToNode, draw: &mut Draw) -> Option<Action> {
        let node = match deed {
            ToNode::Restart => self.one_of(&self.servers(|status| status == Status::Down), draw)?,
            ToNode::Resume => {
                self.one_of(&self.servers(|status| status == Status::Paused), draw)?
            }
            ToNode::Fire => self.one_of(&self.servers(|status| status == Status::Up), draw)?,
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

    fn pair(&mut self, draw: &mut Draw) -> Option<(NodeId, NodeId)> {
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

    fn act_on_links(&mut self, deed: ToLinks, draw: &mut Draw) -> Option<Action> {
        Some(match deed {
            ToLinks::Isolate => {
                let node = self.server(draw)?;
                self.isolate(node)?
            }
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
            ToLinks::LoseSome => {
                Action::Loss(Scope::Net, Ratio::percent([0, 10, 30, 60][draw.place(4)]))
            }
            ToLinks::DoubleSome => {
                let share = Ratio::percent([0, 30, 60, 100][draw.place(4)]);
                Action::Duplication(Scope::Net, share)
            }
            ToLinks::LateNet => {
                let base = self.world.calm_policy().latency;
                let max = Span(base.bound().0 * [2, 5, 10, 20][draw.place(4)]);
                Action::Latency(Scope::Net, Latency::Uniform { min: Span(0), max })
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

    fn act_on_message(&self, deed: ToMessage, draw: &mut Draw) -> Option<Action> {
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
    fn ask(&self, to: Option<NodeId>, draw: &mut Draw) -> Option<Action> {
        let verb = draw.pick(self.names.lab.info().verbs)?;
        let text = renumbered(verb.example, self.memory.deeds);
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
    fn a_request_gets_another_number() {
        assert_eq!(renumbered("put x=1", 12), "put x=12");
        assert_eq!(renumbered("cas x=1:22 now", 3), "cas x=1:3 now");
        assert_eq!(renumbered("get x", 3), "get x");
    }
}

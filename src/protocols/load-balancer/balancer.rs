//! The balancer: it takes requests from clients, chooses a server for each, and hands the result back.

use super::layout::{Layout, Place};
use super::message::{Ask, LoadMessage, RequestId};
use super::notes;
use super::policy::{Peer, Policy, Ring, Scores};
use crate::engine::{Engine, Facts, Input, NodeId, Numbered, Out, RuleId, Span, Time, Timer};
use std::rc::Rc;

/// Whether a choice must not feed on itself; the article's P(i) = L(i)/R where this is off.
pub(super) const CHOOSE_WITHOUT_FEEDBACK: RuleId = RuleId(0);
/// Whether a server that answers no probe is taken out.
pub(super) const TAKE_OUT_THE_DEAD: RuleId = RuleId(1);
/// Whether retries are bounded by a share of what is asked.
pub(super) const RETRY_BUDGET: RuleId = RuleId(2);
/// Whether a server that comes back gets a growing share.
pub(super) const SLOW_START: RuleId = RuleId(3);
/// Whether round robin goes round; the article's draws at random where this is off.
pub(super) const IN_TURN: RuleId = RuleId(4);

/// Planted mistakes: see `lab::MISTAKES`.
pub(super) mod mistakes {
    use crate::engine::RuleId;

    pub(in super::super) const FIRST: u8 = 5;
    pub(in super::super) const TAKE_ONE_ANSWER: RuleId = RuleId(FIRST + 1);
    pub(in super::super) const TIME_EVERY_ATTEMPT: RuleId = RuleId(FIRST + 2);
    pub(in super::super) const WALK_PAST_WHO_IS_OUT: RuleId = RuleId(FIRST + 3);
}

const PROBE: Timer = Timer(0);
const EXPIRE: Timer = Timer(1);
pub(super) const DRAW_CHOICE: u8 = 0;
const DRAW_LIFE: u8 = 1;
/// One request, in what a server in slow start is credited with.
pub(super) const WHOLE: u64 = 1_000_000;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BalancerConfig {
    /// Who is what.
    pub layout: Layout,
    /// By what it chooses.
    pub policy: Policy,
    /// How many servers are looked at where some are drawn.
    pub choices: u16,
    /// Whether it goes by what servers told at the last probe, and not by its own count.
    pub by_reports: bool,
    /// The servers' weights.
    pub weights: Vec<u32>,
    /// How long lies between two probes.
    pub probe: Span,
    /// After so many answers in a row a server is in again.
    pub rise: u32,
    /// After so many probes in a row without an answer it is out.
    pub fall: u32,
    /// Over how long the share of a server that came back grows.
    pub slow_start: Span,
    /// How long it waits for a result.
    pub timeout: Span,
    /// The ring of consistent hashing.
    pub(super) ring: Ring,
}

/// A request that a server has.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    client: NodeId,
    server: Place,
    id: RequestId,
    since: Time,
}

/// What a person asks of a balancer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Weigh {
    /// The server.
    pub(super) server: NodeId,
    /// Its weight from now on.
    pub(super) weight: u32,
}

/// One balancer.
#[derive(Clone)]
pub struct Balancer {
    pub(super) config: Rc<BalancerConfig>,
    pub(super) peers: Vec<Peer>,
    pub(super) scores: Scores,
    /// The weights of all that are in, as far as the policy looks at them.
    total: u64,
    /// The servers that are in, and of these the ones in slow start; both in order.
    pub(super) ins: Vec<Place>,
    pub(super) fresh: Vec<Place>,
    /// Whose turn it was, and how many more it has.
    pub(super) last: Option<Place>,
    pub(super) left: u32,
    round: u64,
    next_ticket: u64,
    /// By ticket, and so the oldest first.
    pending: Numbered<Pending>,
}

/// By hand: the configuration is the same for the whole run.
impl std::hash::Hash for Balancer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.peers, &self.scores, &self.ins, &self.fresh).hash(state);
        (self.last, self.left, self.round, self.next_ticket).hash(state);
        self.pending.hash(state);
    }
}

impl Balancer {
    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &BalancerConfig {
        &self.config
    }

    /// What it knows of each server.
    pub(super) fn peers(&self) -> &[Peer] {
        &self.peers
    }

    /// The weight of each server.
    pub(super) fn weights(&self) -> &[u32] {
        &self.scores.weight
    }

    /// The servers that are in.
    pub(super) fn ins(&self) -> &[Place] {
        &self.ins
    }

    /// The weight of a server among those of all that are in, as far as the policy looks at it.
    pub(super) fn weight(&self, server: Place) -> u64 {
        let weighs = self.config.policy.weighs();
        let known = self.scores.weight.get(usize::from(server));
        known.map_or(1, |weight| if weighs { u64::from(*weight) } else { 1 })
    }

    /// The weights of all that are in.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// How many requests it has with servers.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.pending.len()
    }

    pub(super) fn peer(&mut self, place: Place) -> &mut Peer {
        &mut self.peers[usize::from(place)]
    }

    fn forward(&mut self, client: NodeId, ask: Ask, out: &mut Out<'_, Self>) {
        let (id, attempt) = (ask.id, ask.attempt);
        if self.ins.is_empty() {
            out.note(notes::NOBODY_IN, [id.op().into()]);
            return out.send(client, LoadMessage::Refusal { id, attempt });
        }
        let server = match self.candidates(out) {
            Some(some) => self.choose(&some, ask, out),
            None => {
                let ins = std::mem::take(&mut self.ins);
                let server = self.choose(&ins, ask, out);
                self.ins = ins;
                server
            }
        };
        self.scores.flight[usize::from(server)] += 1;
        let peer = self.peer(server);
        peer.chosen += 1;
        if peer.back_at.is_some() {
            peer.credit = peer.credit.saturating_sub(WHOLE);
        }
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let pending = Pending {
            client,
            server,
            id,
            since: out.now(),
        };
        self.pending.insert(ticket, pending);
        if self.pending.len() == 1 {
            self.watch_the_clock(out);
        }
        let to = self.config.layout.server(server);
        out.send(to, LoadMessage::Work { ticket, ask });
    }

    fn watch_the_clock(&self, out: &mut Out<'_, Self>) {
        if let Some((_, oldest)) = self.pending.first() {
            let deadline = oldest.since + self.config.timeout;
            out.set_timer(EXPIRE, deadline - out.now());
        }
    }

    /// What no result came of is counted no more.
    fn expire(&mut self, out: &mut Out<'_, Self>) {
        while let Some((ticket, oldest)) = self.pending.first() {
            let oldest = *oldest;
            if oldest.since + self.config.timeout > out.now() {
                break;
            }
            self.pending.remove(ticket);
            let now = out.now();
            let timeout = self.config.timeout;
            self.rid(oldest.server);
            self.peer(oldest.server).took(timeout, now);
            let server = self.config.layout.server(oldest.server);
            out.note(notes::EXPIRED, [server.into(), oldest.id.op().into()]);
        }
        self.watch_the_clock(out);
    }

    /// A server is rid of a request.
    fn close(&mut self, ticket: u64, from: NodeId, out: &mut Out<'_, Self>) -> Option<Pending> {
        let Some(pending) = self.pending.remove(ticket) else {
            out.note(notes::RESULT_TOO_LATE, [from.into()]);
            return None;
        };
        self.rid(pending.server);
        Some(pending)
    }

    fn rid(&mut self, server: Place) {
        let flight = &mut self.scores.flight[usize::from(server)];
        *flight = flight.saturating_sub(1);
    }

    fn result(&mut self, ticket: u64, from: NodeId, out: &mut Out<'_, Self>) {
        let Some(pending) = self.close(ticket, from, out) else {
            return;
        };
        let (now, id) = (out.now(), pending.id);
        let took = now - pending.since;
        self.peer(pending.server).took(took, now);
        out.note(
            notes::HANDED_BACK,
            [from.into(), id.op().into(), took.into()],
        );
        out.send(pending.client, LoadMessage::Answer { id });
    }

    fn rejected(
        &mut self,
        ticket: u64,
        (from, ask_attempt): (NodeId, u8),
        out: &mut Out<'_, Self>,
    ) {
        if let Some(pending) = self.close(ticket, from, out) {
            let (id, attempt) = (pending.id, ask_attempt);
            out.note(notes::REJECTED_BY, [from.into(), id.op().into()]);
            out.send(pending.client, LoadMessage::Refusal { id, attempt });
        }
    }

    /// Looks who answered the last probe, and probes again.
    fn probe(&mut self, out: &mut Out<'_, Self>) {
        let mut silent = 0u64;
        let (fall, looks) = (self.config.fall, self.round > 0);
        for place in 0..self.config.layout.servers {
            let peer = self.peer(place);
            let is_silent = looks && !std::mem::take(&mut peer.answered);
            if !is_silent {
                peer.fails = 0;
                continue;
            }
            silent += 1;
            peer.fails += 1;
            peer.oks = 0;
            if peer.is_in && peer.fails >= fall {
                self.take_out(place, out);
            }
        }
        self.round += 1;
        out.note(notes::PROBED, [silent.into()]);
        let round = self.round;
        for server in self.config.layout.all_servers() {
            out.send(server, LoadMessage::Probe { round });
        }
        out.set_timer(PROBE, self.config.probe);
    }

    fn take_out(&mut self, place: Place, out: &mut Out<'_, Self>) {
        let server = self.config.layout.server(place);
        let fails = u64::from(self.peers[usize::from(place)].fails);
        if !out.rule(TAKE_OUT_THE_DEAD) {
            return out.note(notes::STAYS_IN, [server.into(), fails.into()]);
        }
        self.peer(place).is_in = false;
        self.peer(place).back_at = None;
        out.note(notes::TAKEN_OUT, [server.into(), fails.into()]);
        self.sort_anew();
    }

    /// Who is in has changed, or a weight: turns begin anew.
    pub(super) fn sort_anew(&mut self) {
        let all = 0..self.config.layout.servers;
        let is_in = |place: &Place| self.peers[usize::from(*place)].is_in;
        self.ins = all.filter(is_in).collect();
        let fresh = self.ins.iter().copied();
        let fresh = fresh.filter(|place| self.peers[usize::from(*place)].back_at.is_some());
        self.fresh = fresh.collect();
        self.total = self.ins.iter().map(|place| self.weight(*place)).sum();
        self.left = 0;
        self.scores.owed.fill(0);
    }

    fn healthy(&mut self, from: NodeId, (round, load): (u64, u32), out: &mut Out<'_, Self>) {
        let Some(place) = self.config.layout.place(from) else {
            return;
        };
        if round != self.round || self.peers[usize::from(place)].answered {
            return out.note(notes::HEALTH_TOO_LATE, [from.into()]);
        }
        let (now, rise, ramp) = (out.now(), self.config.rise, self.config.slow_start);
        self.scores.told[usize::from(place)] = load;
        let peer = self.peer(place);
        peer.answered = true;
        peer.oks += 1;
        let oks = u64::from(peer.oks);
        if peer.is_in || peer.oks < rise {
            return out.note(notes::HEALTHY, [from.into(), u64::from(load).into()]);
        }
        peer.is_in = true;
        peer.fails = 0;
        peer.credit = 0;
        peer.back_at = (ramp.0 > 0).then_some(now);
        out.note(notes::TAKEN_IN, [from.into(), oks.into()]);
        self.sort_anew();
    }
}

impl Engine for Balancer {
    type Message = LoadMessage;
    type Disk = ();
    type Write = ();
    type Request = Weigh;
    type Config = BalancerConfig;

    const TIMERS: &'static [&'static str] = &["probe", "expire"];

    fn boot(_me: NodeId, config: &Rc<BalancerConfig>, (): &()) -> Self {
        let mut balancer = Balancer {
            config: Rc::clone(config),
            peers: config.weights.iter().map(|_| Peer::new()).collect(),
            scores: Scores::new(config.weights.clone()),
            total: 0,
            ins: (0..config.layout.servers).collect(),
            fresh: Vec::new(),
            last: None,
            left: 0,
            round: 0,
            next_ticket: 0,
            pending: Numbered::default(),
        };
        balancer.sort_anew();
        balancer
    }

    fn write((): &mut (), (): &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                // A result for somebody who was here before a crash must fit nothing of now.
                self.next_ticket = out.draw(DRAW_LIFE, 0..=u64::from(u32::MAX)) << 32;
                self.probe(out);
            }
            Input::TimerFired(PROBE) => self.probe(out),
            Input::TimerFired(_) => self.expire(out),
            Input::Received { from, message } => match message {
                LoadMessage::Request(ask) => self.forward(from, *ask, out),
                LoadMessage::Result { ticket } => self.result(*ticket, from, out),
                LoadMessage::Rejection { ticket, attempt } => {
                    self.rejected(*ticket, (from, *attempt), out);
                }
                LoadMessage::Health { round, load } => self.healthy(from, (*round, *load), out),
                // No balancer is asked or answered like that.
                LoadMessage::Work { .. }
                | LoadMessage::Answer { .. }
                | LoadMessage::Refusal { .. }
                | LoadMessage::Probe { .. } => {}
            },
            Input::Asked(Weigh { server, weight }) => {
                if let Some(place) = self.config.layout.place(*server) {
                    self.scores.weight[usize::from(place)] = *weight;
                    out.note(
                        notes::WEIGHED,
                        [(*server).into(), u64::from(*weight).into()],
                    );
                    self.sort_anew();
                }
            }
            // It writes nothing.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say(
            "policy",
            crate::engine::Fact::Key(self.config.policy.word()),
        );
        facts.say("in-flight", self.pending.len());
        let layout = self.config.layout;
        let few = self.peers.iter().enumerate().take(16);
        let of = |(at, peer): (usize, &Peer)| {
            let mut facts = Facts::default();
            facts.say("server", layout.server(at as Place));
            facts.say("in", peer.is_in);
            facts.say("flight", self.scores.flight[at]);
            facts.say("told", self.scores.told[at]);
            facts.say("weight", self.scores.weight[at]);
            facts.say("chosen", peer.chosen);
            facts
        };
        let all: Vec<Facts> = few.map(of).collect();
        facts.say("servers", all);
    }

    fn disk_facts((): &(), _: &mut Facts) {}
}

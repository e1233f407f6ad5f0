//! What is remembered of one balancer's choices, to be judged: turns, shares, and who waits in vain.

use super::balancer::{Balancer, BalancerConfig};
use super::checks::{
    AS_WEIGHTS_SAY, DEAD_GETS_NONE, GROWING_SHARE, NOT_PASSED_OVER, OUT_GETS_NONE,
};
use super::layout::{Layout, Place};
use super::notes;
use super::policy::Policy;
use super::server::Server;
use crate::engine::{NodeId, Note, Span, Time, engine_of};
use crate::lab::Verdicts;
use crate::sim::{Status, World};

/// Who gets one of n requests by chance gets none of 18 n with a probability of e^-18.
const IN_VAIN: u64 = 18;
/// In this time an old time has faded to a millionth.
const FADED: Span = Span::secs(2);
/// Whose turn comes in each round is not left out in twelve.
const ROUNDS: u64 = 12;
/// A millionth of a request.
const PPM: u64 = 1_000_000;

/// What is remembered of one server.
#[derive(Copy, Clone, Hash, Default)]
struct Seen {
    is_out: bool,
    /// Since when it is in again, where it was out.
    back_at: Option<Time>,
    /// The number of the choice, and the time, from which on it was not chosen.
    from: (u64, Time),
    /// How often it was chosen in this round of turns.
    turns: u64,
    /// In the first quarter of its slow start: how often it was chosen, and how often it may be, in millionths.
    got: u64,
    share: u64,
}

/// One balancer, seen from outside.
#[derive(Clone, Hash)]
pub(super) struct Line {
    layout: Layout,
    seen: Vec<Seen>,
    /// How many choices it made.
    choices: u64,
    /// From where on it did so undisturbed.
    from: (u64, Time),
    /// Since when it runs without a break.
    runs_since: Time,
    /// How many choices of this round of turns were made.
    turns: u64,
    /// How many servers are back and in their slow start.
    fresh: usize,
}

impl Line {
    pub(super) fn new(layout: Layout) -> Self {
        Line {
            layout,
            seen: vec![Seen::default(); usize::from(layout.servers)],
            choices: 0,
            from: (0, Time(0)),
            runs_since: Time(0),
            turns: 0,
            fresh: 0,
        }
    }

    /// Something was done. A balancer that is down forgets who is out; one that comes up or goes on
    /// has to look first who is there.
    pub(super) fn begin_anew(&mut self, now: Time, down: bool, comes_up: bool) {
        if down {
            *self = Line {
                choices: self.choices,
                ..Line::new(self.layout)
            };
        }
        if down || comes_up {
            self.runs_since = now;
            // Who slept passed nobody over.
            self.from = (self.choices, now);
        }
        if down {
            self.count_anew(now);
        }
    }

    /// A weight or a rule is another one: what was counted of turns and of waiting in vain begins anew.
    pub(super) fn count_anew(&mut self, now: Time) {
        self.from = (self.choices, now);
        self.restart_turns();
    }

    fn restart_turns(&mut self) {
        self.turns = 0;
        for seen in &mut self.seen {
            seen.turns = 0;
        }
    }

    pub(super) fn taken_out(&mut self, server: Place, now: Time) {
        let seen = &mut self.seen[usize::from(server)];
        self.fresh -= usize::from(seen.back_at.is_some());
        *seen = Seen {
            is_out: true,
            from: (self.choices, now),
            ..Seen::default()
        };
        self.restart_turns();
    }

    pub(super) fn taken_in(&mut self, server: Place, now: Time) {
        self.seen[usize::from(server)] = Seen {
            back_at: Some(now),
            from: (self.choices, now),
            ..Seen::default()
        };
        self.fresh += 1;
        self.restart_turns();
    }

    /// A request was sent to a server.
    pub(super) fn chose(
        &mut self,
        (balancer, to, server): (NodeId, NodeId, Place),
        dead_since: Option<Time>,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let now = world.now();
        let Some(engine) = engine_of::<Balancer>(world.cell(balancer).node()) else {
            return;
        };
        self.choices += 1;
        if self.seen[usize::from(server)].is_out {
            let note = Note::new(notes::SENT_TO_OUT, [balancer.into(), to.into()]);
            verdicts.violate(OUT_GETS_NONE, Some(note));
        }
        if let Some(since) = dead_since {
            let config = engine.config();
            let dead = now - since.max(self.runs_since);
            if dead.0 > config.probe.0 * (u64::from(config.fall) + 2) {
                let arguments = [balancer.into(), to.into(), dead.into()];
                let note = Note::new(notes::SENT_TO_DEAD, arguments);
                verdicts.violate(DEAD_GETS_NONE, Some(note));
            }
        }
        self.seen[usize::from(server)].from = (self.choices, now);
        if self.fresh > 0 {
            self.growing((balancer, to, server), engine, world, verdicts);
        }
        if engine.config().policy.takes_turns() && self.fresh == 0 {
            self.turn((balancer, server), engine, verdicts);
        }
        let next = (self.choices % self.seen.len() as u64) as Place;
        self.waits_in_vain((balancer, next), engine, world, verdicts);
    }

    /// In the first quarter of its slow start a server gets half of its share at the most, and four. That
    /// is bound to hold only while there is somebody else to take the rest.
    fn growing(
        &mut self,
        (balancer, to, server): (NodeId, NodeId, Place),
        engine: &Balancer,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let (now, ramp) = (world.now(), engine.config().slow_start);
        let total = engine.total().max(1);
        let others = engine.ins().len() > self.fresh;
        let mut over = 0;
        for (at, seen) in self.seen.iter_mut().enumerate() {
            let Some(back_at) = seen.back_at else {
                continue;
            };
            if now - back_at >= ramp {
                seen.back_at = None;
                over += 1;
                continue;
            }
            if !others || (now - back_at).0 > ramp.0 / 4 {
                continue;
            }
            seen.share += PPM * engine.weight(at as Place) / total;
            seen.got += u64::from(at == usize::from(server));
            if seen.got * PPM > seen.share / 2 + 4 * PPM {
                let whole = seen.share.div_ceil(PPM);
                let arguments = [balancer.into(), to.into(), seen.got.into(), whole.into()];
                let note = Note::new(notes::FLOODED, arguments);
                verdicts.violate(GROWING_SHARE, Some(note));
            }
        }
        if over > 0 {
            self.fresh -= over;
            self.restart_turns();
        }
    }

    /// In as many choices as all weights together each server has its weight in turns.
    fn turn(
        &mut self,
        (balancer, server): (NodeId, Place),
        engine: &Balancer,
        verdicts: &mut Verdicts,
    ) {
        self.turns += 1;
        self.seen[usize::from(server)].turns += 1;
        if self.turns < engine.total() {
            return;
        }
        for place in engine.ins() {
            let (got, weight) = (self.seen[usize::from(*place)].turns, engine.weight(*place));
            if got != weight {
                let name = self.layout.server(*place);
                let arguments = [balancer.into(), name.into(), got.into(), weight.into()];
                let note = Note::new(notes::UNEVEN, arguments);
                verdicts.violate(AS_WEIGHTS_SAY, Some(note));
            }
        }
        self.restart_turns();
    }

    /// Whether a server that is in and has nothing to do was passed over too often and for too long. One is
    /// looked at for each choice. A ring owes nobody a request: that depends on the keys.
    fn waits_in_vain(
        &mut self,
        (balancer, server): (NodeId, Place),
        engine: &Balancer,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let config = engine.config();
        let seen = &mut self.seen[usize::from(server)];
        let (choices, now) = (self.choices, world.now());
        let id = self.layout.server(server);
        let cell = world.cell(id);
        let idle = engine_of::<Server>(cell.node()).is_some_and(|server| server.load() == 0);
        let waits = idle && cell.status() == Status::Up && !seen.is_out && seen.back_at.is_none();
        if !waits || config.policy == Policy::ConsistentHashing {
            seen.from = (choices, now);
            return;
        }
        let from = seen.from.max(self.from);
        let often = choices - from.0;
        let long = now - from.1;
        let (rounds, wait) = patience(config);
        // Who has the greatest weight may have all of it in a row.
        let (weight, total) = (engine.weight(server).max(1), engine.total());
        let enough = rounds * total.div_ceil(weight) + total;
        if often > enough && long > wait {
            let arguments = [balancer.into(), id.into(), often.into(), long.into()];
            let note = Note::new(notes::PASSED_OVER, arguments);
            verdicts.violate(NOT_PASSED_OVER, Some(note));
        }
    }
}

/// How many times as many choices as one needs on average are too many, and how long is too long: who goes by
/// what is in flight counts what is lost until its time-out, and who goes by reports what was told when the last few
/// were lost.
fn patience(config: &BalancerConfig) -> (u64, Span) {
    match config.policy {
        Policy::RoundRobin => (ROUNDS, Span::secs(1)),
        Policy::Weighted | Policy::SmoothWeighted | Policy::Random | Policy::ConsistentHashing => {
            (IN_VAIN, Span(0))
        }
        Policy::LeastConnections | Policy::TwoChoices if config.by_reports => {
            (IN_VAIN, Span(8 * config.probe.0))
        }
        Policy::LeastConnections | Policy::TwoChoices => (IN_VAIN, config.timeout),
        Policy::LatencyAware => (IN_VAIN, Span(FADED.0 + config.timeout.0)),
    }
}

//! How a balancer chooses.

use super::layout::Place;
use crate::engine::{Draws, Span, Time};
use crate::lab::Params;

/// By what a balancer chooses.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Policy {
    /// One after the other.
    RoundRobin,
    /// At random, all alike.
    Random,
    /// One after the other, each so many times in a row as it has weight.
    Weighted,
    /// As often, but with the others in between.
    SmoothWeighted,
    /// Whoever has the fewest requests.
    LeastConnections,
    /// Whoever has the fewest of some that are drawn at random.
    TwoChoices,
    /// Whoever has the next point on a ring.
    ConsistentHashing,
    /// Of some that are drawn at random, whoever was fast of late.
    LatencyAware,
}

impl Policy {
    pub(super) const WORDS: &'static [&'static str] = &[
        "round-robin",
        "random",
        "weighted",
        "smooth-weighted",
        "least-connections",
        "two-choices",
        "consistent-hashing",
        "latency-aware",
    ];

    pub(super) fn of(params: &Params) -> Self {
        match params.word("policy") {
            "random" => Policy::Random,
            "weighted" => Policy::Weighted,
            "smooth-weighted" => Policy::SmoothWeighted,
            "least-connections" => Policy::LeastConnections,
            "two-choices" => Policy::TwoChoices,
            "consistent-hashing" => Policy::ConsistentHashing,
            "latency-aware" => Policy::LatencyAware,
            _ => Policy::RoundRobin,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[match self {
            Policy::RoundRobin => 0,
            Policy::Random => 1,
            Policy::Weighted => 2,
            Policy::SmoothWeighted => 3,
            Policy::LeastConnections => 4,
            Policy::TwoChoices => 5,
            Policy::ConsistentHashing => 6,
            Policy::LatencyAware => 7,
        }]
    }

    /// Whether it looks at weights.
    pub(super) fn weighs(self) -> bool {
        matches!(self, Policy::Weighted | Policy::SmoothWeighted)
    }

    /// Whether it gives each its share in a fixed order.
    pub(super) fn takes_turns(self) -> bool {
        self.weighs() || self == Policy::RoundRobin
    }
}

/// What a balancer knows of one server.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Peer {
    /// Whether it gets requests.
    pub(super) is_in: bool,
    /// Whether it answered the last probe.
    pub(super) answered: bool,
    /// Probes in a row that it did not answer, and did.
    pub(super) fails: u32,
    pub(super) oks: u32,
    /// A mean of the times that it took, newer ones counting more, and of when that is.
    pub(super) took_us: u64,
    pub(super) took_at: Time,
    /// Since when it is back, while it gets a growing share.
    pub(super) back_at: Option<Time>,
    /// What it may get, in millionths of a request.
    pub(super) credit: u64,
    /// How often it was chosen.
    pub(super) chosen: u64,
}

/// After this long half of an old time is forgotten.
pub(super) const HALF_LIFE: Span = Span::ms(100);

impl Peer {
    pub(super) fn new() -> Self {
        Peer {
            is_in: true,
            answered: false,
            fails: 0,
            oks: 0,
            took_us: 0,
            took_at: Time(0),
            back_at: None,
            credit: 0,
            chosen: 0,
        }
    }

    /// Takes a time into the mean: a longer one at once, a shorter one by a quarter (the peak of a moving
    /// mean, so that who gets slow is noticed at once).
    pub(super) fn took(&mut self, took: Span, now: Time) {
        let known = self.mean_us(now);
        self.took_us = if took.0 > known {
            took.0
        } else {
            (3 * known + took.0) / 4
        };
        self.took_at = now;
    }

    /// The mean as it is now: what is old counts for less and less.
    pub(super) fn mean_us(&self, now: Time) -> u64 {
        let halvings = (now - self.took_at).0 / HALF_LIFE.0;
        self.took_us.checked_shr(halvings as u32).unwrap_or(0)
    }

    /// What it would cost to wait there, behind so many.
    pub(super) fn cost(&self, flight: u32, now: Time) -> u64 {
        let mean = self.mean_us(now).max(1);
        mean.saturating_mul(u64::from(flight) + 1)
    }
}

/// What some policies look at for every server at every choice, by the server's place. It stands apart from the
/// rest, so that a look at a thousand servers reads a few thousand bytes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Scores {
    /// How many requests this balancer has with it.
    pub(super) flight: Vec<u32>,
    /// How many it had in all when it last told.
    pub(super) told: Vec<u32>,
    pub(super) weight: Vec<u32>,
    /// What smooth weighting owes it.
    pub(super) owed: Vec<i64>,
}

impl Scores {
    pub(super) fn new(weight: Vec<u32>) -> Self {
        let none = vec![0; weight.len()];
        Scores {
            flight: none.clone(),
            told: none,
            owed: vec![0; weight.len()],
            weight,
        }
    }
}

/// Points on a ring for the servers: sorted, each with its owner. The same for every balancer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Ring(Vec<(u64, Place)>);

impl Ring {
    /// How many points a server has.
    const POINTS: u64 = 40;

    pub(super) fn new(servers: u16) -> Self {
        let of = |server: Place| {
            (0..Self::POINTS).map(move |point| {
                let place = Draws::at(u64::from(server) + 1, point).bits();
                (place, server)
            })
        };
        let mut points: Vec<_> = (0..servers).flat_map(of).collect();
        points.sort_unstable();
        Ring(points)
    }

    /// The first that is on the list, from the place of a key onwards. The list is sorted.
    pub(super) fn owner(&self, key: u32, among: &[Place]) -> Option<Place> {
        let place = Draws::at(0, u64::from(key)).bits();
        let at = self.0.partition_point(|(point, _)| *point < place);
        let round = self.0[at..].iter().chain(&self.0[..at]);
        let mut owners = round.map(|(_, owner)| *owner);
        owners.find(|owner| among.binary_search(owner).is_ok())
    }
}

/// The one behind `last` among those on the list, round and round. The list is sorted and not empty.
pub(super) fn next_after(last: Option<Place>, among: &[Place]) -> Place {
    let at = last.map_or(0, |last| among.partition_point(|place| *place <= last));
    among[at % among.len()]
}

/// The most that is owed: each is owed its weight, and who is chosen pays for all. Nobody waits longer than
/// its weight asks for, and nobody is chosen many times in a row.
pub(super) fn most_owed(scores: &mut Scores, among: &[Place]) -> Place {
    let mut total = 0;
    let (mut best, mut most) = (among[0], i64::MIN);
    for place in among {
        let at = usize::from(*place);
        let weight = i64::from(scores.weight[at]);
        let owed = scores.owed[at] + weight;
        scores.owed[at] = owed;
        total += weight;
        if owed > most {
            (best, most) = (*place, owed);
        }
    }
    scores.owed[usize::from(best)] -= total;
    best
}

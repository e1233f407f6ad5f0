//! The choice itself: each way of choosing a server.

use super::balancer::{
    Balancer, CHOOSE_WITHOUT_FEEDBACK, DRAW_CHOICE, IN_TURN, SLOW_START, WHOLE, mistakes,
};
use super::layout::Place;
use super::message::Ask;
use super::notes;
use super::policy::{Policy, most_owed, next_after};
use crate::engine::{Out, Span};

impl Balancer {
    /// How much it takes a server to have to do.
    fn load(&self, place: Place) -> u32 {
        self.loads()[usize::from(place)]
    }

    fn loads(&self) -> &[u32] {
        if self.config.by_reports {
            &self.scores.told
        } else {
            &self.scores.flight
        }
    }

    /// The servers that may be chosen now. Those in slow start get a share that grows evenly: each
    /// request credits them with so much of it, and whole ones they may take.
    pub(super) fn candidates(&mut self, out: &Out<'_, Self>) -> Option<Vec<Place>> {
        if self.fresh.is_empty() || !out.rule(SLOW_START) {
            return None;
        }
        let (now, ramp, total) = (out.now(), self.config.slow_start, self.total().max(1));
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.retain(|place| {
            let weight = self.weight(*place);
            let peer = self.peer(*place);
            let elapsed = peer.back_at.map_or(ramp, |since| now - since);
            if elapsed >= ramp {
                peer.back_at = None;
                return false;
            }
            let share = u128::from(WHOLE) * u128::from(elapsed.0) / u128::from(ramp.0);
            let earned = share * u128::from(weight) / u128::from(total);
            peer.credit = (peer.credit + earned as u64).min(WHOLE);
            true
        });
        self.fresh = fresh;
        if self.fresh.is_empty() {
            self.sort_anew();
            return None;
        }
        let may = |place: &&Place| {
            let peer = &self.peers[usize::from(**place)];
            peer.back_at.is_none() || peer.credit >= WHOLE
        };
        let all: Vec<Place> = self.ins.iter().filter(may).copied().collect();
        (!all.is_empty()).then_some(all)
    }

    /// Chooses one of those on the list, which is sorted and not empty.
    pub(super) fn choose(&mut self, among: &[Place], ask: Ask, out: &mut Out<'_, Self>) -> Place {
        let op = ask.id.op().into();
        if !out.rule(CHOOSE_WITHOUT_FEEDBACK) {
            return self.by_own_load(among, ask, out);
        }
        let name = |place| self.config.layout.server(place).into();
        match self.config.policy {
            Policy::RoundRobin if out.rule(IN_TURN) => {
                let place = next_after(self.last, among);
                out.note(notes::CHOSE_IN_TURN, [name(place), op]);
                self.last = Some(place);
                place
            }
            Policy::RoundRobin | Policy::Random => {
                let place = drawn(among, out);
                out.note(notes::CHOSE_AT_RANDOM, [name(place), op]);
                place
            }
            Policy::Weighted | Policy::SmoothWeighted => {
                let place = self.by_weight(among);
                let weight = u64::from(self.scores.weight[usize::from(place)]);
                let server = self.config.layout.server(place);
                out.note(notes::CHOSE_BY_WEIGHT, [server.into(), op, weight.into()]);
                place
            }
            Policy::LeastConnections => {
                let place = self.fewest(among, out);
                let load = u64::from(self.load(place)).into();
                out.note(notes::CHOSE_FEWEST, [name(place), op, load]);
                place
            }
            Policy::TwoChoices => {
                let some = some_of(among, self.config.choices, out);
                // The first of those that have the fewest: they were drawn at random.
                let place = least(&some, |place| u64::from(self.load(place)));
                let load = u64::from(self.load(place)).into();
                let arguments = [name(place), op, load, some.len().into()];
                out.note(notes::CHOSE_OF_SOME, arguments);
                place
            }
            Policy::ConsistentHashing => {
                let past = out.rule(mistakes::WALK_PAST_WHO_IS_OUT);
                let all: Vec<Place>;
                let list = if past {
                    among
                } else {
                    all = (0..self.config.layout.servers).collect();
                    &all
                };
                let place = self.config.ring.owner(ask.key, list).unwrap_or(among[0]);
                let key = u64::from(ask.key).into();
                out.note(notes::CHOSE_BY_KEY, [name(place), op, key]);
                place
            }
            Policy::LatencyAware => {
                let now = out.now();
                let some = some_of(among, self.config.choices, out);
                let flight = |place: Place| self.scores.flight[usize::from(place)];
                let cost = |place| self.peers[usize::from(place)].cost(flight(place), now);
                let place = least(&some, cost);
                let took = Span(self.peers[usize::from(place)].mean_us(now)).into();
                let load = u64::from(flight(place)).into();
                out.note(notes::CHOSE_BY_TIME, [name(place), op, took, load]);
                place
            }
        }
    }

    fn by_weight(&mut self, among: &[Place]) -> Place {
        if self.config.policy == Policy::SmoothWeighted {
            return most_owed(&mut self.scores, among);
        }
        let stays = |last: &Place| self.left > 0 && among.binary_search(last).is_ok();
        if let Some(last) = self.last.filter(stays) {
            self.left -= 1;
            return last;
        }
        let place = next_after(self.last, among);
        self.last = Some(place);
        self.left = self.scores.weight[usize::from(place)] - 1;
        place
    }

    /// The fewest requests; among equals any of them, or the first would have all of the work of a calm hour.
    fn fewest(&self, among: &[Place], out: &mut Out<'_, Self>) -> Place {
        let loads = self.loads();
        let (mut fewest, mut ties) = (u32::MAX, 0u64);
        for place in among {
            let load = loads[usize::from(*place)];
            if load < fewest {
                (fewest, ties) = (load, 0);
            }
            ties += u64::from(load == fewest);
        }
        let is_least = |place: &&Place| loads[usize::from(**place)] == fewest;
        let at = out.draw(DRAW_CHOICE, 0..=ties.saturating_sub(1)) as usize;
        let tie = among.iter().filter(is_least).nth(at);
        tie.copied().unwrap_or(among[0])
    }

    /// The article's P(i) = L(i)/R: who has more gets more.
    fn by_own_load(&mut self, among: &[Place], ask: Ask, out: &mut Out<'_, Self>) -> Place {
        let flight = |place: Place| u64::from(self.scores.flight[usize::from(place)]);
        let all: u64 = among.iter().map(|place| flight(*place)).sum();
        let place = if all == 0 {
            drawn(among, out)
        } else {
            let mut at = out.draw(DRAW_CHOICE, 1..=all);
            let hit = |place: &&Place| {
                let part = flight(**place);
                let here = at <= part;
                at = at.saturating_sub(part);
                here
            };
            among.iter().find(hit).copied().unwrap_or(among[0])
        };
        let server = self.config.layout.server(place).into();
        let load = flight(place).into();
        let arguments = [server, ask.id.op().into(), load, all.into()];
        out.note(notes::CHOSE_BY_OWN_LOAD, arguments);
        place
    }
}

/// One of the list.
fn drawn(among: &[Place], out: &mut Out<'_, Balancer>) -> Place {
    among[out.draw(DRAW_CHOICE, 0..=among.len() as u64 - 1) as usize]
}

/// So many of the list, each another one, in the order in which they were drawn.
fn some_of(among: &[Place], count: u16, out: &mut Out<'_, Balancer>) -> Vec<Place> {
    let count = usize::from(count).min(among.len());
    let mut taken: Vec<usize> = Vec::with_capacity(count);
    let mut some = Vec::with_capacity(count);
    for already in 0..count {
        // One of those that are left: the place is counted past those that are taken.
        let left = (among.len() - already) as u64;
        let mut at = out.draw(DRAW_CHOICE, 0..=left - 1) as usize;
        for before in &taken {
            at += usize::from(*before <= at);
        }
        some.push(among[at]);
        let place = taken.partition_point(|before| *before < at);
        taken.insert(place, at);
    }
    some
}

/// The first of the list that costs least.
fn least(among: &[Place], cost: impl Fn(Place) -> u64) -> Place {
    let mut best = (among[0], cost(among[0]));
    for place in &among[1..] {
        let costs = cost(*place);
        if costs < best.1 {
            best = (*place, costs);
        }
    }
    best.0
}

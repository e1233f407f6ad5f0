//! Messages under way, and where the lost ones were lost. Made anew when a step happened; a
//! frame only asks where each is.

use super::geometry::{Geometry, Point, between, rims};
use crate::sim::{Flight, Happened, Letter, LossReason, MessageName, Record, Sent};
use crate::ui::canvas::tone_index;
use crate::ui::model::Speed;
use crate::ui::player::Player;
use crate::view::Scene;

/// Above this many, messages have no words.
pub(super) const MOST_LABELS: usize = 24;
/// How long the cross of a lost message stays, on the wall's clock.
pub(super) const LINGER_MS: f64 = 400.0;

/// A message on its link.
pub(super) struct Moving {
    pub(super) name: MessageName,
    from: Point,
    to: Point,
    /// The direction, as a unit vector.
    pub(super) way: Point,
    sent_us: f64,
    due_us: f64,
    /// Which share of the way it makes: half where it will be lost.
    share: f64,
    pub(super) tone: usize,
    pub(super) held: bool,
    pub(super) label: String,
}

impl Moving {
    /// Where it is.
    pub(super) fn at(&self, clock_us: f64) -> Point {
        between(self.from, self.to, self.done(clock_us))
    }

    /// Where its words are: beside it, but not over the node that it leaves or comes to.
    pub(super) fn words_at(&self, clock_us: f64) -> Point {
        between(self.from, self.to, self.done(clock_us).clamp(0.2, 0.8))
    }

    fn done(&self, clock_us: f64) -> f64 {
        if self.held {
            return self.share;
        }
        let took = (self.due_us - self.sent_us).max(1.0);
        self.share * ((clock_us - self.sent_us) / took).clamp(0.0, 1.0)
    }
}

/// A message that was lost a moment ago.
pub(super) struct Loss {
    pub(super) at: Point,
    pub(super) time_us: f64,
    /// Of the very last step, and so shown until the next.
    pub(super) last: bool,
    pub(super) label: String,
}

/// Everything under way. The labels of the same messages are taken from `old`.
pub(super) fn moving(
    player: &Player,
    scene: &Scene,
    geometry: &Geometry,
    mut old: Vec<Moving>,
) -> Vec<Moving> {
    let world = player.history().run().world();
    let many = world.flights().nth(MOST_LABELS).is_some();
    let mut made = Vec::with_capacity(old.len() + 8);
    for flight in world.flights() {
        let name = flight.letter.name;
        let (a, b) = (scene.place(name.from), scene.place(name.to));
        let rim = geometry.radius + 8.0;
        let (from, to, way) = rims(geometry.place(a), geometry.place(b), rim);
        let known = if many {
            None
        } else {
            old.iter_mut().find(|other| other.name == name)
        };
        let label = match known {
            Some(known) if !known.label.is_empty() => std::mem::take(&mut known.label),
            _ if many => String::new(),
            _ => label_of(player, &flight.letter),
        };
        made.push(Moving {
            name,
            from,
            to,
            way,
            sent_us: flight.letter.sent_at.0 as f64,
            due_us: flight.due.0 as f64,
            share: share(player, flight),
            tone: tone_index(player.plugin().message_tone(name.kind)),
            held: flight.held,
            label,
        });
    }
    made
}

fn label_of(player: &Player, letter: &Letter) -> String {
    player
        .plugin()
        .message_label(&*letter.parcel, player.names())
}

/// Which share of the way a message makes by the time it is due; where it is held, which share
/// it has made.
fn share(player: &Player, flight: &Flight) -> f64 {
    if flight.held {
        // `due` is the time that it has left.
        let sent = sent_of(player, &flight.letter);
        let whole = sent.map(|sent| (sent.due - flight.letter.sent_at).0 as f64);
        return whole.map_or(0.5, |whole| {
            (1.0 - flight.due.0 as f64 / whole.max(1.0)).clamp(0.05, 0.95)
        });
    }
    match flight.fate {
        None => 1.0,
        Some(LossReason::Dropped) => dropped_at(player, &flight.letter, flight.due.0),
        Some(LossReason::Loss | LossReason::Cut | LossReason::Down) => 0.5,
    }
}

fn dropped_at(player: &Player, letter: &Letter, time_us: u64) -> f64 {
    sent_of(player, letter).map_or(0.5, |sent| {
        let took = (sent.due - letter.sent_at).0.max(1) as f64;
        (time_us.saturating_sub(letter.sent_at.0) as f64 / took).clamp(0.0, 1.0)
    })
}

/// What was written down when a message left, while that is still kept.
fn sent_of<'a>(player: &'a Player, letter: &Letter) -> Option<&'a Sent> {
    let recent = player.history().recent();
    let from = recent.partition_point(|record| record.time < letter.sent_at);
    recent
        .range(from..)
        .take_while(|record| record.time == letter.sent_at)
        .flat_map(|record| &record.sent)
        .find(|sent| sent.name == letter.name)
}

/// The losses that are still seen at this moment. They follow from the records alone, so a step
/// back shows what stood there before.
pub(super) fn losses(player: &Player, scene: &Scene, geometry: &Geometry) -> Vec<Loss> {
    let recent = player.history().recent();
    let last = player.position().step;
    let since = player.clock_us() - linger_us(player.speed());
    let steps = match player.speed() {
        Speed::Events(rate) => (rate * LINGER_MS / 1000.0) as u64,
        Speed::Scale(_) => 0,
    };
    let seen = |record: &&Record| {
        record.time.0 as f64 >= since || record.step + steps >= last || record.step == last
    };
    let found = recent.iter().rev().take(400).take_while(seen);
    found
        .filter_map(|record| match &record.what {
            Happened::Lost(letter, why) => {
                let name = letter.name;
                let (a, b) = (scene.place(name.from), scene.place(name.to));
                let (from, to, _) = rims(geometry.place(a), geometry.place(b), geometry.radius);
                let share = loss_share(player, letter, *why, record.time.0);
                Some(Loss {
                    at: between(from, to, share),
                    time_us: record.time.0 as f64,
                    last: record.step + steps >= last,
                    label: label_of(player, letter),
                })
            }
            _ => None,
        })
        .take(40)
        .collect()
}

/// How much virtual time passes while a cross lingers.
pub(super) fn linger_us(speed: Speed) -> f64 {
    match speed {
        Speed::Scale(scale) if scale.is_finite() => LINGER_MS * 1000.0 * scale,
        Speed::Scale(_) | Speed::Events(_) => 0.0,
    }
}

fn loss_share(player: &Player, letter: &Letter, why: LossReason, time_us: u64) -> f64 {
    match why {
        LossReason::Loss => 0.5,
        LossReason::Down => 1.0,
        LossReason::Dropped => dropped_at(player, letter, time_us),
        LossReason::Cut => {
            // Cut when it left: lost half-way. Cut meanwhile: it came to the end of the link.
            let late = sent_of(player, letter).is_some_and(|sent| sent.lost.is_none());
            if late { 1.0 } else { 0.5 }
        }
    }
}

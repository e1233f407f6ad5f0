//! What a run of the search does, and when: beats, each a deed and the pause after it.

use super::draw::Draw;
use crate::engine::Span;
use crate::sim::{FaultKind, FaultSet};

/// One kind of thing to do.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Deed {
    /// A request.
    Ask,
    /// A crash and a restart at once.
    Bounce,
    /// What is down comes up, and another node goes down.
    Relay,
    /// All servers crash at once, and come up.
    Outage,
    /// Cut off, and asked for something all the same.
    Strand,
    /// What sleeps wakes, and another node falls asleep.
    Doze,
    Node(ToNode),
    Links(ToLinks),
    Message(ToMessage),
}

impl Deed {
    /// Whether a server loses what is in memory, and the writes that are under way.
    fn is_crash(self) -> bool {
        match self {
            Deed::Bounce | Deed::Relay | Deed::Outage | Deed::Node(ToNode::Kill) => true,
            Deed::Ask
            | Deed::Strand
            | Deed::Doze
            | Deed::Node(_)
            | Deed::Links(_)
            | Deed::Message(_) => false,
        }
    }
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
    LoseSome,
    DoubleSome,
    LateNet,
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
const DEEDS: [(Deed, Option<FaultKind>, u64); 30] = {
    use Deed::{Ask, Bounce, Links, Message, Node, Outage, Relay, Strand};
    use FaultKind::{
        ClockSkew, Crash, DiskLost, Duplication, LateMessage, Loss, Partition, Pause, Restart,
    };
    [
        (Ask, None, 1),
        (Node(ToNode::Fire), Some(ClockSkew), 0),
        (Node(ToNode::Kill), Some(Crash), 0),
        (Bounce, Some(Crash), 0),
        (Relay, Some(Crash), 0),
        (Outage, Some(Crash), 0),
        (Node(ToNode::Restart), Some(Restart), 1),
        (Node(ToNode::Wipe), Some(DiskLost), 0),
        (Node(ToNode::Pause), Some(Pause), 0),
        (Node(ToNode::Resume), None, 1),
        (Links(ToLinks::Isolate), Some(Partition), 0),
        (Strand, Some(Partition), 0),
        (Links(ToLinks::Split), Some(Partition), 0),
        (Links(ToLinks::Cut), Some(Partition), 0),
        (Links(ToLinks::Heal), None, 1),
        (Links(ToLinks::Mend), None, 0),
        (Message(ToMessage::Drop), Some(Loss), 0),
        (Message(ToMessage::Delay), Some(LateMessage), 0),
        (Message(ToMessage::Duplicate), Some(Duplication), 0),
        (Message(ToMessage::Hold), Some(LateMessage), 0),
        (Message(ToMessage::Release), None, 0),
        (Message(ToMessage::Deliver), None, 0),
        (Node(ToNode::SlowDisk), None, 0),
        (Node(ToNode::Skew), Some(ClockSkew), 0),
        (Node(ToNode::Drift), Some(ClockSkew), 0),
        (Links(ToLinks::LoseLink), Some(Loss), 0),
        (Links(ToLinks::LateLink), Some(LateMessage), 0),
        (Links(ToLinks::LoseSome), Some(Loss), 0),
        (Links(ToLinks::DoubleSome), Some(Duplication), 0),
        (Links(ToLinks::LateNet), Some(LateMessage), 0),
    ]
};

/// The deeds that change most, and how often more than others they are part of a motif.
const STRONG: [(Deed, u64); 7] = [
    (Deed::Links(ToLinks::Isolate), 12),
    (Deed::Strand, 12),
    (Deed::Ask, 6),
    (Deed::Relay, 8),
    (Deed::Outage, 12),
    (Deed::Bounce, 8),
    (Deed::Node(ToNode::Fire), 6),
];

/// Whether all that a deed breaks may break.
fn allowed((deed, kind, _): &(Deed, Option<FaultKind>, u64), faults: FaultSet) -> bool {
    // These bring the node up again, which is a fault of its own kind.
    let up_again =
        matches!(deed, Deed::Bounce | Deed::Relay | Deed::Outage).then_some(FaultKind::Restart);
    let mut kinds = kind.iter().chain(&up_again);
    kinds.all(|kind| faults.contains(*kind))
}

/// Whom a deed is about, where there is a choice.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Whom {
    /// The one that just did something.
    Touched,
    /// The one that has most messages under way.
    Busiest,
    /// One with a write on its way to the disk.
    Writer,
    /// The one that this run comes back to.
    Hero,
    /// The one of the deed before.
    Same,
    /// The one that became something else last: a new leader, say.
    Turned,
    Any,
}

impl Whom {
    fn draw(draw: &mut Draw) -> Self {
        match draw.between(0, 11) {
            0..4 => Whom::Turned,
            4 | 5 => Whom::Busiest,
            6 => Whom::Writer,
            7 => Whom::Touched,
            8 => Whom::Hero,
            9 => Whom::Same,
            _ => Whom::Any,
        }
    }
}

/// What comes between two deeds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Pause {
    /// Nothing: two things at once.
    None,
    Steps(u64),
    For(Span),
    /// Until some node writes to its disk, or a mark of the run.
    Writing(Span),
    /// Until a mark of the run.
    Mark(Span),
    /// Until a server becomes something else: this, if it is named.
    Turn(Option<&'static str>, Span),
}

impl Pause {
    fn draw(roles: &[&'static str], draw: &mut Draw) -> Self {
        let within = Span::ms([15, 50, 400, 1500][draw.place(4)]);
        match draw.between(0, 9) {
            0 | 1 => Pause::None,
            2 => Pause::Steps(draw.between(1, 6)),
            3 => Pause::For(Span::ms([1, 5, 20, 60, 200, 500][draw.place(6)])),
            4 => Pause::Writing(within),
            5 => Pause::Turn(draw.pick(roles).copied(), within),
            _ => Pause::Mark(within),
        }
    }
}

/// A deed, whom it is about, and the pause after it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Beat {
    pub(super) deed: Deed,
    pub(super) whom: Whom,
    /// Whether it waits until a server has a write on its way to the disk, and is about that one.
    pub(super) mid_write: bool,
    pub(super) pause: Pause,
    /// How much longer the pause is.
    pub(super) linger: Span,
}

/// What a run is made of.
pub(super) struct Score {
    /// What servers can become.
    roles: &'static [&'static str],
    /// The deeds, and how often each: a few kinds in each run, others in the next, because what
    /// many kinds would do together hides what two would do alone.
    weights: Vec<(Deed, u64)>,
    total: u64,
    /// A few beats, over and over: a mistake that takes the same misfortune three times in a row
    /// is not met by chance.
    motif: Vec<Beat>,
    played: usize,
    /// A server to come back to.
    pub(super) hero: u64,
}

impl Score {
    pub(super) fn draw(roles: &'static [&'static str], faults: FaultSet, draw: &mut Draw) -> Self {
        let mut score = Score {
            roles,
            weights: Vec::new(),
            total: 0,
            motif: Vec::new(),
            played: 0,
            hero: draw.between(0, 1000),
        };
        // Every other run does three things over and over, and mends.
        let few = draw.one_in(2);
        let mut chosen: Vec<Deed> = (0..3).map(|_| DEEDS[draw.place(DEEDS.len())].0).collect();
        // Who was cut off and comes back with what nobody else has is behind many a mistake.
        if draw.one_in(3) {
            chosen[0] = Deed::Strand;
        }
        for entry in DEEDS {
            let (deed, _, least) = entry;
            let weight = if few {
                if chosen.contains(&deed) { 4 } else { least }
            } else {
                [0, 0, 1, 4][draw.place(4)].max(least)
            };
            if weight > 0 && allowed(&entry, faults) {
                score.weights.push((deed, weight));
                score.total += weight;
            }
        }
        if !draw.one_in(3) {
            let beats = [1, 1, 1, 1, 2, 2, 3][draw.place(7)];
            score.motif = (0..beats)
                .map(|_| Self::strong(roles, faults, draw))
                .collect();
        }
        score
    }

    /// Slows down no disk.
    pub(super) fn spare_disks(&mut self) {
        let slow = Deed::Node(ToNode::SlowDisk);
        self.weights.retain(|(deed, _)| *deed != slow);
        self.total = self.weights.iter().map(|(_, weight)| weight).sum();
        self.motif.retain(|beat| beat.deed != slow);
    }

    /// In one run of so many nodes do nothing but sleep, one after the other: who wakes goes on where it was,
    /// and the others have gone on without it.
    const DOZES: u64 = 8;

    /// Makes some runs to ones in which nodes sleep. `aside` are draws of their own, so that all other runs
    /// are as they would be without these.
    pub(super) fn doze(&mut self, faults: FaultSet, aside: &mut Draw) {
        if !faults.contains(FaultKind::Pause) || !aside.one_in(Self::DOZES) {
            return;
        }
        let pause = match aside.between(0, 3) {
            0 => Pause::draw(self.roles, aside),
            _ => Pause::For(Span::ms([200, 400, 600, 1000][aside.place(4)])),
        };
        self.motif = vec![Beat {
            deed: Deed::Doze,
            whom: Whom::draw(aside),
            mid_write: false,
            pause,
            linger: Span(0),
        }];
    }

    /// A beat by the weights.
    fn beat(&self, draw: &mut Draw) -> Beat {
        let mut left = draw.between(1, self.total.max(1));
        let mut deeds = self.weights.iter();
        let deed = deeds.find(|(_, weight)| {
            let here = left <= *weight;
            left = left.saturating_sub(*weight);
            here
        });
        let deed = deed.map_or(Deed::Ask, |(deed, _)| *deed);
        Beat {
            deed,
            whom: Whom::draw(draw),
            mid_write: deed.is_crash() && draw.one_in(3),
            pause: Pause::draw(self.roles, draw),
            linger: Span(0),
        }
    }

    /// A beat of a motif: strong deeds, and pauses in which something can come of them.
    fn strong(roles: &[&'static str], faults: FaultSet, draw: &mut Draw) -> Beat {
        let entry = (0..40).find_map(|_| {
            let entry = DEEDS[draw.place(DEEDS.len())];
            let times = STRONG.iter().find(|(deed, _)| *deed == entry.0);
            let often = draw.between(1, 12) <= times.map_or(1, |(_, times)| *times);
            (often && allowed(&entry, faults)).then_some(entry)
        });
        let pause = match draw.between(0, 5) {
            0 => Pause::For(Span::ms([20, 60, 200, 500][draw.place(4)])),
            1 | 2 => Pause::Turn(draw.pick(roles).copied(), Span::ms(1500)),
            _ => Pause::draw(roles, draw),
        };
        let deed = entry.map_or(Deed::Ask, |(deed, ..)| deed);
        Beat {
            deed,
            mid_write: deed.is_crash() && draw.one_in(2),
            whom: if draw.one_in(3) {
                Whom::Turned
            } else {
                Whom::draw(draw)
            },
            pause,
            linger: Span(0),
        }
    }

    /// How many beats the run has.
    pub(super) fn length(&self, draw: &mut Draw) -> u64 {
        let most = if self.motif.is_empty() {
            [0, 6, 12, 24, 40][draw.place(5)]
        } else {
            [12, 24, 40][draw.place(3)]
        };
        draw.between(most / 2, most)
    }

    /// What comes next.
    pub(super) fn next(&mut self, draw: &mut Draw) -> Beat {
        let at = self.played;
        self.played += 1;
        // Now and then something else.
        if self.motif.is_empty() || draw.one_in(8) {
            return self.beat(draw);
        }
        let mut beat = self.motif[at % self.motif.len()];
        // And now and then it takes longer.
        if draw.one_in(4) {
            beat.linger = Span::ms([3, 20, 60, 200][draw.place(4)]);
        }
        beat
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_deed_stands_once() {
        for (at, (deed, ..)) in DEEDS.iter().enumerate() {
            assert!(DEEDS[..at].iter().all(|(other, ..)| other != deed));
        }
    }
}

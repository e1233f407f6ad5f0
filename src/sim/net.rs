//! The network: which links are cut, and what the others do to a message.

use super::cell::Cell;
use crate::engine::{Draws, NodeId, Span};

/// A share, in millionths, so that no float decides anything.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ratio(pub u32);

impl Ratio {
    /// The whole.
    pub const ONE: Ratio = Ratio(1_000_000);

    /// Whole percents.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Ratio(percent * 10_000)
    }
}

/// `2.5%`: the shortest exact form.
impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        write!(f, "{whole}.{}%", format!("{rest:04}").trim_end_matches('0'))
    }
}

/// How long a message is under way.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Latency {
    /// Anything between the two, equally likely; fixed where they are equal.
    Uniform {
        /// The least.
        min: Span,
        /// The most.
        max: Span,
    },
    /// Mostly near `min`; half as often twice as much above it, and so on, up to 64 times.
    LongTail {
        /// The least.
        min: Span,
        /// The usual distance above the least.
        typical: Span,
    },
}

impl Latency {
    /// One draw. Takes the same number of draws whatever the form.
    #[inline]
    pub(super) fn draw(self, dice: &mut Draws) -> Span {
        match self {
            Latency::Uniform { min, max } => Span(dice.between(min.0, max.0)),
            Latency::LongTail { min, typical } => {
                let draw = dice.bits();
                let doublings = (draw >> 32).leading_zeros().saturating_sub(32).min(6);
                let most = u128::from(typical.0) << doublings;
                let within = (u128::from(draw & 0xffff_ffff) * most) >> 32;
                Span(
                    min.0
                        .saturating_add(u64::try_from(within).unwrap_or(u64::MAX)),
                )
            }
        }
    }

    /// The longest that a message can take.
    #[must_use]
    pub fn bound(self) -> Span {
        match self {
            Latency::Uniform { min, max } => max.max(min),
            Latency::LongTail { min, typical } => Span(min.0 + (typical.0 << 6)),
        }
    }
}

/// What a link does to a message.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Policy {
    /// How long it takes.
    pub latency: Latency,
    /// Which share is lost.
    pub loss: Ratio,
    /// Which share arrives twice.
    pub duplication: Ratio,
    /// Whether a later message may overtake an earlier one.
    pub reorder: bool,
}

/// The whole network.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Net {
    /// What every link does that has no policy of its own.
    pub base: Policy,
    own: Vec<((NodeId, NodeId), Policy)>,
    cut: Vec<(NodeId, NodeId)>,
}

impl Net {
    /// A network without cuts.
    #[must_use]
    pub fn new(base: Policy) -> Self {
        Net {
            base,
            own: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// What the link from `from` to `to` does.
    #[inline]
    #[must_use]
    pub fn policy(&self, from: NodeId, to: NodeId) -> &Policy {
        if self.own.is_empty() {
            return &self.base;
        }
        match self
            .own
            .binary_search_by_key(&(from, to), |(link, _)| *link)
        {
            Ok(at) => &self.own[at].1,
            Err(_) => &self.base,
        }
    }

    /// Changes the policy of one link.
    pub fn set_policy(&mut self, from: NodeId, to: NodeId, change: impl Fn(&mut Policy)) {
        let mut policy = *self.policy(from, to);
        change(&mut policy);
        match self
            .own
            .binary_search_by_key(&(from, to), |(link, _)| *link)
        {
            Ok(at) => self.own[at].1 = policy,
            Err(at) => self.own.insert(at, ((from, to), policy)),
        }
    }

    /// Changes the policy of every link.
    pub fn set_base(&mut self, change: impl Fn(&mut Policy)) {
        change(&mut self.base);
        self.own.iter_mut().for_each(|(_, policy)| change(policy));
    }

    /// Forgets the policies of single links.
    pub fn forget_links(&mut self) {
        self.own.clear();
    }

    /// The links with a policy of their own.
    #[must_use]
    pub fn own_policies(&self) -> &[((NodeId, NodeId), Policy)] {
        &self.own
    }

    /// Whether nothing passes from `from` to `to`.
    #[inline]
    #[must_use]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        !self.cut.is_empty() && self.cut.binary_search(&(from, to)).is_ok()
    }

    /// The directed links that are cut, in order.
    #[must_use]
    pub fn cuts(&self) -> &[(NodeId, NodeId)] {
        &self.cut
    }

    /// Cuts or mends one direction of a link.
    pub fn set_cut(&mut self, from: NodeId, to: NodeId, cut: bool) {
        match (self.cut.binary_search(&(from, to)), cut) {
            (Ok(at), false) => drop(self.cut.remove(at)),
            (Err(at), true) => self.cut.insert(at, (from, to)),
            (Ok(_), true) | (Err(_), false) => {}
        }
    }

    /// Mends all links.
    pub fn heal(&mut self) {
        self.cut.clear();
    }
}

/// What one node has sent on one link so far.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct LinkOut {
    /// Messages of any kind: the ordinal by which draws are keyed.
    pub(super) sent: u32,
    /// Messages of each kind: the ordinal in a message's name.
    pub(super) by_kind: [u32; Cell::MAX_KINDS],
    /// When the last one arrives, for links that keep the order.
    pub(super) last_arrival: crate::engine::Time,
}

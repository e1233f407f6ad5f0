//! How long until the next request, and how much work it is: drawn in whole microseconds. The
//! logarithm is that of `libm`, which is the same on every machine and in a page.

use crate::engine::Span;
use crate::lab::Params;

/// A draw is a whole number up to this.
pub(super) const UNIT: u64 = 1 << 48;

/// How requests come.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Arrivals {
    /// At random, each whatever came before: the time between two is exponential.
    Poisson,
    /// One after the other at equal distances.
    Even,
}

impl Arrivals {
    pub(super) const WORDS: &'static [&'static str] = &["poisson", "even"];

    pub(super) fn of(params: &Params) -> Self {
        match params.word("arrivals") {
            "even" => Arrivals::Even,
            _ => Arrivals::Poisson,
        }
    }

    /// The time to the next one, by a draw from 1 to [`UNIT`].
    pub(super) fn gap(self, mean_us: f64, draw: u64) -> Span {
        match self {
            Arrivals::Poisson => exponential(mean_us, draw),
            Arrivals::Even => whole(mean_us),
        }
    }
}

/// How much work requests are.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Demands {
    /// Mostly little, now and then much: what queueing theory computes with.
    Exponential,
    /// All alike.
    Fixed,
    /// Nine of ten are half of the mean, one is five and a half times the mean.
    TwoSizes,
}

impl Demands {
    pub(super) const WORDS: &'static [&'static str] = &["exponential", "fixed", "two-sizes"];

    pub(super) fn of(params: &Params) -> Self {
        match params.word("service_times") {
            "fixed" => Demands::Fixed,
            "two-sizes" => Demands::TwoSizes,
            _ => Demands::Exponential,
        }
    }

    /// One request's work at full speed, by a draw from 1 to [`UNIT`].
    pub(super) fn demand(self, mean: Span, draw: u64) -> Span {
        let mean_us = mean.0 as f64;
        match self {
            Demands::Exponential => exponential(mean_us, draw),
            Demands::Fixed => mean,
            Demands::TwoSizes if draw <= UNIT / 10 => whole(mean_us * 5.5),
            Demands::TwoSizes => whole(mean_us / 2.0),
        }
    }
}

/// To the nearest microsecond.
fn whole(us: f64) -> Span {
    Span((us + 0.5) as u64)
}

/// An exponential time of this mean, by inversion.
fn exponential(mean_us: f64, draw: u64) -> Span {
    whole(-mean_us * libm::log(draw as f64 / UNIT as f64))
}

//! How often a cache has what is asked for, under Zipf's law, with theory beside it. Each run is a run of this lab:
//! one client, reads alone, and nothing that takes time, so that questions are independent of each other.

use super::checks::cache;
use super::lab::{CacheLab, popularity};
use super::node::Tally;
use super::shelf::Eviction;
use super::theory;
use crate::engine::Time;
use crate::lab::{
    Column, Complaint, Experiment, ExperimentSpec, Lab, ParamSpec, Params, Setup, Shown, Theory,
};
use crate::sim::World;

const LAB: &dyn Lab = &CacheLab;
/// Questions in a second: the most that a client asks.
const RATE: u64 = 10_000;

/// The policies, in the order of the columns.
const POLICIES: [(Eviction, &str); 3] = [
    (Eviction::Lru, "lru"),
    (Eviction::Fifo, "fifo"),
    (Eviction::Lfu, "lfu"),
];

/// The share of questions that are hits.
#[derive(Copy, Clone, Debug)]
pub(super) struct HitRatio;

const fn column(name: &'static str) -> Column {
    Column {
        name,
        shown: Shown::Mean,
    }
}

static HIT_RATIO: ExperimentSpec = ExperimentSpec {
    id: "hit-ratio",
    params: &[
        ParamSpec::integer("capacity", (20, 1, 500), ""),
        ParamSpec::integer("keys", (200, 1, 1000), ""),
        ParamSpec::integer("zipf", (90, 0, 200), "%"),
        ParamSpec::integer("questions", (10_000, 100, 100_000), ""),
    ],
    varies: ("capacity", "5,10,20,40,80,120"),
    columns: &[column("lru"), column("fifo"), column("lfu")],
    seeds: 10,
};

impl HitRatio {
    fn values(params: &Params, policy: &str) -> Vec<(&'static str, String)> {
        let mut values: Vec<(&'static str, String)> = ["capacity", "keys", "zipf"]
            .map(|name| (name, params.integer(name).to_string()))
            .into();
        let fixed = [
            ("clients", "1"),
            ("reads", "100%"),
            ("ttl", "0ms"),
            ("store_read", "0ms"),
            ("latency_min", "0ms"),
            ("latency_max", "0ms"),
            ("disk_min", "0ms"),
            ("disk_max", "0ms"),
            ("eviction", policy),
        ];
        values.extend(fixed.map(|(name, value)| (name, value.to_owned())));
        values.push(("rate", RATE.to_string()));
        values
    }

    /// As many questions again as are counted come before, to fill the shelf.
    fn half(params: &Params) -> u64 {
        params.integer("questions") * 1_000_000 / RATE
    }

    fn measured(params: &Params, policy: &str, seed: u64) -> Option<f64> {
        let mut setup: Setup = LAB.setup(seed);
        for (name, value) in Self::values(params, policy) {
            let set = setup.params.set(name, &value);
            debug_assert!(set.is_ok(), "{name}={value}");
        }
        let mut world = LAB.world(&setup);
        run_to(&mut world, Time(Self::half(params)));
        let before = cache(&world)?.tally();
        run_to(&mut world, Time(2 * Self::half(params)));
        let after = cache(&world)?.tally();
        let asked = |tally: Tally| tally.hits + tally.misses;
        let counted = asked(after) - asked(before);
        let hits = after.hits - before.hits;
        (counted > 0).then(|| f64::from(hits) / f64::from(counted))
    }
}

fn run_to(world: &mut World, time: Time) {
    while world.next_time().is_some_and(|next| next <= time) {
        world.step();
    }
}

impl Experiment for HitRatio {
    fn spec(&self) -> &'static ExperimentSpec {
        &HIT_RATIO
    }

    fn together(&self) -> &'static [usize] {
        &[0, 1, 2]
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        POLICIES
            .map(|(_, policy)| Self::measured(params, policy, seed))
            .to_vec()
    }

    /// A run for each policy, with the same questions.
    fn apart(&self) -> bool {
        true
    }

    fn story(&self, params: &Params, seed: u64, column: usize) -> Option<String> {
        let (_, policy) = POLICIES.get(column)?;
        let mut story = format!("lab cache seed={seed}");
        for (name, value) in Self::values(params, policy) {
            story.push_str(&format!(" {name}={value}"));
        }
        let time = crate::engine::Span(2 * Self::half(params));
        Some(format!("{story}\nrun {time}\n"))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let shares = popularity(params).shares();
        let capacity = params.integer("capacity") as usize;
        let ids = ["che", "random", "most-popular"];
        let of = |(column, (eviction, _)): (usize, (Eviction, &str))| Theory {
            id: ids[column],
            column,
            value: Some(theory::hit_ratio(eviction, &shares, capacity)),
            formula: Some(theory::formula(eviction)),
        };
        POLICIES.into_iter().enumerate().map(of).collect()
    }
}

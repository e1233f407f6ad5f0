//! Two experiments with theory beside them: the supermarket, and balls into bins. Each run is a run of this
//! lab, with the same requests whatever the number of choices.

use super::client::Client;
use super::lab::{LoadBalancer, clients, servers};
use super::server::Server;
use crate::engine::{Span, Time};
use crate::lab::{
    Column, Complaint, Experiment, ExperimentSpec, Lab, ParamSpec, Params, Setup, Shown, Theory,
};
use crate::sim::{Ratio, World};

const LAB: &dyn Lab = &LoadBalancer;

/// The most that one client asks in a second. With this many for a load of one, a mean time of service is
/// 10 us for each server: long beside a microsecond, which is the finest that there is.
const RATE: u64 = 100_000;

/// A setup of the lab, by text as in a story. Each value is within its bounds, as the test holds.
fn setup(seed: u64, values: &[(&str, String)]) -> Setup {
    let mut setup = LAB.setup(seed);
    for (name, value) in values {
        let set = setup.params.set(name, value);
        debug_assert!(set.is_ok(), "{name}={value}");
    }
    setup
}

/// The first line of a story of that setup.
fn first_line(seed: u64, values: &[(&str, String)]) -> String {
    let mut line = format!("lab load-balancer seed={seed}");
    for (name, value) in values {
        line.push_str(&format!(" {name}={value}"));
    }
    line
}

fn run_to(world: &mut World, time: Time) {
    while world.next_time().is_some_and(|next| next <= time) {
        world.step();
    }
}

/// What both have in common: no delay on the way, nobody gives up, no queue is full.
fn quiet(choices: u64) -> Vec<(&'static str, String)> {
    let policy = if choices == 1 {
        "random"
    } else {
        "two-choices"
    };
    let mut values = vec![
        ("policy", policy.to_owned()),
        ("choices", choices.to_string()),
    ];
    let fixed = [
        ("latency_min", "0ms"),
        ("latency_max", "0ms"),
        ("queue_limit", "1000000"),
        ("retries", "0"),
        ("timeout", "10s"),
        ("probe", "60s"),
    ];
    values.extend(fixed.map(|(name, value)| (name, value.to_owned())));
    values
}

/// Mitzenmacher's supermarket: customers come at random, look at d of n queues, and join the shortest.
#[derive(Copy, Clone, Debug)]
pub(super) struct Supermarket;

static SUPERMARKET: ExperimentSpec = ExperimentSpec {
    id: "supermarket",
    params: &[
        ParamSpec::ratio(
            "utilisation",
            (Ratio::percent(90), Ratio::percent(1), Ratio::percent(95)),
        ),
        ParamSpec::integer("servers", (100, 100, 1000), ""),
        ParamSpec::integer("services", (300, 50, 5000), ""),
    ],
    varies: ("utilisation", "50%,60%,70%,80%"),
    columns: &[
        column("one_choice"),
        column("two_choices"),
        column("three_choices"),
    ],
    seeds: 10,
};

const fn column(name: &'static str) -> Column {
    Column {
        name,
        shown: Shown::Mean,
    }
}

impl Supermarket {
    /// Requests in a second, and the mean time of service.
    fn load(params: &Params) -> (u64, Span) {
        let rate = u64::from(params.ratio("utilisation").0) * RATE / 1_000_000;
        (rate.max(1), Span(10 * params.integer("servers")))
    }

    fn values(params: &Params, choices: u64) -> Vec<(&'static str, String)> {
        let (rate, service) = Self::load(params);
        let mut values = quiet(choices);
        values.push(("servers", params.integer("servers").to_string()));
        values.push(("rate", rate.to_string()));
        values.push(("service", service.to_string()));
        values
    }

    /// The mean time in the system over those that were answered in the second half, in mean times of
    /// service.
    fn mean(params: &Params, choices: u64, seed: u64) -> Option<f64> {
        let (_, service) = Self::load(params);
        let half = service.0 * params.integer("services");
        let mut world = LAB.world(&setup(seed, &Self::values(params, choices)));
        run_to(&mut world, Time(half));
        let before = told(&world)?;
        run_to(&mut world, Time(2 * half));
        let after = told(&world)?;
        let answered = after.0 - before.0;
        (answered > 0).then(|| (after.1 - before.1) as f64 / answered as f64 / service.0 as f64)
    }
}

/// How many were answered, and how long they took together.
fn told(world: &World) -> Option<(u64, u64)> {
    let tally = clients(world).next().map(Client::tally)?;
    Some((tally.answered, tally.took_us))
}

/// The mean time in the system for infinitely many servers, in mean times of service (Mitzenmacher 2001,
/// theorem 1 and corollary 3); with one choice it is that of M/M/1, for any number of them.
pub(super) fn supermarket(utilisation: f64, choices: u32) -> f64 {
    if choices == 1 {
        return 1.0 / (1.0 - utilisation);
    }
    let d = f64::from(choices);
    let (mut sum, mut exponent) = (0.0, 0.0);
    loop {
        let term = libm::pow(utilisation, exponent);
        sum += term;
        if term < 1e-12 {
            return sum;
        }
        // (d^(i+1) - d)/(d - 1) is d times (d^i - d)/(d - 1), and d.
        exponent = exponent * d + d;
    }
}

/// Utilisations in per cent, and what belongs to them.
type Points = [(u32, f64)];

/// What Mitzenmacher measured (2001, table 1, the column of simulations): the column here, and for each utilisation in per
/// cent the mean time in the system.
const PUBLISHED: [(&str, usize, &Points); 2] = [
    (
        "table-1-two",
        1,
        &[
            (50, 1.2673),
            (70, 1.6202),
            (80, 1.9585),
            (90, 2.6454),
            (95, 3.4610),
        ],
    ),
    (
        "table-1-three",
        2,
        &[
            (50, 1.1277),
            (70, 1.3634),
            (80, 1.5940),
            (90, 2.0614),
            (95, 2.6137),
        ],
    ),
];

/// His number at this point, if it is one of his: he had a hundred queues.
fn published(params: &Params, points: &Points) -> Option<f64> {
    let utilisation = params.ratio("utilisation");
    let his = points
        .iter()
        .find(|(percent, _)| Ratio::percent(*percent) == utilisation);
    let (_, value) = his.filter(|_| params.integer("servers") == 100)?;
    Some(*value)
}

const ONE_CHOICE: &str = "<mfrac><mn>1</mn><mrow><mn>1</mn><mo>−</mo><mi>λ</mi></mrow></mfrac>";

/// The sum of corollary 3 with d set in.
fn sum_formula(d: u32) -> String {
    let exponent = if d == 2 {
        "<msup><mn>2</mn><mi>i</mi></msup><mo>−</mo><mn>2</mn>".to_owned()
    } else {
        format!(
            "<mfrac><mrow><msup><mn>{d}</mn><mi>i</mi></msup><mo>−</mo><mn>{d}</mn></mrow><mn>{}</mn></mfrac>",
            d - 1
        )
    };
    format!(
        "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>∞</mi></munderover>\
         <msup><mi>λ</mi><mrow>{exponent}</mrow></msup>"
    )
}

impl Experiment for Supermarket {
    fn spec(&self) -> &'static ExperimentSpec {
        &SUPERMARKET
    }

    fn together(&self) -> &'static [usize] {
        &[0, 1, 2]
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        (1..=3)
            .map(|choices| Self::mean(params, choices, seed))
            .collect()
    }

    /// A run for each number of choices, with the same requests.
    fn apart(&self) -> bool {
        true
    }

    fn story(&self, params: &Params, seed: u64, column: usize) -> Option<String> {
        let (_, service) = Self::load(params);
        let time = Span(2 * service.0 * params.integer("services"));
        let first = first_line(seed, &Self::values(params, column as u64 + 1));
        Some(format!("{first}\nrun {time}\n"))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let (rate, _) = Self::load(params);
        let utilisation = rate as f64 / RATE as f64;
        let of = |(column, id): (usize, &'static str)| {
            let choices = column as u32 + 1;
            Theory {
                id,
                column,
                value: Some(supermarket(utilisation, choices)),
                formula: Some(if choices == 1 {
                    ONE_CHOICE.to_owned()
                } else {
                    sum_formula(choices)
                }),
            }
        };
        let ids = ["one-queue", "limit-of-two", "limit-of-three"];
        let formulas = ids.into_iter().enumerate().map(of);
        let published = PUBLISHED.iter().map(|(id, column, points)| Theory {
            id,
            column: *column,
            value: published(params, points),
            formula: None,
        });
        formulas.chain(published).collect()
    }
}

/// As many requests as servers, and none is ever done: how many does the fullest server have?
#[derive(Copy, Clone, Debug)]
pub(super) struct BallsIntoBins;

static BALLS: ExperimentSpec = ExperimentSpec {
    id: "balls-into-bins",
    params: &[ParamSpec::integer("servers", (1000, 10, 1000), "")],
    varies: ("servers", "10,32,100,316,1000"),
    columns: &[column("one_choice"), column("two_choices")],
    seeds: 100,
};

impl BallsIntoBins {
    fn values(params: &Params, choices: u64) -> Vec<(&'static str, String)> {
        let servers = params.integer("servers").to_string();
        let mut values = quiet(choices);
        let fixed = [
            ("servers", servers.clone()),
            ("requests", servers),
            ("rate", RATE.to_string()),
            ("service", "60s".to_owned()),
            ("arrivals", "even".to_owned()),
            ("service_times", "fixed".to_owned()),
        ];
        values.extend(fixed);
        values
    }

    /// When the last ball has been thrown.
    fn end(params: &Params) -> Span {
        Span(params.integer("servers") * 1_000_000 / RATE + 1000)
    }

    fn fullest(params: &Params, choices: u64, seed: u64) -> Option<f64> {
        let mut world = LAB.world(&setup(seed, &Self::values(params, choices)));
        run_to(&mut world, Time(Self::end(params).0));
        let all: usize = servers(&world).map(Server::load).sum();
        let thrown = all as u64 == params.integer("servers");
        let most = servers(&world).map(Server::load).max()?;
        thrown.then_some(most as f64)
    }
}

/// Where the gamma function is n, for an n of at least 2: Gonnet's inverse.
pub(super) fn inverse_gamma(n: f64) -> f64 {
    let (mut low, mut high) = (2.0, 200.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if libm::lgamma(middle) < libm::log(n) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

impl Experiment for BallsIntoBins {
    fn spec(&self) -> &'static ExperimentSpec {
        &BALLS
    }

    fn together(&self) -> &'static [usize] {
        &[0, 1]
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        (1..=2)
            .map(|choices| Self::fullest(params, choices, seed))
            .collect()
    }

    fn apart(&self) -> bool {
        true
    }

    fn story(&self, params: &Params, seed: u64, column: usize) -> Option<String> {
        let first = first_line(seed, &Self::values(params, column as u64 + 1));
        Some(format!("{first}\nrun {}\n", Self::end(params)))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let n = params.integer("servers") as f64;
        let one = "<msup><mi>Γ</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><mo>(</mo><mi>n</mi><mo>)</mo>\
             <mo>−</mo><mfrac><mn>3</mn><mn>2</mn></mfrac>";
        let two = "<mfrac><mrow><mi>ln</mi><mi>ln</mi><mi>n</mi></mrow><mrow><mi>ln</mi><mn>2</mn></mrow></mfrac>";
        vec![
            Theory {
                id: "gonnet",
                column: 0,
                value: Some(inverse_gamma(n) - 1.5),
                formula: Some(one.to_owned()),
            },
            // Only up to a constant, that nobody knows: its name says so.
            Theory {
                id: "up-to-a-constant",
                column: 1,
                value: Some(libm::log(libm::log(n)) / std::f64::consts::LN_2),
                formula: Some(two.to_owned()),
            },
        ]
    }
}

//! How long an election takes, and how often the first one elects nobody: chapter 9 of Ongaro's dissertation
//! (2014), measured with this engine. Nothing takes time but messages and timers.

mod downtime;
mod election_time;
mod split_vote;

use super::checks::leader;
use super::lab::Raft;
use crate::engine::{NodeId, Time};
use crate::lab::experiment::Experiment;
use crate::lab::{Complaint, Lab, ParamSpec, Params, Setup};
use crate::sim::{Action, World};
use std::fmt::Write;
use std::rc::Rc;

/// What the lab offers.
pub(super) const ALL: &[&dyn Experiment] = &[
    &election_time::ElectionTime,
    &split_vote::SplitVote,
    &downtime::Downtime,
];

/// A run that has not elected anybody after so many steps will not: its timeouts are all the same, or shorter
/// than a round trip.
const MOST_STEPS: u64 = 50_000;

const NODES: ParamSpec = ParamSpec::integer("nodes", (5, 1, 9), "");
const ALIVE: ParamSpec = ParamSpec::integer("alive", (5, 1, 9), "");

/// The live servers must be able to elect somebody.
fn check_alive(params: &Params) -> Result<(), Complaint> {
    let (nodes, alive) = (params.integer("nodes"), params.integer("alive"));
    let least = nodes / 2 + 1;
    if (least..=nodes).contains(&alive) {
        return Ok(());
    }
    let complaint = Complaint::new("error-param-value");
    Err(complaint
        .with("name", "alive")
        .with("value", alive)
        .with("bounds", format!("{least}..{nodes} (nodes={nodes})")))
}

/// The parameters of the lab in which a run happens: no clients, no time for disks.
fn lab_params(settings: &[(&str, String)]) -> Params {
    let lab: &dyn Lab = &Raft;
    let mut params = Params::defaults(lab.info().params);
    let none = ["clients", "disk_min", "disk_max"].map(|name| (name, "0".to_owned()));
    let with_unit = |name: &str, value: &str| {
        if name.starts_with("disk") {
            format!("{value}ms")
        } else {
            value.to_owned()
        }
    };
    for (name, value) in none.iter().chain(settings) {
        // The experiment's bounds are within those of the lab; a test holds that.
        let set = params.set(name, &with_unit(name, value));
        debug_assert!(set.is_ok(), "{name}={value}");
    }
    params
}

/// A run: the setup, and how many of its servers live. The others crash before anything happens.
struct Trial {
    setup: Setup,
    alive: u64,
}

impl Trial {
    fn dead(&self) -> impl Iterator<Item = NodeId> + use<> {
        let nodes = self.setup.params.integer("nodes");
        (self.alive as u16..nodes as u16).map(NodeId)
    }

    /// The world at its beginning, when all live servers are about to arm their timers.
    fn world(&self) -> World {
        let mut world = Raft.world(&self.setup);
        for node in self.dead() {
            // Nobody is down yet, so that it cannot miss.
            let _ = world.act(&Rc::new(Action::Kill(node)));
        }
        world
    }

    /// Runs until this is so. `None` where it does not come about.
    fn until(&self, so: impl FnMut(&World) -> bool) -> Option<World> {
        further(self.world(), so)
    }

    /// The first line of its story.
    fn head(&self) -> String {
        let mut text = format!("lab raft seed={}", self.setup.seed);
        // A text takes what is written to it.
        for (spec, value) in self.setup.params.changed() {
            let _ = write!(text, " {}={value}", spec.name);
        }
        text.push('\n');
        text
    }

    /// The run up to there as a story, which holds that it is the same run; without a place where it goes
    /// on for a while.
    fn story(&self, end: Option<&World>) -> String {
        let mut text = self.head();
        for node in self.dead() {
            let _ = writeln!(text, "kill n{}", node.0 + 1);
        }
        match end {
            Some(world) if leader(world).is_some() => {
                let within = world.now().0 / 1000 + 1;
                let _ = writeln!(text, "run until leader within {within}ms\nexpect leader");
                let _ = writeln!(text, "expect trace {:016x}", world.trace_hash());
            }
            Some(world) => {
                let _ = writeln!(
                    text,
                    "step {}\nexpect not leader",
                    world.steps() - self.dead().count() as u64
                );
                let _ = writeln!(text, "expect trace {:016x}", world.trace_hash());
            }
            None => text.push_str("run 10s\nexpect not leader\n"),
        }
        text
    }
}

/// Goes on until this is so. `None` where it does not come about.
fn further(mut world: World, mut so: impl FnMut(&World) -> bool) -> Option<World> {
    let mut steps = 0;
    while !so(&world) {
        steps += 1;
        if steps > MOST_STEPS || !world.step() {
            return None;
        }
    }
    Some(world)
}

/// The probability that the first term elects nobody, where every message takes `share` of the range of
/// timeouts, of `alive` live servers among `nodes`.
///
/// Let the timeouts be spread evenly over a range of length 1, each server's on its own, and let the first run
/// out at `t`. Its requests arrive at `t + share`, before anybody else's. Whoever's timer has not run out by then
/// votes for it, whoever's has stands for election, too, and votes for itself; so nobody but the first can win, and
/// it wins where at least `m` of the other `s - 1` live servers run out later than `t + share`, `m = ⌊nodes / 2⌋`.
/// Given `t`, the others are spread evenly over `(t, 1)`, so each is late with probability `(u - l) / u`, where
/// `u = 1 - t` and `l = share`; where `u < l` none is. The first runs out at `t` with density `s u^(s-1)`. So
///
/// `P = l^s + Σ_{j<m} ∫_l^1 s u^(s-1) C(s-1,j) ((u-l)/u)^j (l/u)^(s-1-j) du`
///
/// in which the powers of `u` cancel, and `∫_l^1 (u-l)^j du = (1-l)^(j+1) / (j+1)`; with
/// `s C(s-1,j) / (j+1) = C(s,j+1)` that is
///
/// `P = Σ_{i=0}^{m} C(s,i) (1-l)^i l^(s-i)`:
///
/// as if each of the live servers were late with probability `1 - l`, and more than half of all were needed. For
/// `m = 0` the own vote is enough, and `P = 0`.
fn split_probability(nodes: u64, alive: u64, share: f64) -> f64 {
    let needed = nodes / 2;
    if needed == 0 {
        return 0.0;
    }
    let l = share.clamp(0.0, 1.0);
    let mut choose = 1.0;
    let mut sum = 0.0;
    for i in 0..=needed.min(alive) {
        if i > 0 {
            choose *= (alive - i + 1) as f64 / i as f64;
        }
        sum += choose * (1.0 - l).powi(i as i32) * l.powi((alive - i) as i32);
    }
    sum.min(1.0)
}

/// The formula of [`split_probability`].
const SPLIT_FORMULA: &str = "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>0</mn></mrow>\
     <mrow><mo>⌊</mo><mi>n</mi><mo>/</mo><mn>2</mn><mo>⌋</mo></mrow></munderover>\
     <mrow><mo>(</mo><mfrac linethickness=\"0\"><mi>s</mi><mi>i</mi></mfrac><mo>)</mo></mrow>\
     <msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo><mi>l</mi><mo>)</mo></mrow><mi>i</mi></msup>\
     <msup><mi>l</mi><mrow><mi>s</mi><mo>−</mo><mi>i</mi></mrow></msup>";

/// Microseconds as a measured value.
fn micros(time: Time) -> f64 {
    time.0 as f64
}

#[cfg(test)]
mod tests;

//! What `benches/run.mjs` calls: the measures, in Wasm.
#![cfg(target_arch = "wasm32")]

#[path = "../../measures/exhaust.rs"]
mod exhaust;
#[path = "../../measures/mod.rs"]
mod measures;

use measures::CASES;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn clock_ms() -> f64;
}

fn clock() -> f64 {
    clock_ms()
}

/// The names of the runs that [`events`] measures.
#[wasm_bindgen]
#[must_use]
pub fn cases() -> Vec<String> {
    CASES.iter().map(|case| case.name.to_owned()).collect()
}

/// Events a second of the bare loop and of the sim, in the run at this place among [`cases`].
#[wasm_bindgen]
#[must_use]
pub fn events(case: usize, turns: u32, count: u32) -> Vec<f64> {
    let (bare, sim) = measures::events(clock, &CASES[case], turns, u64::from(count));
    vec![bare, sim]
}

/// Commits a second, and events for one commit.
#[wasm_bindgen]
#[must_use]
pub fn commits(turns: u32, count: u32) -> Vec<f64> {
    let (rate, each) = measures::commits(clock, turns, u64::from(count));
    vec![rate, each]
}

/// The policies that [`balancer`] is measured with.
#[wasm_bindgen]
#[must_use]
pub fn policies() -> Vec<String> {
    measures::POLICIES.map(str::to_owned).to_vec()
}

/// A thousand servers and 50,000 requests a second: seconds of virtual time in a second, and millions of
/// events.
#[wasm_bindgen]
#[must_use]
pub fn balancer(policy: &str, stretches: u32) -> Vec<f64> {
    let (seconds, events) = measures::balancer(clock, policy, u64::from(stretches));
    vec![seconds, events]
}

/// Runs and events a second of the random search.
#[wasm_bindgen]
#[must_use]
pub fn search(turns: u32, runs: u32) -> Vec<f64> {
    let (runs, events) = measures::search(clock, turns, u64::from(runs));
    vec![runs, events]
}

/// A long run: events a second; a seek in ms (median, 99 %, worst); a snapshot in us; the story
/// in ms.
#[wasm_bindgen]
#[must_use]
pub fn long_run(count: u32, seeks: u32) -> Vec<f64> {
    let long = measures::long_run(clock, u64::from(count), seeks);
    let mut all = vec![long.rate];
    all.extend(long.seek);
    all.extend([long.snapshot, long.story]);
    all
}

fn all(explored: exhaust::Explored) -> Vec<f64> {
    let (generated, unique) = (explored.generated as f64, explored.unique as f64);
    let (depth, bytes) = (f64::from(explored.depth), explored.bytes as f64);
    vec![generated, unique, depth, explored.ms, bytes]
}

/// All states of two-phase commit: how many, how many different ones, how deep, in how many
/// milliseconds, in how many bytes.
#[wasm_bindgen]
#[must_use]
pub fn explore_commit(managers: u8, turns: u32) -> Vec<f64> {
    all(exhaust::commit(clock, managers, turns))
}

/// The same of Raft.
#[wasm_bindgen]
#[must_use]
pub fn explore_raft(timeouts: u8, crashes: u8, small: bool, turns: u32) -> Vec<f64> {
    let bounds = (timeouts, crashes);
    all(exhaust::raft(clock, bounds, small, turns))
}

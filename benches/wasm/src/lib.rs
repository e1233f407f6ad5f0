//! What `benches/run.mjs` calls: the measures, in Wasm.
#![cfg(target_arch = "wasm32")]

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

// The measures of benches/sim.rs in Wasm under Node, and what the page in dist/ weighs.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { print, sizes } from "../build/sizes.mjs";
import { cold } from "./cold.mjs";
import { load } from "./wasm/build.mjs";

const wasm = load();
const millions = (n) => `${(n / 1e6).toFixed(2)} M/s`;

console.log("\nIn Wasm, under Node:");
for (const [kind, name] of wasm.cases().entries()) {
  const [bare, sim] = wasm.events(kind, 8, 400_000);
  console.log(`  ${name.padEnd(9)} bare loop ${millions(bare)}   sim ${millions(sim)}   ratio ${(sim / bare).toFixed(2)}`);
}
const [rate, each] = wasm.commits(6, 400_000);
console.log(`  commits   ${Math.round(rate)} a second, ${each.toFixed(1)} events each`);
for (const policy of wasm.policies()) {
  const [seconds, moved] = wasm.balancer(policy, 20);
  console.log(`  balancer  ${policy}: ${seconds.toFixed(2)} s of virtual time a second, ${moved.toFixed(2)} M/s`);
}
const [runs, seen] = wasm.search(8, 1000);
console.log(`  search    ${Math.round(runs)} runs a second, ${millions(seen)}`);
const [history, median, most, worst, snapshot, story] = wasm.long_run(1_000_000, 200);
console.log(`  history   ${millions(history)} over a million events`);
console.log(`  seek      median ${median.toFixed(2)} ms, 99 % ${most.toFixed(2)} ms, worst of 200 ${worst.toFixed(2)} ms`);
console.log(`  snapshot  ${snapshot.toFixed(2)} us, story ${story.toFixed(2)} ms`);

for (const [name, [generated, unique, depth, ms, bytes]] of [
  ["two-phase commit, 8", wasm.explore_commit(8, 3)],
  ["raft, 1 timeout", wasm.explore_raft(1, 0, false, 5)],
  ["raft, 1 and a crash", wasm.explore_raft(1, 1, false, 3)],
]) {
  const rate = (n) => (n / ms / 1000).toFixed(2);
  console.log(`  ${name.padEnd(24)} ${generated} states, ${unique} different, ${depth} deep: ${rate(generated)} M/s, ${rate(unique)} M different/s, ${(bytes / 1e6).toFixed(0)} MB`);
}

const dist = join(import.meta.dirname, "../dist");
if (existsSync(dist)) {
  console.log("\nThe download:");
  print(sizes(dist));
}

if (existsSync(dist)) await cold();

// The exhaustive exploration in Wasm, without a page: it counts what tests/exhaust counts natively.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "../../benches/wasm/build.mjs";

const wasm = load();

/** States that steps led to, and different ones. */
const counts = ([generated, unique]) => [generated, unique];

test("two-phase commit has the states that are public", () => {
  assert.deepEqual(counts(wasm.explore_commit(3, 1)), [1146, 288]);
  assert.equal(counts(wasm.explore_commit(5, 1))[1], 8832);
});

test("a small Raft has as many states as natively", () => {
  // SMALL_RAFT in tests/exhaust/raft.rs.
  assert.deepEqual(counts(wasm.explore_raft(1, 1, true, 1)), [6_868, 2_764]);
});

// The same trace in Wasm as natively: every story ends with the hash that the native golden test
// wrote down.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";

import { load } from "../../benches/wasm/build.mjs";

const PROTOCOLS = join(import.meta.dirname, "../../src/protocols");
const wasm = load();

const stories = readdirSync(PROTOCOLS, { recursive: true }).filter((name) => name.endsWith(".story"));
assert.ok(stories.length > 0, "there are no stories");
for (const name of stories.sort()) {
  test(`in Wasm, ${name.split(sep).join("/")} has the trace that it has natively`, () => {
    assert.equal(wasm.play(readFileSync(join(PROTOCOLS, name), "utf8")), "");
  });
}

// The download keeps to its budgets (build/budgets.txt). They are printed, too.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { isOver, parts } from "../../build/budgets.mjs";

const DIST = join(import.meta.dirname, "../../dist");

test("each part of the download keeps to its budget", (context) => {
  const all = parts(DIST);
  for (const { part, bytes, most } of all) context.diagnostic(`${part}: ${bytes} of ${most}`);
  assert.ok(all.some(({ part }) => part.startsWith("the rest")), "this is a release");
  assert.deepEqual(all.filter(isOver), []);
});

test("a part over its budget, or with none, is told", () => {
  const small = parts(DIST, "everything | 1 | .*");
  assert.deepEqual(small.map(isOver), [true]);
  assert.ok(parts(DIST, "the page | 1000 | index\\.html").some(isOver));
  assert.deepEqual(parts(DIST, "everything | 100000 | .*").map(isOver), [false]);
});

// The splitter (build/split.mjs) on a program of a few lines, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import binaryen from "binaryen";

import { rules, split } from "../../build/split.mjs";

// $count is called by both halves, $late and $slot are the rest, $slot is in the table as well.
const PROGRAM = `(module
  (import "glue" "log" (func $log (param i32)))
  (memory $0 1)
  (data (i32.const 8) "\\2a\\00\\00\\00")
  (global $calls (mut i32) (i32.const 0))
  (table $0 2 2 funcref)
  (elem (i32.const 0) $count $slot)
  (type $number (func (param i32) (result i32)))
  (func $count (param i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.add (local.get 0) (i32.const 1)))
  (func $late (param i32) (result i32)
    (call $log (local.get 0))
    (global.set $calls (i32.add (global.get $calls) (i32.const 10)))
    (i32.add (call $only-late (local.get 0)) (i32.load (i32.const 8))))
  (func $only-late (param i32) (result i32) (call $count (call $count (local.get 0))))
  (func $slot (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func $go (param i32) (result i32) (call $late (local.get 0)))
  (func $by-slot (param i32) (result i32) (call_indirect (type $number) (i32.const 1) (local.get 0)))
  (func $calls (result i32) (global.get $calls))
  (export "memory" (memory $0)) (export "go" (func $go)) (export "through" (func $by-slot)) (export "calls" (func $calls)))`;

const NAMES = ["log", "one::count", "two::late", "std::only<two>", "two::slot", "one::go", "one::by_slot", "one::calls"];
const RULES = "first one::\nrest two::\n# a comment\n";

/** Both halves, the first one at work; `fetched` tells how often the rest was asked for. */
function halves(names = NAMES, lines = RULES) {
  const module = binaryen.parseText(PROGRAM);
  const bytes = module.emitBinary();
  module.dispose();
  const { first, rest } = split(binaryen, bytes, names, rules(lines));
  const state = { fetched: 0, logged: [] };
  const glue = { log: (number) => state.logged.push(number) };
  const join = () => {
    new WebAssembly.Instance(new WebAssembly.Module(rest), { glue, first: state.program });
    state.program.splitbrainRestHere.value = 1;
  };
  const splitbrainFetchRest = () => {
    state.fetched += 1;
    join();
  };
  state.program = new WebAssembly.Instance(new WebAssembly.Module(first), { glue: { ...glue, splitbrainFetchRest } }).exports;
  return Object.assign(state, { join, first, rest });
}

test("what is not there is fetched when it is called, once, and does what it did", () => {
  const state = halves();
  assert.equal(state.fetched, 0);
  assert.equal(state.program.go(5), 5 + 2 + 42);
  assert.equal(state.program.through(1), 3);
  assert.equal(state.program.go(6), 6 + 2 + 42);
  assert.deepEqual([state.fetched, state.logged, state.program.calls()], [1, [5, 6], 24]);
});

test("what was joined before is not fetched", () => {
  const state = halves();
  state.join();
  assert.deepEqual([state.program.through(1), state.program.through(0), state.program.go(0)], [3, 2, 44]);
  assert.equal(state.fetched, 0);
});

test("a call through the table finds the rest, too", () => {
  const state = halves();
  assert.equal(state.program.through(0), 2);
  assert.equal(state.fetched, 0);
  assert.equal(state.program.through(1), 3);
  assert.equal(state.fetched, 1);
});

test("what only the rest needs is not in the first part", () => {
  const { first } = halves();
  const text = binaryen.readBinary(first).emitText();
  assert.ok(!text.includes("i32.mul"));
  assert.ok(!text.includes("i32.const 10)"));
});

test("what another lab calls is of both labs, whatever the linker named it by", () => {
  const lines = "first splitbrain::protocols::a::\nrest splitbrain::protocols::b::\n";
  const named = (go, late) => NAMES.map((name) => ({ "one::go": go, "two::late": late, "two::slot": "splitbrain::protocols::b::slot" })[name] ?? name);
  const merged = halves(named("splitbrain::protocols::a::go", "splitbrain::protocols::b::late"), lines);
  assert.equal(merged.program.go(5), 5 + 2 + 42);
  assert.equal(merged.fetched, 0);
  const apart = halves(named("splitbrain::ui::go", "splitbrain::protocols::b::late"), lines);
  assert.equal(apart.program.go(5), 5 + 2 + 42);
  assert.equal(apart.fetched, 1);
});

test("the longest rule decides, and a line that is none is told", () => {
  const ruled = rules("first a::\nrest a::b::\nfirst splitbrain::ui\n");
  assert.equal(ruled("a::c").part, "first");
  assert.equal(ruled("a::b::c").part, "rest");
  assert.equal(ruled("d"), undefined);
  assert.equal(ruled("<splitbrain::ui::Page>::show").sure, true);
  assert.equal(ruled("std::drop<splitbrain::ui::Page>").sure, false);
  assert.throws(() => rules("later a::"), /is no rule/);
});

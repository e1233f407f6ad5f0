// The splitter (build/split.mjs) on a program of a few lines, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import binaryen from "binaryen";

import { demangled } from "../../build/demangle.mjs";
import { late, written } from "../../build/late.mjs";
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

/** The program in its parts, the first one at work; `fetched` tells which others were asked for. */
function started({ names = NAMES, lines = RULES, links, program = PROGRAM, late } = {}) {
  const module = binaryen.parseText(program);
  const bytes = module.emitBinary();
  module.dispose();
  const { first, parts } = split(binaryen, bytes, names, rules(lines), links, late);
  const state = { fetched: [], logged: [], has: {}, parts };
  const glue = { log: (number) => state.logged.push(number) };
  const join = (number) => {
    const imports = { glue, first: state.program, rest: state.has.rest };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(parts[number].bytes), imports);
    state.has[parts[number].name] = exports;
    state.program[`h${number}`].value = 1;
  };
  const splitbrainFetchPart = (number) => {
    state.fetched.push(parts[number].name);
    if (number > 0 && !state.has.rest) join(0);
    join(number);
  };
  state.program = new WebAssembly.Instance(new WebAssembly.Module(first), { glue: { ...glue, splitbrainFetchPart } }).exports;
  return Object.assign(state, { join, first });
}

const textOf = (bytes) => binaryen.readBinary(bytes).emitText();

test("what is not there is fetched when it is called, once, and does what it did", () => {
  const state = started();
  assert.deepEqual(state.fetched, []);
  assert.equal(state.program.go(5), 5 + 2 + 42);
  assert.equal(state.program.through(1), 3);
  assert.equal(state.program.go(6), 6 + 2 + 42);
  assert.deepEqual([state.fetched, state.logged, state.program.calls()], [["rest"], [5, 6], 24]);
});

test("what was joined before is not fetched", () => {
  const state = started();
  state.join(0);
  assert.deepEqual([state.program.through(1), state.program.through(0), state.program.go(0)], [3, 2, 44]);
  assert.deepEqual(state.fetched, []);
});

test("a call through the table finds the rest, too", () => {
  const state = started();
  assert.equal(state.program.through(0), 2);
  assert.deepEqual(state.fetched, []);
  assert.equal(state.program.through(1), 3);
  assert.deepEqual(state.fetched, ["rest"]);
});

test("what only the rest needs is not in the first part", () => {
  const text = textOf(started().first);
  assert.ok(!text.includes("i32.mul"));
  assert.ok(!text.includes("i32.const 10)"));
});

// What the linker tells: $late uses the number at 8, $by-slot knows both slots.
const uses = (data, slots) => ({ data: new Set(data), slots: new Set(slots) });
const links = (names = NAMES, knows = "one::by_slot") => ({
  functions: new Map(names.map((name) => [name, uses(name === "two::late" ? [0] : [], name === knows ? [0, 1] : [])])),
  data: [{ begin: 8, end: 12, isConstant: true, ...uses([], []) }],
});

test("a constant comes with the part that uses it", () => {
  const state = started({ links: links() });
  const memory = () => new DataView(state.program.memory.buffer).getUint32(8, true);
  assert.equal(memory(), 0);
  assert.equal(state.program.go(5), 5 + 2 + 42);
  assert.equal(memory(), 42);
  const changing = links();
  changing.data[0].isConstant = false;
  assert.equal(new DataView(started({ links: changing }).program.memory.buffer).getUint32(8, true), 42);
});

test("where nobody can call through the table before a part is there, the slot stays empty", () => {
  const state = started({ links: links(NAMES, "two::late") });
  assert.throws(() => state.program.through(1), WebAssembly.RuntimeError);
  assert.deepEqual(state.fetched, []);
  state.join(0);
  assert.equal(state.program.through(1), 3);
  const known = started({ links: links() });
  assert.deepEqual([known.program.through(1), known.fetched], [3, ["rest"]]);
});

// Two labs and the page, which calls these through the table; $shared is called by whoever mentions it.
const LABS = `(module
  (import "glue" "log" (func $log (param i32)))
  (memory $0 1)
  (table $0 3 3 funcref)
  (elem (i32.const 0) $a $b $other)
  (type $number (func (param i32) (result i32)))
  (func $a (param i32) (result i32) (call $of-a (i32.add (local.get 0) (i32.load (i32.const 32)))))
  (func $b (param i32) (result i32) (call $log (i32.load (i32.const 32))) (i32.mul (call $shared (local.get 0)) (i32.const 5)))
  (func $other (param i32) (result i32) (call $log (i32.load (i32.const 32))) (i32.sub (call $of-a (local.get 0)) (i32.const 9)))
  (func $of-a (param i32) (result i32) (call $log (local.get 0)) (i32.mul (call $shared (local.get 0)) (i32.const 3)))
  (func $shared (param i32) (result i32) (call $log (i32.const 7)) (call $log (i32.const 8)) (i32.add (local.get 0) (i32.const 1)))
  (func $page (param i32) (result i32) (call_indirect (type $number) (i32.const 20) (local.get 0)))
  (export "memory" (memory $0)) (export "page" (func $page)))`;
const lab = (lab, name) => `<splitbrain::protocols::${lab}::Lab as Plugin>::${name}`;
const LAB_NAMES = ["log", lab("a", "run"), lab("b", "run"), "splitbrain::ui::other", lab("a", "deep"), lab("a", "shared"), "splitbrain::ui::page"];
const LAB_RULES = "rest splitbrain::protocols::\nrest splitbrain::ui::\n";
/** The page knows a piece of data for each lab, in which its functions are. */
const labLinks = () => ({
  functions: new Map(LAB_NAMES.map((name) => [name, uses(name.endsWith("page") ? [0, 1] : [], [])])),
  data: [
    { begin: 8, end: 12, isConstant: true, ...uses([], [0]) },
    { begin: 12, end: 16, isConstant: true, ...uses([], [1]) },
  ],
});
const labs = (program = LABS.replace("i32.const 20", "local.get 0"), names = LAB_NAMES) =>
  started({ program, names, lines: LAB_RULES, links: labLinks() });

test("each lab is fetched when it is called, and no other", () => {
  const without = LABS.replace("i32.const 20", "local.get 0").replace("(i32.sub (call $of-a (local.get 0))", "(i32.sub (local.get 0)");
  const state = labs(without);
  assert.deepEqual(state.parts.map(({ name }) => name), ["rest", "a", "b"]);
  assert.equal(state.program.page(1), 10);
  assert.deepEqual(state.fetched, ["rest", "b"]);
  assert.equal(state.program.page(0), 3);
  assert.deepEqual(state.fetched, ["rest", "b", "a"]);
  assert.equal(state.program.page(1), 10);
});

test("a part takes from no other lab's: what two of them use is the rest's, whatever the linker named it by", () => {
  for (const { name, bytes } of labs().parts) {
    const from = new Set(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ module }) => module));
    assert.ok([...from].every((module) => ["glue", "first", ...(name === "rest" ? [] : ["rest"])].includes(module)), name);
  }
  // $shared has the name of lab a, and lab b uses it; $other calls $of-a.
  const state = labs();
  assert.equal(state.program.page(1), 10);
  assert.deepEqual(state.fetched, ["rest", "b"]);
  assert.equal(state.program.page(2), 3 * 3 - 9);
  assert.deepEqual(state.fetched, ["rest", "b"]);
});

test("what is not called early goes out of the first two parts, and comes when it is called", () => {
  for (const part of ["rest", "later"]) {
    const state = started({ late: (name) => (name === "two::late" ? part : undefined) });
    assert.deepEqual(state.parts.map(({ name }) => name), ["rest", ...(part === "later" ? [part] : [])]);
    assert.equal(state.program.go(5), 5 + 2 + 42);
    assert.deepEqual(state.fetched, [part]);
  }
  // Nobody says that it is of the rest: it is in the first part, but for what was seen.
  const lines = "first one::\nfirst two::\n";
  assert.deepEqual(started({ lines }).parts.map(({ name, bytes }) => [name, textOf(bytes).includes("i32.mul")]), [["rest", false]]);
  const seen = started({ lines, late: (name) => (name === "two::slot" ? "rest" : undefined) });
  assert.ok(textOf(seen.parts[0].bytes).includes("i32.mul"));
});

test("a stub in the table does not come behind the function that it stands for", () => {
  const links = labLinks();
  links.data.forEach((piece) => (piece.isConstant = false));
  // Only lab a knows the slot of $other, which is of another part.
  links.functions.get(lab("a", "run")).slots.add(2);
  const late = (name) => (name === "splitbrain::ui::other" ? "later" : undefined);
  const state = started({ program: LABS.replace("i32.const 20", "local.get 0"), names: LAB_NAMES, lines: LAB_RULES, links, late });
  const number = (part) => state.parts.findIndex(({ name }) => name === part);
  ["rest", "later", "a"].forEach((part) => state.join(number(part)));
  assert.equal(state.program.page(2), 3 * 3 - 9);
  assert.deepEqual(state.fetched, []);
});

test("a short function that would need a stub goes to where all its users find it", () => {
  const program = LABS.replace("i32.const 20", "local.get 0")
    .replace("(call $log (i32.const 7)) (call $log (i32.const 8))", "")
    .replace("(i32.mul (call $shared (local.get 0)) (i32.const 5))", "(local.get 0)")
    .replace("(i32.sub (call $of-a (local.get 0))", "(i32.sub (call $shared (local.get 0))")
    .replace("(func $page (param i32) (result i32)", "(func $page (param i32) (result i32) (call $log (i32.load (i32.const 8)))");
  // $other, which comes late, uses it as lab a does.
  const names = LAB_NAMES.map((name) => (name === lab("a", "shared") ? "std::short" : name));
  const late = (name) => (name === "splitbrain::ui::other" || name === "std::short" ? "later" : undefined);
  const links = { ...labLinks(), functions: new Map([...labLinks().functions, ["std::short", uses([], [])]]) };
  const state = started({ program, names, lines: LAB_RULES, links, late });
  assert.equal(state.program.page(2), 2 + 1 - 9);
  assert.ok(!state.fetched.includes("a"), state.fetched.join());
});

test("the list of what is called late is read as it was written", () => {
  const text = written(["a", "b", "c", "new"], new Set(["a", "new"]), new Set(["a", "b", "new"]));
  const asked = late(`# words\n${text}`);
  assert.deepEqual(["a", "b", "c", "new", "newer"].map(asked), [undefined, "rest", "later", undefined, undefined]);
});

test("the longest rule decides, and a line that is none is told", () => {
  const ruled = rules("first a::\nrest a::b::\nfirst splitbrain::ui\n");
  assert.equal(ruled("a::c").part, "first");
  assert.equal(ruled("a::b::c").part, "rest");
  assert.equal(ruled("d"), undefined);
  assert.equal(ruled("<splitbrain::ui::Page>::show").sure, true);
  assert.equal(ruled("std::drop<splitbrain::ui::Page>").sure, false);
  assert.throws(() => rules("never a::"), /is no rule/);
  assert.equal(rules("search a::")("a::b").part, "search");
});

test("the linker's names are read as wasm-bindgen writes them", () => {
  const names = {
    main: "main",
    _RNvMs4_NtCs5cOc02OMXlo_5alloc7raw_vecNtB5_11RawVecInner11finish_growB7_: "<alloc[3ca501edff3f0c7c]::raw_vec::RawVecInner>::finish_grow",
    _RNCNvMNtNtNtCsb5FZjXHJErE_10splitbrain2ui6player3jobNtB6_6Player11work_scripts_0Ba_:
      "<splitbrain[8130bb4978a0557c]::ui::player::Player>::work_script::{closure#1}",
    _RNvXs2_NtNtCsgXGp5Oqx2Ny_4core5array4iterINtB5_8IntoIterbKj2_ENtNtNtNtB9_4iter6traits8iterator8Iterator4nextCsb5FZjXHJErE_10splitbrain:
      "<core[c5930c85a12de822]::array::iter::IntoIter<bool, 2usize> as core[c5930c85a12de822]::iter::traits::iterator::Iterator>::next",
    _RNvXst_NtCs5cOc02OMXlo_5alloc5boxedINtB5_3BoxDINtNtNtCsgXGp5Oqx2Ny_4core3ops8function6FnOnceTdEEp6OutputuEL_EIBJ_B1s_E9call_onceCsb5FZjXHJErE_10splitbrain:
      "<alloc[3ca501edff3f0c7c]::boxed::Box<dyn core[c5930c85a12de822]::ops::function::FnOnce<(f64,), Output = ()>> as core[c5930c85a12de822]::ops::function::FnOnce<(f64,)>>::call_once",
  };
  for (const [name, written] of Object.entries(names)) assert.equal(demangled(name), written);
  assert.throws(() => demangled("_RZ1"), /no name of rustc/);
});

test("a function of ours that the linker does not know is told", () => {
  const ours = ["log", ...LAB_NAMES.slice(1)];
  const unknown = labLinks();
  unknown.functions.delete("splitbrain::ui::page");
  assert.throws(() => started({ program: LABS, names: ours, lines: LAB_RULES, links: unknown }), /does not know splitbrain::ui::page/);
});

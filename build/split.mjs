// Cuts the program in two: what a first screen needs, and the rest, which the page fetches behind it.
//
// Which functions are the rest is decided by their names (build/parts.txt), and by who calls them. In the first
// file a stub stands for each of these that somebody may call: it sees to it that the rest is there
// (static/rest.js) and calls on, through a slot of a table. The rest is a Wasm file of its own that uses the
// memory, the tables and the functions of the first, and puts its functions into those slots.

import { withoutData } from "./wasm.mjs";

/** Where the glue of the program looks for what the rest takes from the first file. */
const FIRST = "first";
/** The function, which the glue has, that fetches the rest at once. */
const FETCH = "splitbrainFetchRest";
/** Whether the rest is there. */
const HERE = "splitbrainRestHere";
const ENSURE = "splitbrain ensure";
const SLOTS = "splitbrainSlots";
/** A function of so few lines, as text, is hardly longer than a stub. */
const SHORT = 40;

/** Whether a function is one of ours, and not the standard library's, say, made for a type of ours. */
const isOurs = (name) => /^[<&(]*(dyn )?splitbrain/.test(name);

/**
 * Reads build/parts.txt: lines `first TEXT` and `rest TEXT`; returns what tells the rule for a name, or nothing. A rule
 * is about a function itself, or only about a type of ours for which the standard library, say, made one.
 */
export function rules(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const all = lines.map((line) => {
    const [, part, found] = /^(first|rest) +(\S.*)$/.exec(line) ?? [];
    if (!part) throw new Error(`build/parts.txt: “${line}” is no rule`);
    return { part, found };
  });
  all.sort((a, b) => b.found.length - a.found.length);
  return (name) => {
    const rule = all.find(({ found }) => name.includes(found));
    return rule && { part: rule.part, sure: isOurs(name) || !rule.found.startsWith("splitbrain") };
  };
}

const all = (pattern, text) => new Set([...text.matchAll(pattern)].map(([, name]) => name));

/** What each function uses: functions and globals, by their names in binaryen. */
function uses(module) {
  const texts = module.emitText().split(/\n \((?=func )/).slice(1);
  const used = new Map();
  for (const text of texts) {
    const [, name] = /^func \$([^\s()]+)/.exec(text);
    used.set(name, {
      functions: all(/\((?:return_call|call|ref\.func) \$([^\s()]+)/g, text),
      globals: all(/\(global\.[gs]et \$([^\s()]+)/g, text),
      lines: text.split("\n").length,
    });
  }
  return used;
}

/** The program, as both halves are made of it. */
class Program {
  constructor(binaryen, bytes) {
    this.binaryen = binaryen;
    this.bytes = bytes;
    const module = this.read();
    const count = module.getNumFunctions();
    const refs = Array.from({ length: count }, (_, at) => module.getFunctionByIndex(at));
    this.functions = new Map(refs.map((ref) => [binaryen.getFunctionInfo(ref).name, binaryen.getFunctionInfo(ref)]));
    this.order = [...this.functions.keys()];
    this.uses = uses(module);
    this.tables = Array.from(
      { length: module.getNumTables() },
      (_, at) => binaryen.getTableInfo(module.getTableByIndex(at)).name,
    );
    this.slots = this.readSlots(module);
    this.exported = this.exports(module)
      .filter(({ kind }) => kind === binaryen.ExternalFunction)
      .map(({ value }) => value);
    module.dispose();
  }

  read() {
    const module = this.binaryen.readBinary(this.bytes);
    const { Features } = this.binaryen;
    const wanted = ["BulkMemory", "BulkMemoryOpt", "Multivalue", "MutableGlobals", "NontrappingFPToInt", "ReferenceTypes", "SignExt"];
    module.setFeatures(wanted.reduce((sum, name) => sum | Features[name], 0));
    return module;
  }

  exports(module) {
    const count = module.getNumExports();
    return Array.from({ length: count }, (_, at) => this.binaryen.getExportInfo(module.getExportByIndex(at)));
  }

  /** The slots of the table of functions, as function and number, and its name. */
  readSlots(module) {
    const { binaryen } = this;
    const slots = new Map();
    for (let at = 0; at < module.getNumElementSegments(); at++) {
      const segment = binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(at));
      const begin = binaryen.getExpressionInfo(segment.offset).value;
      this.table = segment.table;
      segment.data.forEach((name, offset) => slots.set(name, begin + offset));
    }
    return slots;
  }
}

/** The lab that a function is of, or was made for. */
const labOf = (name) => /\bprotocols::(\w+)::/.exec(name)?.[1];

/**
 * The functions of a lab that another lab calls. The linker gives functions with the same code one name, and only
 * this tells that such a one is of another lab, too.
 */
function ofSeveral(program, names) {
  const labs = new Map(program.order.map((name, at) => [name, labOf(names[at] ?? "")]));
  const called = program.order.flatMap((name) => {
    const lab = labs.get(name);
    return [...(program.uses.get(name)?.functions ?? [])].filter((other) => lab && labs.get(other) && labs.get(other) !== lab);
  });
  return new Set(called);
}

/** The functions of the rest. */
function choose(program, names, ruled) {
  const parts = new Map();
  const shared = ofSeveral(program, names);
  // Who calls these is not known.
  const roots = new Set([...program.exported, ...program.slots.keys()]);
  program.order.forEach((name, at) => {
    const isImport = program.functions.get(name).base !== "";
    const rule = ruled((names[at] ?? "").replace(/\[[0-9a-f]+\]/g, ""));
    // The linker gives functions with the same code one name, so that a type in it may be any.
    if (isImport) parts.set(name, "first");
    else if (rule?.sure && !shared.has(name)) parts.set(name, rule.part);
    else if (roots.has(name) && rule?.part !== "rest") parts.set(name, "first");
  });
  // What is not told belongs to the first part where something of it calls it.
  const reached = program.order.filter((name) => parts.get(name) === "first");
  for (const name of reached) {
    for (const called of program.uses.get(name)?.functions ?? []) {
      if (parts.has(called)) continue;
      parts.set(called, "first");
      reached.push(called);
    }
  }
  // A short function that would need a stub and needs nothing of the rest.
  const isSmall = (name) => {
    const { functions, lines } = program.uses.get(name);
    return lines <= SHORT && [...functions].every((called) => parts.get(called) === "first");
  };
  roots.forEach((name) => !parts.has(name) && isSmall(name) && parts.set(name, "first"));
  return new Set(program.order.filter((name) => parts.get(name) !== "first"));
}

/** How both halves know each other: the numbers of slots and the names of exports. */
function seam(program, rest) {
  const called = (from) => new Set(program.order.filter(from).flatMap((name) => [...(program.uses.get(name)?.functions ?? [])]));
  const inRest = (name) => rest.has(name);
  const fromFirst = called((name) => !inRest(name));
  const fromRest = called(inRest);
  const stubs = program.order.filter(
    (name) => rest.has(name) && (program.slots.has(name) || program.exported.includes(name) || fromFirst.has(name)),
  );
  const fresh = stubs.filter((name) => !program.slots.has(name));
  const shared = program.order.filter((name) => fromRest.has(name) && !rest.has(name) && program.functions.get(name).base === "");
  const globals = new Set([...rest].flatMap((name) => [...program.uses.get(name).globals]));
  return {
    rest,
    stubs,
    slots: new Map(fresh.map((name, at) => [name, at])),
    shared: new Map(shared.map((name, at) => [name, `f${at.toString(36)}`])),
    globals: new Map([...globals].map((name, at) => [name, `g${at}`])),
    kept: (name) => rest.has(name) || fromRest.has(name),
  };
}

/** The first half: stubs in the place of what is in the rest. */
function first(program, { stubs, slots, rest, shared, globals }) {
  const { binaryen } = program;
  const module = program.read();
  const { none, i32 } = binaryen;
  module.addFunctionImport(FETCH, program.functions.get(program.order[0]).module, FETCH, none, none);
  module.addGlobal(HERE, i32, true, module.i32.const(0));
  const here = module.global.get(HERE, i32);
  const ensure = module.if(module.i32.eqz(here), module.call(FETCH, [], none));
  module.addFunction(ENSURE, none, none, [], ensure);
  module.addTable(SLOTS, slots.size, slots.size);
  for (const name of rest) module.removeFunction(name);
  for (const name of stubs) {
    const { params, results } = program.functions.get(name);
    const given = binaryen.expandType(params).map((type, at) => module.local.get(at, type));
    const own = program.slots.has(name);
    const slot = module.i32.const(own ? program.slots.get(name) : slots.get(name));
    const on = module.call_indirect(own ? program.table : SLOTS, slot, given, params, results);
    module.addFunction(name, params, results, [], module.block(null, [module.call(ENSURE, [], none), on], results));
  }
  module.addGlobalExport(HERE, HERE);
  module.addTableExport(SLOTS, SLOTS);
  program.tables.forEach((name, at) => module.addTableExport(name, `t${at}`));
  for (const [name, short] of shared) module.addFunctionExport(name, short);
  for (const [name, short] of globals) module.addGlobalExport(name, short);
  return finish(module);
}

/** The other half. */
function second(program, { stubs, slots, rest, shared, globals, kept }) {
  const { binaryen } = program;
  const module = program.read();
  for (const { name } of program.exports(module)) module.removeExport(name);
  const segments = Array.from({ length: module.getNumElementSegments() }, (_, at) => module.getElementSegmentByIndex(at));
  segments.map((ref) => binaryen.getElementSegmentInfo(ref).name).forEach((name) => module.removeElementSegment(name));
  for (const name of program.order) {
    if (rest.has(name)) continue;
    const { params, results, base } = program.functions.get(name);
    if (base !== "" && kept(name)) continue;
    module.removeFunction(name);
    if (shared.has(name)) module.addFunctionImport(name, FIRST, shared.get(name), params, results);
  }
  for (const [name, short] of globals) {
    const { type, mutable } = binaryen.getGlobalInfo(module.getGlobal(name));
    module.removeGlobal(name);
    module.addGlobalImport(name, FIRST, short, type, mutable);
  }
  module.addMemoryImport("0", FIRST, "memory");
  program.tables.forEach((name, at) => module.addTableImport(name, FIRST, `t${at}`));
  module.addTable(SLOTS, slots.size, slots.size);
  module.addTableImport(SLOTS, FIRST, SLOTS);
  fill(module, SLOTS, [...slots]);
  fill(module, program.table, stubs.filter((name) => program.slots.has(name)).map((name) => [name, program.slots.get(name)]));
  return withoutData(finish(module));
}

/** Puts functions into slots; those that stand side by side at once. */
function fill(module, table, entries) {
  entries.sort(([, a], [, b]) => a - b);
  const runs = [];
  for (const [name, slot] of entries) {
    const run = runs.at(-1);
    if (run && run.at + run.names.length === slot) run.names.push(name);
    else runs.push({ at: slot, names: [name] });
  }
  for (const { at, names } of runs) {
    module.addActiveElementSegment(table, `${table} ${at}`, names, module.i32.const(at));
  }
}

function finish(module) {
  module.runPasses(["remove-unused-module-elements"]);
  if (!module.validate()) throw new Error("one half of the program is not valid");
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/**
 * Cuts the program; `names` are those of its functions, by number, and `ruled` is what `rules` returned.
 * Returns both halves.
 */
export function split(binaryen, bytes, names, ruled) {
  const program = new Program(binaryen, bytes);
  const cut = seam(program, choose(program, names, ruled));
  return { first: first(program, cut), rest: second(program, cut) };
}

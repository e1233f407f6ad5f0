// Cuts the program into parts: what a first screen needs, the rest, which the page fetches behind it, and a part for
// each lab, which is fetched when the lab is opened.
//
// Which functions are where is decided by their names (build/parts.txt), and by who uses them (build/places.mjs).
// Where somebody may call a function whose part is not there yet, a stub stands for it: it sees to it that the part
// comes (static/rest.js) and calls on, through a slot of a table. Every part but the first is a Wasm file of its own that
// uses the memory, the tables and the functions of those that are there before it, and puts its functions into those
// slots, and its constants into the memory.

import { FIRST, REST, isWithin, places } from "./places.mjs";
import { dataSegments } from "./linked.mjs";
import { features } from "./optimise.mjs";
import { withData } from "./wasm.mjs";

export { rules } from "./places.mjs";

/** The function, which the glue has, that fetches a part at once, by its number. */
const FETCH = "splitbrainFetchPart";
const SLOTS = "splitbrainSlots";
/** So many bytes of data between two others cost less than a segment more. */
const GAP = 8;

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

/** The program, as all parts are made of it. */
class Program {
  constructor(binaryen, bytes) {
    this.binaryen = binaryen;
    this.bytes = bytes;
    this.segments = dataSegments(bytes);
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
    this.bySlot = this.readSlots(module);
    this.slots = new Map([...this.bySlot].map(([slot, name]) => [name, slot]));
    this.exported = this.exports(module)
      .filter(({ kind }) => kind === binaryen.ExternalFunction)
      .map(({ value }) => value);
    module.dispose();
  }

  isImport(name) {
    return this.functions.get(name).base !== "";
  }

  read() {
    const module = this.binaryen.readBinary(this.bytes);
    module.setFeatures(features(this.binaryen));
    return module;
  }

  exports(module) {
    const count = module.getNumExports();
    return Array.from({ length: count }, (_, at) => this.binaryen.getExportInfo(module.getExportByIndex(at)));
  }

  /** The functions in the slots of the table of functions; and its name is kept. */
  readSlots(module) {
    const { binaryen } = this;
    const slots = new Map();
    for (let at = 0; at < module.getNumElementSegments(); at++) {
      const segment = binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(at));
      const begin = binaryen.getExpressionInfo(segment.offset).value;
      this.table = segment.table;
      segment.data.forEach((name, offset) => slots.set(begin + offset, name));
    }
    return slots;
  }
}

/** How the parts know each other: who has what, the numbers of slots and the names of exports. */
class Seam {
  constructor(program, where) {
    this.program = program;
    this.where = where;
    this.part = new Map(program.order.map((name) => [name, where.part(name)]));
    const stubs = program.order.map((name) => [name, where.stub(name)]).filter(([, home]) => home !== undefined);
    /** The part that has a stub for a function. */
    this.stubs = new Map(stubs);
    const others = new Set([...this.part.values(), ...where.data.map(({ part }) => part)]);
    [FIRST, REST].forEach((part) => others.delete(part));
    /** All parts but the first, in the order of their numbers. */
    this.parts = [REST, ...[...others].sort()];
    const fresh = stubs.filter(([name]) => !program.slots.has(name));
    /** The slots of those that have none in the table of functions. */
    this.fresh = new Map(fresh.map(([name], at) => [name, at]));
    this.short = new Map(program.order.map((name, at) => [name, `f${at.toString(36)}`]));
    const globals = new Set(program.order.filter((name) => this.part.get(name) !== FIRST).flatMap((name) => this.globalsOf(name)));
    this.globals = new Map([...globals].map((name, at) => [name, `g${at}`]));
    /** What each part has that another part uses. */
    this.given = new Map([FIRST, ...this.parts].map((part) => [part, new Set()]));
    for (const part of this.parts) this.taken(part).forEach((name) => this.given.get(this.giver(name, part)).add(name));
  }

  globalsOf(name) {
    return [...(this.program.uses.get(name)?.globals ?? [])];
  }

  /** The part from which another one has a function: its own one, or that with a stub. */
  giver(name, part) {
    const own = this.part.get(name);
    return isWithin(own, part) ? own : this.stubs.get(name);
  }

  /** The functions of a part. */
  own(part) {
    return this.program.order.filter((name) => this.part.get(name) === part);
  }

  /** The functions that a part uses and does not have. Those of the glue come from there. */
  taken(part) {
    const used = new Set(this.own(part).flatMap((name) => [...(this.program.uses.get(name)?.functions ?? [])]));
    return [...used].filter((name) => !this.program.isImport(name) && this.giver(name, part) !== part);
  }

  /** What a part puts into the table of functions. */
  entries(part) {
    const { bySlot } = this.program;
    return [...bySlot].filter(([, name]) => {
      const isStub = this.stubs.get(name) === part && this.where.called(name);
      return this.part.get(name) === part || isStub;
    });
  }
}

const hereOf = (part) => `splitbrain ${part} is here`;
const ensureOf = (part) => `splitbrain ensure ${part}`;

/** Puts the stubs of a part into its module. */
function addStubs(module, seam, part) {
  const { program } = seam;
  const { binaryen } = program;
  for (const [name, home] of seam.stubs) {
    if (home !== part) continue;
    const { params, results } = program.functions.get(name);
    const given = binaryen.expandType(params).map((type, at) => module.local.get(at, type));
    const own = program.slots.has(name);
    const slot = module.i32.const(own ? program.slots.get(name) : seam.fresh.get(name));
    const on = module.call_indirect(own ? program.table : SLOTS, slot, given, params, results);
    const ensure = module.call(ensureOf(seam.part.get(name)), [], binaryen.none);
    module.addFunction(name, params, results, [], module.block(null, [ensure, on], results));
  }
}

/** Fills the tables with what a part has. */
function addEntries(module, seam, part) {
  const { program } = seam;
  fill(module, program.table, seam.entries(part));
  fill(module, SLOTS, [...seam.fresh].filter(([name]) => seam.part.get(name) === part).map(([name, slot]) => [slot, name]));
}

/** Puts functions into slots; those that stand side by side at once. */
function fill(module, table, entries) {
  entries.sort(([a], [b]) => a - b);
  const runs = [];
  for (const [slot, name] of entries) {
    const run = runs.at(-1);
    if (run && run.at + run.names.length === slot) run.names.push(name);
    else runs.push({ at: slot, names: [name] });
  }
  for (const { at, names } of runs) {
    module.addActiveElementSegment(table, `${table} ${at}`, names, module.i32.const(at));
  }
}

function removeEntries(program, module) {
  const segments = Array.from({ length: module.getNumElementSegments() }, (_, at) => module.getElementSegmentByIndex(at));
  segments.map((ref) => program.binaryen.getElementSegmentInfo(ref).name).forEach((name) => module.removeElementSegment(name));
}

/** The first part: with what fetches the others. */
function first(seam) {
  const { program } = seam;
  const { none, i32 } = program.binaryen;
  const module = program.read();
  removeEntries(program, module);
  module.addFunctionImport(FETCH, program.functions.get(program.order[0]).module, FETCH, i32, none);
  seam.parts.forEach((part, number) => {
    module.addGlobal(hereOf(part), i32, true, module.i32.const(0));
    module.addGlobalExport(hereOf(part), `h${number}`);
    const fetch = module.call(FETCH, [module.i32.const(number)], none);
    module.addFunction(ensureOf(part), none, none, [], module.if(module.i32.eqz(module.global.get(hereOf(part), i32)), fetch));
    module.addFunctionExport(ensureOf(part), `e${number}`);
  });
  module.addTable(SLOTS, seam.fresh.size, seam.fresh.size);
  program.order.filter((name) => seam.part.get(name) !== FIRST).forEach((name) => module.removeFunction(name));
  addStubs(module, seam, FIRST);
  addEntries(module, seam, FIRST);
  module.addTableExport(SLOTS, SLOTS);
  program.tables.forEach((name, at) => module.addTableExport(name, `t${at}`));
  for (const name of seam.given.get(FIRST)) module.addFunctionExport(name, seam.short.get(name));
  for (const [name, short] of seam.globals) module.addGlobalExport(name, short);
  return finish(module, dataOf(seam, FIRST));
}

/** Another part. */
function later(seam, part) {
  const { program } = seam;
  const { none } = program.binaryen;
  const module = program.read();
  for (const { name } of program.exports(module)) module.removeExport(name);
  removeEntries(program, module);
  const taken = new Set(seam.taken(part));
  for (const name of program.order) {
    if (program.isImport(name) || seam.part.get(name) === part) continue;
    const { params, results } = program.functions.get(name);
    module.removeFunction(name);
    if (taken.has(name)) module.addFunctionImport(name, seam.giver(name, part), seam.short.get(name), params, results);
  }
  for (const [name, short] of seam.globals) {
    const { type, mutable } = program.binaryen.getGlobalInfo(module.getGlobal(name));
    module.removeGlobal(name);
    module.addGlobalImport(name, FIRST, short, type, mutable);
  }
  seam.parts.forEach((other, number) => module.addFunctionImport(ensureOf(other), FIRST, `e${number}`, none, none));
  module.addMemoryImport("0", FIRST, "memory");
  program.tables.forEach((name, at) => module.addTableImport(name, FIRST, `t${at}`));
  module.addTable(SLOTS, seam.fresh.size, seam.fresh.size);
  module.addTableImport(SLOTS, FIRST, SLOTS);
  addStubs(module, seam, part);
  addEntries(module, seam, part);
  for (const name of seam.given.get(part)) module.addFunctionExport(name, seam.short.get(name));
  return finish(module, dataOf(seam, part));
}

/**
 * The data of a part, as runs of bytes with an address. Those of the first are all that no other part has; what changes is
 * always there, so that what lies between two pieces of another part may be written again.
 */
function dataOf({ program, where }, part) {
  const pieces = where.data.filter((piece) => (part === FIRST ? piece.part !== FIRST : piece.part === part));
  const wanted = part === FIRST ? without(program.segments, pieces) : pieces;
  const changing = where.data.filter(({ isConstant }) => !isConstant);
  const runs = [];
  for (const { begin, end } of wanted) {
    const last = runs.at(-1);
    if (last && begin - last.end < GAP && !isAnyWithin(changing, last.end, begin)) last.end = end;
    else runs.push({ begin, end });
  }
  return runs.map(({ begin, end }) => ({ address: begin, bytes: bytesAt(program, begin, end) }));
}

/** Whether any of these pieces has bytes between two addresses. */
const isAnyWithin = (pieces, from, to) => pieces.some(({ begin, end }) => end > from && begin < to);

/** What is left of the segments without these pieces, which are in order. */
function without(segments, pieces) {
  return segments.flatMap(({ address, length }) => {
    const left = [];
    let from = address;
    for (const { begin, end } of pieces) {
      if (begin < address || begin >= address + length) continue;
      if (begin > from) left.push({ begin: from, end: begin });
      from = end;
    }
    if (from < address + length) left.push({ begin: from, end: address + length });
    return left;
  });
}

/** The bytes at these addresses; between two segments there are none but zeros. */
function bytesAt(program, begin, end) {
  const found = new Uint8Array(end - begin);
  for (const { address, file, length } of program.segments) {
    const [from, to] = [Math.max(begin, address), Math.min(end, address + length)];
    if (from < to) found.set(program.bytes.subarray(file + from - address, file + to - address), from - begin);
  }
  return found;
}

function finish(module, data) {
  module.runPasses(["remove-unused-module-elements"]);
  if (data.length > 0 && !module.hasMemory()) throw new Error("a part has data, and no function that uses the memory: it would not load");
  if (!module.validate()) throw new Error("a part of the program is not valid");
  const bytes = module.emitBinary();
  module.dispose();
  return withData(bytes, data);
}

/**
 * Cuts the program; `names` are those of its functions, by number, `ruled` is what `rules` returned, and `links` what
 * `references` of build/linked.mjs did, and `late` what build/late.mjs reads. Returns the first part, and the others with their names, in the order of their
 * numbers; the first of these is the rest.
 */
export function split(binaryen, bytes, names, ruled, links, late) {
  const program = new Program(binaryen, bytes);
  const seam = new Seam(program, places(program, names, ruled, links, late));
  return { first: first(seam), parts: seam.parts.map((part) => ({ name: part, bytes: later(seam, part) })), seam };
}

// What the linker knows of the program and nobody after it: which function uses which constants, which constants point
// at which others, and who takes the address of a function. The linker is told to leave that (build.rs).

import { demangled } from "./demangle.mjs";
import { CODE, DATA, ELEMENT, Reader, customSection, functionNames, importedFunctions, sections } from "./wasm.mjs";

const SEGMENT_INFO = 5;
const SYMBOL_TABLE = 8;
const FUNCTION_SYMBOL = 0;
const DATA_SYMBOL = 1;
const SECTION_SYMBOL = 3;
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;

// The kinds of what the linker puts in: the address of a datum, the place of a function in the table.
const ADDRESSES = new Set([3, 4, 5, 11, 14, 15, 16, 17, 21, 23]);
const PLACES = new Set([1, 2, 12, 18, 19]);
/** These have a number to be added, as all addresses have. */
const OFFSETS = new Set([8, 9, 22]);

/** The segments of data: where in the memory and where in the file each is. */
export function dataSegments(bytes) {
  const section = sections(bytes).find(({ id }) => id === DATA);
  if (!section) return [];
  const reader = new Reader(bytes, section.inner);
  return Array.from({ length: reader.number() }, () => {
    if (reader.number() !== 0 || bytes[reader.at++] !== 0x41) throw new Error("a segment of data that has no fixed place");
    const address = reader.signed();
    reader.at += 1;
    const length = reader.number();
    const file = reader.at;
    reader.at += length;
    return { address, file, length };
  });
}

/** The symbols, by their number: of a function its number, of a datum its segment, its offset there and its size. */
function symbolsOf(reader) {
  return Array.from({ length: reader.number() }, () => {
    const kind = bytes(reader);
    const flags = reader.number();
    const isDefined = (flags & UNDEFINED) === 0;
    if (kind === DATA_SYMBOL) {
      reader.name();
      if (!isDefined) return { kind };
      return { kind, segment: reader.number(), offset: reader.number(), size: reader.number() };
    }
    const index = reader.number();
    if (kind !== SECTION_SYMBOL && (isDefined || flags & EXPLICIT_NAME)) reader.name();
    return { kind, index };
  });
}

const bytes = (reader) => reader.bytes[reader.at++];

/** The parts of the section “linking” that are of use: the symbols, and the names of the segments. */
function linking(file) {
  const section = customSection(file, "linking");
  if (!section) throw new Error("the linker left no relocations: build.rs asks it to");
  const reader = new Reader(file, section.inner);
  reader.number();
  const found = {};
  while (reader.at < section.end) {
    const kind = bytes(reader);
    const end = reader.number() + reader.at;
    if (kind === SYMBOL_TABLE) found.symbols = symbolsOf(reader);
    if (kind === SEGMENT_INFO) {
      found.segments = Array.from({ length: reader.number() }, () => {
        const name = reader.name();
        reader.number();
        reader.number();
        return name;
      });
    }
    reader.at = end;
  }
  return found;
}

/** What the linker put into a section: the place in the file, the kind and the symbol. */
function relocations(file, name, within) {
  const section = customSection(file, name);
  if (!section) return [];
  const base = sections(file).find(({ id }) => id === within).inner;
  const reader = new Reader(file, section.inner);
  reader.number();
  return Array.from({ length: reader.number() }, () => {
    const kind = bytes(reader);
    const place = base + reader.number();
    const symbol = reader.number();
    if (ADDRESSES.has(kind) || OFFSETS.has(kind)) reader.signed();
    return { kind, place, symbol };
  });
}

/** The place of each function in the table. */
function slotsOf(file) {
  const slots = new Map();
  const section = sections(file).find(({ id }) => id === ELEMENT);
  if (!section) return slots;
  const reader = new Reader(file, section.inner);
  for (let segments = reader.number(); segments > 0; segments--) {
    if (reader.number() !== 0) throw new Error("a segment of the table that is not of the plainest kind");
    reader.at += 1;
    let slot = reader.signed();
    reader.at += 1;
    for (let count = reader.number(); count > 0; count--) slots.set(reader.number(), slot++);
  }
  return slots;
}

/** The data as pieces that nobody points into from one to another: address, size, and whether they ever change. */
function pieces(segments, names, symbols) {
  const data = symbols.filter(({ kind, size }) => kind === DATA_SYMBOL && size > 0);
  for (const symbol of data) symbol.address = segments[symbol.segment].address + symbol.offset;
  data.sort((a, b) => a.address - b.address);
  const found = [];
  for (const symbol of data) {
    const end = symbol.address + symbol.size;
    const last = found.at(-1);
    if (last && symbol.address < last.end) last.end = Math.max(last.end, end);
    else found.push({ begin: symbol.address, end, isConstant: names[symbol.segment].startsWith(".rodata"), data: new Set(), slots: new Set() });
    symbol.piece = found.length - 1;
  }
  return found;
}

/** Notes what a relocation refers to in `user`, which has sets of pieces and of slots. */
function note(user, { kind, symbol }, symbols, slots) {
  const to = symbols[symbol];
  if (ADDRESSES.has(kind) && to.piece !== undefined) user.data.add(to.piece);
  if (PLACES.has(kind) && to.kind === FUNCTION_SYMBOL) user.slots.add(slots.get(to.index));
}

/** Where each function's bytes end in the file, and its number. */
function codeEnds(file) {
  const section = sections(file).find(({ id }) => id === CODE);
  const reader = new Reader(file, section.inner);
  const first = importedFunctions(file);
  return Array.from({ length: reader.number() }, (_, at) => {
    const length = reader.number();
    reader.at += length;
    return { number: first + at, end: reader.at };
  });
}

/**
 * Reads the program as the linker left it. Returns the pieces of its data, and by the name of each function, as
 * `wasm-bindgen` writes it, the pieces (by number) that it uses and the slots of the table that it knows. Functions of the
 * same name share what they use.
 */
export function references(file) {
  const { symbols, segments: names } = linking(file);
  const segments = dataSegments(file);
  const slots = slotsOf(file);
  const data = pieces(segments, names, symbols);
  const called = functionNames(file).map(demangled);
  const functions = new Map(called.map((name) => [name, { data: new Set(), slots: new Set() }]));
  const ends = codeEnds(file);
  let at = 0;
  for (const relocation of relocations(file, "reloc.CODE", CODE)) {
    while (ends[at].end <= relocation.place) at += 1;
    note(functions.get(called[ends[at].number]), relocation, symbols, slots);
  }
  for (const relocation of relocations(file, "reloc.DATA", DATA)) {
    const segment = segments.find(({ file: from, length }) => relocation.place >= from && relocation.place < from + length);
    const address = segment.address + relocation.place - segment.file;
    const piece = data[before(data, address)];
    if (!piece || address >= piece.end) throw new Error("a datum that is no symbol's points at another");
    note(piece, relocation, symbols, slots);
  }
  return { functions, data };
}

/** The last piece that begins at an address or before it. */
function before(data, address) {
  let [low, high] = [0, data.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data[middle].begin <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

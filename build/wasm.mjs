// The little that the build reads and changes in the bytes of a Wasm file itself.

const CUSTOM = 0;
const IMPORT = 2;
export const ELEMENT = 9;
export const CODE = 10;
export const DATA = 11;
const DATA_COUNT = 12;

/** Reads numbers and names, one behind the other. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  signed() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return byte & 0x40 ? value - 2 ** (shift + 7) : value;
    }
  }

  name() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

/** The sections: the id of each, where it begins, where what is in it begins, and where that ends. */
export function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const begin = reader.at;
    const id = reader.number();
    const length = reader.number();
    const inner = reader.at;
    reader.at += length;
    found.push({ id, begin, inner, end: reader.at });
  }
  return found;
}

function without(bytes, drops) {
  const kept = sections(bytes).filter((section) => !drops(section));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ begin, end }) => bytes.subarray(begin, end))]);
}

const isNames = (bytes) => (section) => section.id === CUSTOM && new Reader(bytes, section.inner).name() === "name";

/** A section of this name that is not of the standard; where what follows its name begins. */
export function customSection(bytes, name) {
  for (const { id, inner, end } of sections(bytes)) {
    const reader = new Reader(bytes, inner);
    if (id === CUSTOM && reader.name() === name) return { inner: reader.at, end };
  }
  return undefined;
}

/** A number as a Wasm file has it. */
function encoded(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** An address as an instruction has it, which has a sign. */
function constant(address) {
  const bytes = [];
  for (; address >= 0x40; address >>= 7) bytes.push((address & 0x7f) | 0x80);
  return [0x41, ...bytes, address, 0x0b];
}

/** The same with these data, in place of those that are put into the memory: of each the address and the bytes. */
export function withData(bytes, data) {
  const others = without(bytes, ({ id }) => id === DATA || id === DATA_COUNT);
  if (data.length === 0) return others;
  const segments = data.flatMap(({ address, bytes: own }) => [Buffer.from([0, ...constant(address), ...encoded(own.length)]), own]);
  const content = Buffer.concat([Buffer.from(encoded(data.length)), ...segments]);
  return Buffer.concat([others, Buffer.from([DATA, ...encoded(content.length)]), content]);
}

/** The same without the names of its functions, and all else that does not run. */
export const withoutNames = (bytes) => without(bytes, ({ id }) => id === CUSTOM);

/** The names of the functions, by their number. */
export function functionNames(bytes) {
  const names = [];
  const section = sections(bytes).find(isNames(bytes));
  if (!section) return names;
  const reader = new Reader(bytes, section.inner);
  reader.name();
  while (reader.at < section.end) {
    const kind = reader.number();
    const length = reader.number();
    if (kind !== 1) {
      reader.at += length;
      continue;
    }
    for (let count = reader.number(); count > 0; count--) names[reader.number()] = reader.name();
  }
  return names;
}

/** How many functions are imported; these have the first numbers. */
export function importedFunctions(bytes) {
  const section = sections(bytes).find(({ id }) => id === IMPORT);
  if (!section) return 0;
  const reader = new Reader(bytes, section.inner);
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.name();
    reader.name();
    const kind = reader.number();
    if (kind !== 0) throw new Error("an import that is no function: build/wasm.mjs does not read these");
    reader.number();
    functions += 1;
  }
  return functions;
}

/** The functions that are not imported: the name of each, as far as it has one, and its bytes. */
export function functionBodies(bytes) {
  const names = functionNames(bytes);
  const first = importedFunctions(bytes);
  const section = sections(bytes).find(({ id }) => id === CODE);
  const reader = new Reader(bytes, section?.inner);
  const count = section ? reader.number() : 0;
  return Array.from({ length: count }, (_, at) => {
    const length = reader.number();
    reader.at += length;
    return { name: names[first + at] ?? "", body: bytes.subarray(reader.at - length, reader.at) };
  });
}

// The other parts of the program, each in a Wasm file of its own (build/split.mjs). A release has these lines at the end of
// the program's glue, and above them the constant `PARTS`: of each the name and the file, in the order of their numbers.
// The first of them is the rest, which every other one needs.

const REST = 0;
/** Of each part: as it was compiled, once it was; the same, while it comes; what it has for others, once it was joined. */
const parts = PARTS.map(() => ({ module: null, comes: null, exports: null }));

const numberOf = (name) => PARTS.findIndex(([known]) => known === name);
const addressOf = (number) => new URL(PARTS[number][1], import.meta.url);
const importsOf = (number) => {
  const own = { ...__wbg_get_imports(), first: wasm };
  return number === REST ? own : { ...own, rest: parts[REST].exports };
};

/** Whether a part is there. What is no part of its own is there from the first. */
export function splitbrainHas(name) {
  const number = numberOf(name);
  return number < 0 || parts[number].exports !== null;
}

function came(number, { exports }) {
  parts[number].exports = exports;
  wasm[`h${number}`].value = 1;
}

/** Joins a part to the program: it is there when this returns. */
function join(number, module) {
  if (parts[number].exports) return;
  parts[number].module = module;
  came(number, new WebAssembly.Instance(module, importsOf(number)));
}

/** The parts that are there, as they were compiled, for a worker: first what the others need. */
export const splitbrainModules = () => parts.map(({ exports, module }, number) => exports && [number, module]).filter(Boolean);

/** Joins what `splitbrainModules` gave elsewhere. */
export const splitbrainJoin = (modules) => modules.forEach(([number, module]) => join(number, module));

async function compile(number) {
  const address = addressOf(number);
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // Naming the type ourselves lets a host that does not know .wasm work at full speed too.
  const typed = new Response(response.body, { headers: { "Content-Type": "application/wasm" } });
  return WebAssembly.compileStreaming(typed);
}

/** Begins to fetch a part, which needs nothing of the others yet. */
export function splitbrainPartBegins(name) {
  const part = parts[numberOf(name)];
  if (!part || part.exports) return;
  part.comes ??= compile(parts.indexOf(part));
  // Who waits for it hears of it.
  part.comes.catch(() => undefined);
}

/** Fetches a part, and the rest, where they are not there yet. Throws where it does not come; the next call tries again. */
export async function splitbrainPart(name) {
  if (splitbrainHas(name)) return;
  const number = numberOf(name);
  const part = parts[number];
  splitbrainPartBegins(name);
  if (number !== REST) await splitbrainPart(PARTS[REST][0]);
  const comes = part.comes;
  try {
    part.module = await comes;
    const instance = await WebAssembly.instantiate(part.module, importsOf(number));
    // Who called it without waiting may have been quicker.
    if (!part.exports) came(number, instance);
  } catch (error) {
    if (part.comes === comes) part.comes = null;
    throw error;
  }
}

/** The program calls what is not there: nobody waited for it. The page stands still until it has come. */
function splitbrainFetchPart(number) {
  if (number !== REST && !parts[REST].exports) splitbrainFetchPart(REST);
  if (parts[number].module) return join(number, parts[number].module);
  const request = new XMLHttpRequest();
  request.open("GET", addressOf(number), false);
  // A page may not ask for bytes like this; so every byte comes as a character.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${addressOf(number)}: ${request.status}`);
  const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 0xff);
  join(number, new WebAssembly.Module(bytes));
}

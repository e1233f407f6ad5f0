// The rest of the program, in a Wasm file of its own (build/split.mjs). A release has these lines at the end of
// the program's glue, with the constant `REST`, the name of that file, above them.

/** The rest as it was compiled, once it was. */
let restModule = null;
/** The same, while it comes. */
let restComes = null;

const restAddress = () => new URL(REST, import.meta.url);
const restImports = () => ({ ...__wbg_get_imports(), first: wasm });

/** Whether all of the program is there. */
export const splitbrainIsWhole = () => wasm.splitbrainRestHere.value !== 0;

function restCame(module) {
  restModule = module;
  wasm.splitbrainRestHere.value = 1;
}

/** The rest as it was compiled, for a worker; nothing where it has not come. */
export const splitbrainRestModule = () => restModule;

/** Joins the rest to the program: it is there when this returns. */
export function splitbrainJoin(module) {
  if (splitbrainIsWhole()) return;
  new WebAssembly.Instance(module, restImports());
  restCame(module);
}

async function compileRest() {
  const response = await fetch(restAddress(), { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${REST}: ${response.status}`);
  // Naming the type ourselves lets a host that does not know .wasm work at full speed too.
  const typed = new Response(response.body, { headers: { "Content-Type": "application/wasm" } });
  return WebAssembly.compileStreaming(typed);
}

/** Begins to fetch the rest, which needs nothing of the first part yet. */
export function splitbrainRestBegins() {
  restComes ??= compileRest();
  // Who waits for it hears of it.
  restComes.catch(() => undefined);
}

/** Fetches the rest, where it is not there yet. Throws where it does not come; the next call tries again. */
export async function splitbrainRest() {
  if (splitbrainIsWhole()) return;
  splitbrainRestBegins();
  const comes = restComes;
  try {
    const module = await comes;
    await WebAssembly.instantiate(module, restImports());
    restCame(module);
  } catch (error) {
    if (restComes === comes) restComes = null;
    throw error;
  }
}

/** The program calls what is not there: nobody waited for it. The page stands still until it has come. */
function splitbrainFetchRest() {
  const request = new XMLHttpRequest();
  request.open("GET", restAddress(), false);
  // A page may not ask for bytes like this; so every byte comes as a character.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${REST}: ${request.status}`);
  const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 0xff);
  splitbrainJoin(new WebAssembly.Module(bytes));
}

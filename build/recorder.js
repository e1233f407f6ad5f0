// Stands behind the glue of the recording program (build/record.mjs), where a release has static/rest.js: tells which functions
// were called. The program is whole, but it says of each part that it is not there before it was asked for; else
// what asks for parts would not be called.

const CAME = new Set();

export const splitbrainHas = (name) => CAME.has(name);

export function splitbrainPartBegins() {}

export async function splitbrainPart(name) {
  await new Promise((done) => setTimeout(done));
  CAME.add(name);
}

globalThis.splitbrainNoted = NOTED;
globalThis.splitbrainCalled = () => NOTED.filter((_, at) => wasm[`c${at}`].value);

// What each lab adds to the code of the program: `node build/weights.mjs` after a release was built.
//
// It reads the program as the linker left it, with the names of its functions, and takes away those of one lab: what
// brotli makes less of the others is that lab's. wasm-opt is not asked, which takes some 5 % more; nor is the data.
// What a lab's own part of the download is (build/split.mjs), `node build/budgets.mjs` prints.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

import { functionBodies } from "./wasm.mjs";

const LINKED = "wasm32-unknown-unknown/release/splitbrain.wasm";

/** The lab that a function is of, or was made for: `…9protocols10lease_lock…`, as the linker has its name. */
function labOf(name) {
  const [, length, rest] = /9protocols(\d+)_?(\w+)/.exec(name) ?? [];
  return rest?.slice(0, Number(length));
}

function compressed(functions) {
  const bytes = Buffer.concat(functions.map(({ body }) => body));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

/** The labs in a program, the heaviest first: how many functions each has, their bytes, and what those add with brotli. */
export function weights(bytes) {
  const functions = functionBodies(bytes).map(({ name, body }) => ({ lab: labOf(name), body }));
  const all = compressed(functions);
  const labs = [...new Set(functions.map(({ lab }) => lab))].filter(Boolean);
  const rows = labs.map((lab) => {
    const own = functions.filter((one) => one.lab === lab);
    const raw = own.reduce((sum, { body }) => sum + body.length, 0);
    return { lab, functions: own.length, raw, brotli: all - compressed(functions.filter((one) => one.lab !== lab)) };
  });
  return rows.sort((a, b) => b.brotli - a.brotli);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv[2] ?? join(process.env.CARGO_TARGET_DIR ?? "target", LINKED);
  for (const { lab, functions, raw, brotli } of weights(readFileSync(file))) {
    console.log(`${lab.padEnd(20)} ${String(functions).padStart(5)} functions ${String(raw).padStart(8)} ${String(brotli).padStart(7)}`);
  }
}

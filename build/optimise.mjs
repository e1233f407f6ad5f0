// Makes Wasm small with wasm-opt, where npm's binaryen is at hand.

import { spawnSync } from "node:child_process";
import { renameSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// What rustc emits for wasm32 today and every current browser loads. All features at once do not:
// wasm-opt would then use encodings that no browser knows yet.
const KNOWN = {
  BulkMemory: "bulk-memory",
  BulkMemoryOpt: "bulk-memory-opt",
  Multivalue: "multivalue",
  MutableGlobals: "mutable-globals",
  NontrappingFPToInt: "nontrapping-float-to-int",
  ReferenceTypes: "reference-types",
  SignExt: "sign-ext",
};

/** The same, as npm's binaryen takes them for a module. */
export const features = ({ Features }) => Object.keys(KNOWN).reduce((sum, name) => sum | Features[name], 0);

/** Replaces a Wasm file by a smaller and quicker one that does the same. */
export function optimise(file) {
  let tool;
  try {
    tool = join(createRequire(import.meta.url).resolve("binaryen/package.json"), "../bin/wasm-opt");
  } catch {
    console.log("The Wasm stays larger than it could be: run `npm ci` once, and wasm-opt will be there.");
    return;
  }
  const enabled = ["--mvp-features", ...Object.values(KNOWN).map((feature) => `--enable-${feature}`)];
  const run = spawnSync(
    process.execPath,
    [tool, "-Oz", ...enabled, "--strip-producers", "--strip-target-features", file, "-o", `${file}.small`],
    { stdio: "inherit" },
  );
  if (run.status !== 0) throw new Error("wasm-opt failed");
  renameSync(`${file}.small`, file);
}

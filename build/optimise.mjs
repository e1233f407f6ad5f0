// Makes Wasm small with wasm-opt, where npm's binaryen is at hand.

import { spawnSync } from "node:child_process";
import { renameSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// What rustc emits for wasm32 today and every current browser loads. All features at once do not:
// wasm-opt would then use encodings that no browser knows yet.
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

/** Replaces a Wasm file by a smaller and quicker one that does the same. */
export function optimise(file) {
  let tool;
  try {
    tool = join(createRequire(import.meta.url).resolve("binaryen/package.json"), "../bin/wasm-opt");
  } catch {
    console.log("The Wasm stays larger than it could be: run `npm ci` once, and wasm-opt will be there.");
    return;
  }
  const features = ["--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`)];
  const run = spawnSync(
    process.execPath,
    [tool, "-Oz", ...features, "--strip-producers", "--strip-target-features", file, "-o", `${file}.small`],
    { stdio: "inherit" },
  );
  if (run.status !== 0) throw new Error("wasm-opt failed");
  renameSync(`${file}.small`, file);
}

// Builds benches/wasm for Node as Trunk builds the page: cargo, wasm-bindgen, wasm-opt.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { optimise } from "../../build/optimise.mjs";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGE = "splitbrain-bench-wasm";

const run = (program, ...words) =>
  execFileSync(program, words, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });

/** The functions of benches/wasm/src/lib.rs, built anew where something changed. */
export function load() {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const out = join(target, "bench-wasm");
  const name = PACKAGE.replaceAll("-", "_");
  run("cargo", "build", "--quiet", "--release", "--target", "wasm32-unknown-unknown", "--package", PACKAGE);
  const wasm = join(target, "wasm32-unknown-unknown/release", `${name}.wasm`);
  run("wasm-bindgen", "--target", "nodejs", "--no-typescript", "--out-dir", out, wasm);
  // The glue is a script of the older kind; above it stands the package.json of this project, whose scripts are modules.
  writeFileSync(join(out, "package.json"), '{ "type": "commonjs" }\n');
  optimise(join(out, `${name}_bg.wasm`));
  return createRequire(import.meta.url)(join(out, `${name}.js`));
}

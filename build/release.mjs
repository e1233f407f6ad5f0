// Lays a release out: `node build/release.mjs DIST OUT`. docs/versions.md tells what lies where. `cargo xtask release` calls it.
//
// A version that is there already stays as it is: other files under its name are refused.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { zip } from "./zip.mjs";

const ROOT = join(import.meta.dirname, "..");
const SUMS = "SHA256SUMS";

/** The version of the project. */
export function version() {
  const found = /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"));
  if (!found) throw new Error("Cargo.toml tells no version");
  return found[1];
}

/** All files below a folder, by their names in order. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const files = names.filter((name) => statSync(join(folder, name)).isFile() && name !== SUMS);
  return files.sort().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

function sums(files) {
  const line = ({ name, bytes }) => `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
  return files.map(line).join("");
}

/** What npm is told. Nothing runs when it is installed, and it needs no other package. */
function manifest(number) {
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return {
    name: "splitbrain",
    version: number,
    description: "A playground in which people learn distributed systems by breaking them, and the element <split-brain>.",
    license: own.license,
    type: "module",
    main: "dist/split-brain.js",
    exports: { ".": "./dist/split-brain.js", "./dist/*": "./dist/*" },
    // The script defines an element: a bundler must not leave it out.
    sideEffects: true,
    files: ["dist", "LICENSE-APACHE", "LICENSE-MIT"],
  };
}

/** Lays the files of `dist` out below `out`; returns the version. */
export function release(dist, out) {
  const number = version();
  const files = filesOf(dist);
  const listed = sums(files);
  const site = join(out, "site");
  const pinned = join(site, "v", number);
  if (existsSync(pinned)) {
    const there = sums(filesOf(pinned));
    if (there !== listed) throw new Error(`${pinned} holds version ${number} already, with other files: a release never changes. Raise the version in Cargo.toml.`);
  }
  // What is at the address without a version gives way to the new one; the folder with the versions stays.
  if (existsSync(site)) for (const name of readdirSync(site)) if (name !== "v") rmSync(join(site, name), { recursive: true });
  cpSync(dist, site, { recursive: true });
  cpSync(dist, pinned, { recursive: true });
  for (const folder of [site, pinned]) writeFileSync(join(folder, SUMS), listed);

  const npm = join(out, "npm");
  rmSync(npm, { recursive: true, force: true });
  mkdirSync(npm, { recursive: true });
  cpSync(dist, join(npm, "dist"), { recursive: true });
  writeFileSync(join(npm, "dist", SUMS), listed);
  writeFileSync(join(npm, "package.json"), `${JSON.stringify(manifest(number), null, 2)}\n`);
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(ROOT, name), join(npm, name));
  cpSync(join(ROOT, "docs/embedding.md"), join(npm, "README.md"));

  const folder = `splitbrain-${number}`;
  const all = [...files, { name: SUMS, bytes: Buffer.from(listed) }];
  writeFileSync(join(out, `${folder}.zip`), zip(all.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }))));
  return number;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [dist, out] = process.argv.slice(2);
  if (!dist || !out || !existsSync(join(dist, "index.html"))) {
    console.error("node build/release.mjs DIST OUT: lays the built page DIST out as a release. `cargo xtask release` does both.");
    process.exit(2);
  }
  try {
    console.log(`Version ${release(dist, out)} lies in ${out}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

// Installs what the tests of the recipes need besides npm: MkDocs, in a Python environment of its own below target/.
// Run by itself it does only that; xtask calls it before the tests, so that nothing is installed without a word.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const HERE = import.meta.dirname;
const TARGET = process.env.CARGO_TARGET_DIR ?? join(HERE, "../../target");
const FOLDER = join(TARGET, "tools", "mkdocs");
const BIN = join(FOLDER, process.platform === "win32" ? "Scripts" : "bin");
const WANTED = join(HERE, "mkdocs/requirements.txt");
/** A copy of the list that was installed last. */
const STAMP = join(FOLDER, "installed.txt");

const ADVICE =
  "The recipe for MkDocs is tried with MkDocs itself: it needs Python 3 with venv (on Debian `apt-get install python3-venv`) " +
  "and, the first time, a network.";

/** The program `mkdocs`, installed where it is not there yet. Throws one sentence where that cannot be. */
export function mkdocs() {
  const wanted = readFileSync(WANTED, "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return join(BIN, "mkdocs");
  console.log(`Still missing, and about to be installed: MkDocs, by pip, into ${FOLDER}`);
  rmSync(FOLDER, { recursive: true, force: true });
  must(process.env.PYTHON ?? "python3", ["-m", "venv", FOLDER]);
  must(join(BIN, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", WANTED]);
  writeFileSync(STAMP, wanted);
  return join(BIN, "mkdocs");
}

function must(program, words) {
  const run = spawnSync(program, words, { stdio: ["ignore", "inherit", "inherit"] });
  if (run.status !== 0) throw new Error(ADVICE);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    mkdocs();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

// A release that stays: laid out by its version, as an npm package and as a zip; and one that is pinned plays the same trace.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { version } from "../../build/release.mjs";
import { browserTest } from "./harness.mjs";
import { goldenStories, until } from "./lab.mjs";
import { DIST } from "./server.mjs";

const ROOT = join(import.meta.dirname, "../..");
const out = mkdtempSync(join(tmpdir(), "splitbrain-release-"));
after(() => rmSync(out, { recursive: true }));

const layOut = (dist) => spawnSync(process.execPath, [join(ROOT, "build/release.mjs"), dist, out], { encoding: "utf8" });
const number = version();
const names = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name !== "SHA256SUMS").sort();

test("a release is laid out, once", () => {
  // What an older release left.
  mkdirSync(join(out, "site/v/0.0.1"), { recursive: true });
  writeFileSync(join(out, "site/v/0.0.1/index.html"), "older");
  writeFileSync(join(out, "site/gone.html"), "of an older version");
  const first = layOut(DIST);
  assert.equal(first.status, 0, first.stderr);
  for (const folder of [`site/v/${number}`, "npm/dist"]) assert.deepEqual(names(join(out, folder)), names(DIST), folder);
  assert.deepEqual(names(join(out, "site")).filter((name) => !/^v(\/|$)/.test(name)), names(DIST));
  assert.equal(readFileSync(join(out, "site/v/0.0.1/index.html"), "utf8"), "older");
  // The sums are those that the usual tool makes.
  execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: join(out, `site/v/${number}`) });

  const again = layOut(DIST);
  assert.equal(again.status, 0, again.stderr);
  const changed = join(out, "changed");
  execFileSync("cp", ["-r", DIST, changed]);
  appendFileSync(join(changed, "index.html"), "\n");
  const refused = layOut(changed);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /a release never changes/);
});

test("npm packs the package, with all files and no script", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: join(out, "npm"), encoding: "utf8" }));
  assert.deepEqual([packed.name, packed.version], ["splitbrain", number]);
  const files = new Set(packed.files.map(({ path }) => path));
  for (const file of ["dist/split-brain.js", "dist/index.html", "dist/docs/index.html", "LICENSE-MIT", "README.md"]) assert.ok(files.has(file), file);
  const manifest = JSON.parse(readFileSync(join(out, "npm/package.json"), "utf8"));
  assert.equal(manifest.scripts, undefined);
  assert.equal(manifest.dependencies, undefined);
});

test("another program reads the zip", () => {
  const read = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    z.extractall(sys.argv[2])
`;
  execFileSync("python3", ["-c", read, join(out, `splitbrain-${number}.zip`), join(out, "unpacked")]);
  const folder = join(out, `unpacked/splitbrain-${number}`);
  assert.deepEqual(names(folder), names(DIST));
  for (const name of ["index.html", "icon-512.png", "sw.js"]) {
    assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(DIST, name))), name);
  }
});

const pinned = join(out, "site/v", number);
// A golden story, line by line, as an author's script would give it.
const story = goldenStories().find(({ name }) => name === "raft/stories/leader-crash.story").text;
const lines = story.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
const [first, ...commands] = lines.filter((line) => !line.startsWith("expect"));
const settings = first.split(/\s+/).slice(2);
const seed = settings.find((word) => word.startsWith("seed=")).slice(5);
const params = settings.filter((word) => !word.startsWith("seed=")).join(" ");
const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Pinned</title><link rel="icon" href="data:,">
<script type="module" src="v/${number}/split-brain.js"></script>
<split-brain lab="raft" seed="${seed}" params="${params}"></split-brain></html>`;

browserTest("a pinned embed plays the trace that its version had", { places: { [`v/${number}/`]: { folder: pinned } }, extra: { "pinned.html": page } }, async ({ page, context, host }) => {
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  await page.goto(`${host.url}pinned.html`);
  const run = page.locator("split-brain");
  const state = () => run.evaluate((element) => element.state);
  await until(page, "the run", state, (now) => now !== null);
  assert.ok(commands.length >= 3);
  for (const command of commands) await run.evaluate((element, command) => element.run(command), command);
  const [, hash] = /^expect trace ([0-9a-f]{16})$/m.exec(story);
  await until(page, "the trace of the story", state, (now) => now.hash === hash);
  const others = asked.filter((url) => !url.startsWith(`${host.url}v/${number}/`) && !url.endsWith("/pinned.html"));
  assert.deepEqual(others.filter((url) => !url.startsWith("data:")), [], "all comes from the folder of the version");
});

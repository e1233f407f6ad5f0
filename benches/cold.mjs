// The cold start: from the first byte asked for to the first frame on which somebody can press Play, with an empty cache and a
// processor four times slower. The page, an embedded run, and beside them the smallest page that Yew makes, by turns.
//
// `node benches/cold.mjs` after `cargo xtask build`; `cargo xtask bench` does it, too.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { optimise } from "../build/optimise.mjs";
import { findBrowser } from "../tests/browser/browser.mjs";
import { startHost } from "../tests/browser/server.mjs";

const ROOT = join(import.meta.dirname, "..");
const TURNS = 7;
const SLOWER = 4;

function must(command, words) {
  const run = spawnSync(command, words, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${command} ${words.join(" ")} failed`);
  return run.stdout;
}

/** Builds the smallest page of Yew into a folder, in the same way as ours is built. */
function minimal(folder) {
  const words = ["build", "--release", "--target", "wasm32-unknown-unknown", "--package", "splitbrain-bench-yew", "--message-format", "json-render-diagnostics"];
  const messages = must("cargo", words).split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const wasm = messages.flatMap((message) => message.filenames ?? []).find((name) => name.endsWith("splitbrain_bench_yew.wasm"));
  must("wasm-bindgen", [wasm, "--target", "web", "--no-typescript", "--out-dir", folder, "--out-name", "page"]);
  optimise(join(folder, "page_bg.wasm"));
  const start = 'import start from "./page.js"; start({ module_or_path: "page_bg.wasm" });';
  writeFileSync(join(folder, "start.js"), start);
  const head = '<meta charset="utf-8"><title>Yew</title><link rel="icon" href="data:,">';
  const preload = '<link rel="modulepreload" href="page.js"><link rel="preload" as="fetch" type="application/wasm" crossorigin href="page_bg.wasm">';
  writeFileSync(join(folder, "index.html"), `<!DOCTYPE html><html lang="en"><head>${head}${preload}<script type="module" src="start.js"></script></head><body></body></html>`);
}

const EMBED = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Embed</title><link rel="icon" href="data:,">
<script type="module" src="split-brain.js"></script></head><body><split-brain lab="raft" height="480"></split-brain></body></html>`;

/** Runs in each page: notes when the frame was on the screen in which the thing was there for the first time. */
function watch(selector) {
  const noted = () => requestAnimationFrame(() => (window.coldStart = performance.now()));
  const look = () => (document.querySelector(selector)?.checkVisibility() ? noted() : requestAnimationFrame(look));
  // An embedded run tells that it is there.
  if (selector === "split-brain") document.addEventListener("DOMContentLoaded", () => document.querySelector(selector).addEventListener("ready", noted));
  else requestAnimationFrame(look);
}

const CASES = [
  { name: "the smallest page of Yew", path: "minimal/index.html", selector: "button" },
  { name: "the front page", path: "index.html", selector: ".front .start" },
  { name: "the lab Raft", path: "index.html#/raft", selector: ".timeline .levers .tbtn.main" },
  { name: "an embedded run of Raft", path: "embed.html", selector: "split-brain" },
];

async function measure(browser, host, { path, selector }) {
  // A context of its own has an empty cache, and no service worker of an earlier turn.
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, serviceWorkers: "block" });
  try {
    let bytes = 0;
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(watch, selector);
    page.on("response", async (response) => (bytes += (await response.body().catch(() => [])).length));
    await page.goto(host.url + path);
    await page.waitForFunction(() => window.coldStart !== undefined, undefined, { timeout: 120_000, polling: 200 });
    return { ms: await page.evaluate(() => window.coldStart), bytes };
  } finally {
    await context.close();
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Measures all of it and prints a table. */
export async function cold() {
  const folder = mkdtempSync(join(tmpdir(), "splitbrain-yew-"));
  const host = await startHost({ "embed.html": EMBED }, {}, { "minimal/": { folder } });
  const browser = await chromium.launch({ executablePath: findBrowser("chromium") ?? undefined, chromiumSandbox: false });
  try {
    minimal(folder);
    const taken = CASES.map(() => []);
    for (let turn = 0; turn < TURNS; turn += 1) for (const [i, each] of CASES.entries()) taken[i].push(await measure(browser, host, each));
    const least = (i) => Math.min(...taken[i].map(({ ms }) => ms));
    console.log(`\nCold start, empty cache, ${SLOWER} times slower, ${TURNS} turns: median, least, and the least beside Yew's`);
    for (const [i, { name }] of CASES.entries()) {
      const bytes = Math.max(...taken[i].map((one) => one.bytes));
      const row = [median(taken[i].map(({ ms }) => ms)), least(i)].map((ms) => `${ms.toFixed(0)} ms`.padStart(9));
      console.log(`  ${name.padEnd(26)}${row.join("")}   ${(least(i) / least(0)).toFixed(2)}   ${(bytes / 1000).toFixed(0)} kB uncompressed`);
    }
  } finally {
    await browser.close();
    await host.stop();
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await cold();

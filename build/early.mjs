// Writes build/late.txt: which functions of the program are not called before somebody can kill the leader of the front page,
// and which not even before a lab's first picture. Of the first there is no need in the first part of the program; the
// others come when the page stands (build/places.mjs).
//
// `node build/early.mjs` builds a program that notes what is called, and opens it. A function that the list does not have, as
// it is newer, is where build/parts.txt or its users put it: an old list makes the parts larger, and nothing wrong.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { findBrowser } from "../tests/browser/browser.mjs";
import { startHost } from "../tests/browser/server.mjs";
import { labs } from "./labs.mjs";
import { LATE, written } from "./late.mjs";

// A screen and a phone, each in its language.
const LOOKS = [["en-GB", 1280], ["zh-CN", 390]];
/** So long a page plays: what comes behind it has come by then on a slow line, too. */
const PLAYS_MS = 4000;
const HEAD = `# Written by build/early.mjs: the functions (as hashes of their names) that are not called before the front page plays,
# behind \`rest\`, and of them those that are not called before a lab's first picture, behind \`later\`.
`;

function build(folder) {
  const run = spawnSync("trunk", ["build", "--release", "--dist", folder], {
    env: { ...process.env, SPLITBRAIN_RECORD: "1" },
    stdio: "inherit",
  });
  if (run.status !== 0) throw new Error("trunk build failed");
}

/** What was called when the page was ready, in both languages. */
async function called(browser, address, ready) {
  const found = new Set();
  let noted;
  for (const [locale, width] of LOOKS) {
    const context = await browser.newContext({ locale, viewport: { width, height: 720 }, serviceWorkers: "block" });
    const page = await context.newPage();
    await page.goto(address);
    await ready(page);
    (await page.evaluate(() => globalThis.splitbrainCalled())).forEach((name) => found.add(name));
    noted = await page.evaluate(() => globalThis.splitbrainNoted);
    await context.close();
  }
  return { found, noted };
}

/** Sees the cluster of the front page, kills its leader and waits for another one; and changes the looks. */
async function killed(page) {
  await page.locator(".cards .picture .nodes > g").first().waitFor();
  await page.locator(".live .harmful").click();
  await page.locator(".live a.pbtn").waitFor();
  // What happens seldom in an engine happens by then.
  await page.waitForTimeout(PLAYS_MS);
  for (const name of ["中文", "English"]) {
    const other = page.getByRole("button", { name });
    if (await other.isVisible()) await other.click();
  }
}

/** Sees a lab's first picture, and that it plays. */
async function opened(page) {
  await page.locator("#loading").waitFor({ state: "detached" });
  await page.locator(".timeline .levers .tbtn.main").first().waitFor();
  await page.waitForTimeout(PLAYS_MS);
}

async function main() {
  const given = process.argv[2];
  const folder = given ?? mkdtempSync(join(tmpdir(), "splitbrain-early-"));
  if (!given) build(folder);
  const host = await startHost({}, {}, { "recorded/": { folder } });
  const browser = await chromium.launch({ executablePath: findBrowser("chromium") ?? undefined, chromiumSandbox: false });
  try {
    const front = await called(browser, `${host.url}recorded/`, killed);
    const desk = new Set(front.found);
    for (const { id } of labs("locale")) {
      (await called(browser, `${host.url}recorded/#/${id}`, opened)).found.forEach((name) => desk.add(name));
      console.log(`${id}: ${desk.size} of ${front.noted.length} names`);
    }
    writeFileSync(LATE, HEAD + written(front.noted, front.found, desk));
  } finally {
    await browser.close();
    await host.stop();
    if (!given) rmSync(folder, { recursive: true });
  }
}

await main();

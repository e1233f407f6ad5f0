// What the browser tests share: a host, a Chromium, and a test that fails on any error in the console.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import axe from "axe-core";
import { chromium } from "playwright-core";

import { findBrowser } from "./browser.mjs";
import { PATIENCE_MS } from "./run.mjs";
import { startHost } from "./server.mjs";

const OUTPUT = join(import.meta.dirname, "../../test-output");
const FLAGS = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;

before(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  browser = await chromium.launch({
    executablePath: findBrowser("chromium") ?? undefined,
    // Chromium's sandbox needs rights that containers, and root, do not have.
    chromiumSandbox: false,
    args: FLAGS,
  });
});

/** A page that stands still for ever fails its test, and does not hold up the others. */
const LONGEST_MS = 300_000;

after(() => browser?.close());

/**
 * A test with a host and a browser profile of its own: nothing is left over from another test.
 *
 * Options: `extra` pages of the host, and `headers` of all its answers, and `places`; `expected`, patterns of console errors that the test means to
 * cause; all others are Playwright's (`locale`, `viewport`, `colorScheme`, `reducedMotion`, …).
 * The body gets `{ page, context, host }`; the page is still blank. A last screenshot is kept.
 */
export function browserTest(name, { extra, headers, places, expected = [], ...settings }, body) {
  test(name, { timeout: LONGEST_MS }, async () => {
    const host = await startHost(extra, headers, places);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...settings });
    context.setDefaultTimeout(PATIENCE_MS);
    const errors = [];
    context.on("console", (line) => line.type() === "error" && errors.push(`${line.text()} ${line.location().url}`));
    context.on("weberror", (event) => errors.push(String(event.error())));
    try {
      const page = await context.newPage();
      await body({ page, context, host });
      await screenshot(page, name);
      const surprises = errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
      assert.deepEqual(surprises, [], "errors in the console");
    } finally {
      await context.close();
      await host.stop();
    }
  });
}

/** Opens an address and waits until the program has taken the place of the loading screen. */
export async function open(page, url) {
  await page.goto(url);
  await started(page);
}

/** Waits until the program has taken the place of the loading screen. */
export async function started(page) {
  await page.locator("#loading").waitFor({ state: "detached" });
  await page.locator("#app > *").first().waitFor();
}

/** Waits until the worker has all files, and has taken the page over. */
export const kept = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
  });

/** Keeps a picture in test-output/, under the name with everything but letters and digits made a dash. */
export async function screenshot(page, name) {
  const file = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  await page.screenshot({ path: join(OUTPUT, `${file}.png`) });
}

/** Fails where axe finds something serious or critical, or, where `impact` is "every", anything at all. */
export async function assertAccessible(page, impact = "grave") {
  // Evaluated from outside, because the policy of the page refuses scripts that are put into it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const grave = (violation) => violation.impact === "serious" || violation.impact === "critical";
  const found = violations
    .filter((violation) => impact === "every" || grave(violation))
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join(", ")})`);
  assert.deepEqual(found, [], "axe");
}

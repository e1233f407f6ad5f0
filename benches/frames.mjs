// What a frame of the page costs, with the diagram over a history of 1,000, 10,000 and 100,000 events,
// and what memory the page takes: `node benches/frames.mjs` after `cargo xtask build`. Needs Chromium.

import { chromium } from "playwright-core";

import { findBrowser } from "../tests/browser/browser.mjs";
import { startHost } from "../tests/browser/server.mjs";

const STORY = (events) => `lab raft seed=7 rate=20 clients=3\nstep ${events}\n`;
const SECONDS = 4;

const host = await startHost();
const browser = await chromium.launch({
  executablePath: findBrowser("chromium") ?? undefined,
  chromiumSandbox: false,
  args: ["--disable-gpu", "--js-flags=--expose-gc"],
});

/** What the program says of itself. */
const ask = (page, name) =>
  page.evaluate(async (name) => (await import(document.getElementById("program-script").href))[name]?.(), name);

const state = async (page) => JSON.parse(await ask(page, "splitbrainState"));

async function settled(page, events) {
  for (;;) {
    const { step, works } = await state(page);
    if (!works && step >= events) return;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

async function measure(page, view) {
  if (view === "whole") await page.getByRole("button", { name: "The whole run so far" }).click();
  await ask(page, "splitbrainForget");
  await page.keyboard.press("Space");
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), SECONDS * 1000);
  await page.keyboard.press("Space");
  const { cost } = await state(page);
  const each = (ms) => (ms / cost.frames).toFixed(2);
  return `${(cost.frames / SECONDS).toFixed(0)} frames/s, ${each(cost.work_ms)} ms a frame, worst ${cost.worst_ms.toFixed(1)}`;
}

for (const events of [1_000, 10_000, 100_000]) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const story = encodeURIComponent(STORY(events)).replaceAll("%20", "+");
  await page.goto(`${host.url}#/raft?story=${story}&at=${events}.0`);
  await page.locator(".sheet canvas").waitFor();
  await settled(page, events);
  const near = await measure(page, "near");
  const whole = await measure(page, "whole");
  const { bytes } = await state(page);
  console.log(`${events} events: near ${near}; whole ${whole}; ${(bytes / 1e6).toFixed(1)} MB of Wasm memory`);
  await context.close();
}

await browser.close();
await host.stop();

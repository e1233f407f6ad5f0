// The released page on a static host: it loads, it says so when it cannot, and it works offline.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, open, started } from "./harness.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const wasm = readdirSync(DIST).find((name) => name.endsWith(".wasm"));

browserTest("the page opens from a subfolder under the strict policy", {}, async ({ page, host }) => {
  await open(page, host.url);
  await assertAccessible(page);
});

browserTest("the loading bar runs to its end", {}, async ({ page, context, host }) => {
  await context.addInitScript(() => {
    window.barAt = [];
    const note = ({ target }) => target.id === "loading-bar" && window.barAt.push(target.value);
    new MutationObserver((records) => records.forEach(note)).observe(document, { attributes: true, subtree: true });
  });
  await open(page, host.url);
  assert.equal(await page.evaluate(() => window.barAt.at(-1)), 1);
});

browserTest("the page opens in a dark Chinese browser", { locale: "zh-CN", colorScheme: "dark" }, async ({ page, host }) => {
  await open(page, host.url);
  await assertAccessible(page);
});

browserTest("the page opens again without a network", { expected: [/ERR_CONNECTION_REFUSED/] }, async ({ page, host }) => {
  await open(page, host.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await host.stop();
  await page.reload();
  await started(page);
  // The folder's other name.
  await open(page, `${host.url}index.html`);
});

browserTest("the page opens where service workers are denied", { serviceWorkers: "block" }, async ({ page, host }) => {
  await open(page, host.url);
});

const deployed = {};
browserTest("a new deploy is seen at once, an old worker notwithstanding", { extra: deployed }, async ({ page, host }) => {
  await open(page, host.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  deployed["index.html"] = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>Newer</title>';
  await page.reload();
  assert.equal(await page.title(), "Newer");
});

browserTest(
  "a file that does not arrive is told in both languages",
  { extra: { [wasm]: null }, expected: [/404/] },
  async ({ page, host }) => {
    await page.goto(host.url);
    const sentences = page.locator("#load-failed p");
    await sentences.first().waitFor();
    assert.deepEqual(await sentences.evaluateAll((all) => all.map((each) => each.lang)), ["en", "zh-Hans"]);
    await assertAccessible(page);
  },
);

browserTest("a browser without WebAssembly is told in both languages", {}, async ({ page, context, host }) => {
  await context.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto(host.url);
  await page.locator("#no-wasm").waitFor();
  await assertAccessible(page);
});

browserTest("a browser without scripts is told in both languages", { javaScriptEnabled: false }, async ({ page, host }) => {
  await page.goto(host.url);
  await page.locator("noscript p[lang=en]").waitFor();
  await page.locator("noscript p[lang=zh-Hans]").waitFor();
});

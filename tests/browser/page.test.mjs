// The released page on a static host: it loads, it says so when it cannot, and it works offline.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, open, started } from "./harness.mjs";
import { pause, state, stateWhere } from "./lab.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const wasm = readdirSync(DIST).find((name) => name.endsWith("_bg.wasm"));

const CUT = { serviceWorkers: "block", expected: [/ERR_CONNECTION_REFUSED/] };
const inLanguage = (page, lang) => page.locator(`html[lang=${lang}]`).waitFor();
const title = (page, name) => page.getByRole("heading", { name, exact: true }).waitFor();

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
  // The other language and the labs are kept, too.
  await page.getByRole("button", { name: "中文" }).click();
  await page.locator("a[href='#/heartbeat']").first().click();
  await title(page, "心跳检测");
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

browserTest("the language changes without a network once both have come", CUT, async ({ page, host }) => {
  await open(page, `${host.url}#/heartbeat`);
  await pause(page);
  await page.getByRole("button", { name: "中文" }).click();
  await inLanguage(page, "zh-Hans");
  await page.getByRole("button", { name: "English" }).click();
  await inLanguage(page, "en");
  const before = await state(page);
  await host.stop();
  await page.getByRole("button", { name: "中文" }).click();
  await title(page, "心跳检测");
  await page.getByRole("button", { name: "English" }).click();
  await title(page, "Heartbeats");
  // How much memory there is, and what the last step cost, are the browser's.
  const own = { cost: null, bytes: null };
  assert.deepEqual({ ...(await state(page)), ...own }, { ...before, ...own });
});

browserTest("words that do not come are told, and all stays as it is", CUT, async ({ page, host }) => {
  await open(page, `${host.url}#/heartbeat`);
  await host.stop();
  await page.getByRole("button", { name: "中文" }).click();
  await page.locator(".notice:not(.rest)").getByText(/What this needs could not be fetched/).waitFor();
  await inLanguage(page, "en");
  await title(page, "Heartbeats");
  // A lesson of a lab whose words have not come: the page stays on the front page.
  await page.getByRole("link", { name: "splitbrain", exact: true }).click();
  await page.getByRole("link", { name: /Start here/ }).click();
  // Nor has the part of the program that lessons need.
  await page.locator(".notice.rest").getByText(/The rest of the program did not come/).waitFor();
  await title(page, "Break it. Then you understand it.");
  // One whose words have come opens.
  await page.locator("a[href='#/heartbeat']").first().click();
  await stateWhere(page, "the lab", ({ lab }) => lab === "heartbeat");
});

browserTest("only the words of one language are fetched at first", {}, async ({ page, context, host }) => {
  const asked = [];
  context.on("request", (request) => {
    const text = /\/texts[^/]*\/(.*)$/.exec(request.url());
    // The service worker asks for all, for the next time.
    if (text && !request.serviceWorker()) asked.push(text[1]);
  });
  await open(page, `${host.url}#/raft`);
  await stateWhere(page, "the lab", ({ lab }) => lab === "raft");
  assert.deepEqual(asked, ["en.txt", "raft/en.txt"]);
});

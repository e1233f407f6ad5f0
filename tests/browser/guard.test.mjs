// The guard: after a mistake of ours the story can be saved and reopened. Most of it is tested on a page
// that has nothing but the guard, so that no program takes the story away before the test looks.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { assertAccessible, browserTest, open } from "./harness.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const guard = readdirSync(DIST).find((name) => /^guard-.*\.js$/.test(name));
const bare = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
<title>Bare</title><body><script src="${guard}"></script>`;
const extra = { "bare.html": bare };

const STORY = "lab raft nodes=5 seed=7\nrun until leader\nkill n1\n\n# the end\n";
const SHORTER = "lab raft nodes=5 seed=7\nrun until leader\n";
const ENGLISH = ["Save the story", "Reopen before the last command", "Start afresh"];
const CHINESE = ["保存故事", "回到最后一条命令之前", "重新开始"];

const mirrorAndFault = (story) => {
  window.splitbrainGuard.mirror(story);
  window.splitbrainGuard.fault("test");
};
const buttons = (page) => page.getByRole("dialog").getByRole("button");
const handover = (page) => page.evaluate(() => window.splitbrainGuard.handover());

browserTest("a fault shows the dialog over the page", {}, async ({ page, host }) => {
  await open(page, host.url);
  await page.evaluate(mirrorAndFault, STORY);
  await page.getByRole("dialog", { name: "Splitbrain made a mistake." }).waitFor();
  assert.deepEqual(await buttons(page).allTextContents(), ENGLISH);
  // Browsers let a second Escape close any dialog; this one comes back.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor();
  await assertAccessible(page);
});

browserTest("a fault speaks the language of the page", { extra, colorScheme: "dark" }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
  await page.evaluate(() => (document.documentElement.lang = "zh-Hans"));
  await page.evaluate(mirrorAndFault, STORY);
  assert.deepEqual(await buttons(page).allTextContents(), CHINESE);
});

browserTest("the story can be saved", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
  await page.evaluate(mirrorAndFault, STORY);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText(ENGLISH[0]).click()]);
  assert.equal(download.suggestedFilename(), "splitbrain.story");
  assert.equal(await readFile(await download.path(), "utf8"), STORY);
});

browserTest("the story reopens before the last command", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html#an-old-link`);
  await page.evaluate(mirrorAndFault, STORY);
  await Promise.all([page.waitForEvent("load"), page.getByText(ENGLISH[1]).click()]);
  assert.equal(page.url(), `${host.url}bare.html`);
  assert.equal(await handover(page), SHORTER);
  assert.equal(await handover(page), null);
  // The next fault can step back further, down to the bare lab.
  await page.evaluate(() => window.splitbrainGuard.fault("again"));
  await Promise.all([page.waitForEvent("load"), page.getByText(ENGLISH[1]).click()]);
  assert.equal(await handover(page), "lab raft nodes=5 seed=7\n");
});

browserTest("the story reopens where storage is denied", { extra }, async ({ page, context, host }) => {
  await context.addInitScript(() => {
    const deny = () => {
      throw new DOMException("denied", "SecurityError");
    };
    Object.defineProperty(window, "sessionStorage", { get: deny });
  });
  await page.goto(`${host.url}bare.html`);
  await page.evaluate(mirrorAndFault, STORY);
  await Promise.all([page.waitForEvent("load"), page.getByText(ENGLISH[1]).click()]);
  assert.equal(await handover(page), SHORTER);
  assert.equal(page.url(), `${host.url}bare.html`);
});

browserTest("a start afresh forgets the run", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html#an-old-link`);
  await page.evaluate(mirrorAndFault, STORY);
  await Promise.all([page.waitForEvent("load"), page.getByText(ENGLISH[2]).click()]);
  assert.equal(page.url(), `${host.url}bare.html`);
  assert.equal(await handover(page), null);
});

browserTest("without a run there is nothing to save", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
  await page.evaluate(() => window.splitbrainGuard.fault("test"));
  const states = await buttons(page).evaluateAll((all) => all.map((button) => button.disabled));
  assert.deepEqual(states, [true, true, false]);
});

browserTest("a trap of the Wasm is noticed by itself", { extra, expected: [/unreachable/] }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
  await page.evaluate(() => {
    // A module whose start function is the one instruction `unreachable`.
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
    const module = new WebAssembly.Module(new Uint8Array(bytes));
    queueMicrotask(() => new WebAssembly.Instance(module));
  });
  await page.getByRole("dialog").waitFor();
});

browserTest("a mistake of an extension is not told as ours", { extra, expected: [/not ours/] }, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
  const heard = page.evaluate(
    () => new Promise((resolve) => window.addEventListener("unhandledrejection", () => resolve(true))),
  );
  await page.evaluate(() => {
    const error = new Error("not ours");
    error.stack = "Error: not ours\n    at extension://abc/content.js:1:1";
    Promise.reject(error);
  });
  assert.ok(await heard);
  assert.equal(await page.getByRole("dialog").count(), 0);
});

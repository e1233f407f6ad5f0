// Protocols side by side: what stands there, and that each cell opens the run in which it is so.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { assertFits, stateWhere } from "./lab.mjs";

const WIDE = { viewport: { width: 1440, height: 900 } };

/** The tables of a family, by the name of the region in which they scroll. */
const table = (page, name) => page.getByRole("region", { name }).getByRole("table");

browserTest("protocols stand side by side, and a cell opens its run", WIDE, async ({ page, host }) => {
  await open(page, host.url);
  await page.getByRole("navigation").getByRole("link", { name: "Side by side" }).click();
  await page.getByRole("heading", { name: "Protocols side by side" }).waitFor();
  const costs = table(page, /^Commit: What one unit/);
  const commit = costs.getByRole("row", { name: /a commit/ }).first();
  await commit.getByText("4(n - 1)").waitFor();
  assert.equal(await costs.locator(".bad").count(), 0, "a formula is not what was measured");
  await assertAccessible(page, "every");
  // What three phases are for, and what each row is judged by.
  const dead = table(page, /^Commit: What is survived/).getByRole("row", { name: /dies, and never comes back/ });
  assert.match(await dead.getByRole("cell").nth(0).textContent(), /wait for ever in \d+ of 20/);
  assert.match(await dead.getByRole("cell").nth(2).textContent(), /know within \d+ ms/);
  await page.getByText("Judged by: All decide alike").first().waitFor();
  // A formula about some of the messages: the others are added. A bound has a value.
  const ring = table(page, /^Elections: What one unit/);
  await ring.getByText("27 = 9 Token + 5 Announcement + 13 Ack").waitFor();
  await ring.getByText(/49 ≤ 160 = 8n/).first().waitFor();
  const split = table(page, /^Agreement: What is survived/).getByRole("row", { name: /none a majority/ });
  await split.getByText(/was done already in \d+ of 20, stands still in the others/).waitFor();
  assert.equal(await page.locator(".swipe").first().isVisible(), false, "nothing has to be said of a wide screen");
  const line = await page.locator("ul.marks").evaluate((list) => getComputedStyle(list, "::after").content);
  assert.equal(line, "none", "what belongs to the time bar does not strike through a table");
  await screenshot(page, "side by side");
  // A majority of Raft's disks is lost: nothing is promised, and what happens is a run.
  const survival = table(page, /^Agreement: What is survived/);
  const row = survival.getByRole("row", { name: /a majority has lost its disks/ });
  const cell = row.getByRole("link").first();
  const text = await cell.textContent();
  assert.match(text, /Breaks/);
  await cell.click();
  const run = await stateWhere(page, "the run", ({ lab, works }) => lab === "raft" && !works);
  assert.ok(run.step > 0, "it opens where the check broke");
  await page.locator(".chk.bad").first().waitFor();
  const broken = await page.locator(".chk.bad .cname").allTextContents();
  const [, named] = /Breaks(.+): broken in/.exec(text);
  assert.ok(broken.some((name) => name.trim().startsWith(named)), `${broken} in ${text}`);
  await page.goBack();
  await page.getByRole("heading", { name: "Protocols side by side" }).waitFor();
});

browserTest("what a unit costs opens its run", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/compare`);
  await page.getByRole("link", { name: "an abort: one member votes no" }).first().click();
  await stateWhere(page, "the run", ({ lab, works }) => lab === "two-phase-commit" && !works);
});

browserTest("side by side on a phone, dark, in Chinese", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 390, height: 844 } }, async ({ page, host }) => {
  await open(page, `${host.url}#/compare`);
  await page.getByRole("heading", { name: "协议对比" }).waitFor();
  await page.getByText("主事者宕机，再不恢复").first().waitFor();
  // The tables are wider than the screen: that is said, the first column stays, and each cell says whose it is.
  await page.getByText("表格比屏幕宽").first().waitFor();
  for (const region of [page.getByRole("region").nth(0), page.getByRole("region").nth(1)]) {
    const head = region.locator("tbody th").first();
    const before = await head.boundingBox();
    await region.evaluate((node) => { node.scrollLeft = 200; });
    const after = await head.boundingBox();
    assert.ok(Math.abs(before.x - after.x) < 2, `the first column goes from ${before.x} to ${after.x}`);
    await region.evaluate((node) => { node.scrollLeft = 0; });
  }
  await page.locator(".outcome .whose").first().getByText("Raft").waitFor();
  await assertFits(page);
  await assertAccessible(page, "every");
  await screenshot(page, "side by side phone");
});

// The operations of clients on the space-time diagram: bars, their order, and what no order explains.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, screenshot } from "./harness.mjs";
import { openStory, press, stateWhere, tab } from "./lab.mjs";

const golden = (name) => readFileSync(join(import.meta.dirname, `../../src/protocols/raft/stories/${name}.story`), "utf8");

// A deposed leader answers a read: x is 2 by then, and the read says 1.
const FAILS = golden("without-confirmation");
const HOLDS = golden("client-crash");

const SAID = {
  "en-GB": "get x of c2 returned 1. But put x=2 of c1 had been answered before it began. And put x=1 of c1 had been answered before put x=2 of c1 began. So x was 2 by then, and no other operation can have made it 1.",
  "zh-CN": "c2 的 get x 读到了 1。可是在它开始之前，c1 的 put x=2 已经得到答复。而在 c1 的 put x=2 开始之前，c1 的 put x=1 已经得到答复。所以那时 x 是 2，别的操作也不可能把它变成 1。",
};
const OPERATIONS = { "en-GB": "Operations", "zh-CN": "操作" };
const sheet = (page) => page.locator(".sheet canvas");

/** Where pixels of the diagram have this colour, roughly: how many there are. */
function pixels(page, variable) {
  return page.evaluate((variable) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(variable);
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    const canvas = document.querySelector(".sheet canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const away = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
      if (data[i + 3] > 200 && away < 12) found += 1;
    }
    return found;
  }, variable);
}

for (const [locale, colorScheme] of [["en-GB", "light"], ["zh-CN", "dark"]]) {
  const settings = { locale, colorScheme, viewport: { width: 1440, height: 900 } };
  browserTest(`what no order explains is marked and told, ${locale}`, settings, async ({ page, host }) => {
    await openStory(page, host, FAILS);
    // Above the diagram, and at the red check.
    await page.locator(".opinion .fails").waitFor();
    assert.equal(await page.locator(".opinion .fails span").textContent(), SAID[locale]);
    assert.equal(await page.locator(".chk.bad .red p").getByText(SAID[locale]).count(), 1);
    await screenshot(page, `no order ${locale} ${colorScheme}`);
    await assertAccessible(page);
    // The same as a table.
    await page.getByRole("tab", { name: OPERATIONS[locale], exact: true }).click();
    const marked = page.locator(".operations tr.marked");
    assert.deepEqual(await marked.locator("td:nth-child(2)").allTextContents(), ["c1", "c1", "c2"]);
    assert.equal(await page.locator(".operations tr.stuck").count(), 1);
    assert.match(await page.locator(".operations tr.stuck th").textContent(), /get x → 1/);
    await assertAccessible(page);
    await screenshot(page, `no order as a table ${locale}`);
    // Before the read ended all was well.
    const red = await pixels(page, "--bad");
    await page.locator(".operations tbody tr").nth(0).getByRole("button").click();
    await page.locator(".opinion .fails").waitFor({ state: "detached" });
    await stateWhere(page, "the first answer", ({ works }) => !works);
    assert.ok((await pixels(page, "--bad")) < red / 2, "the marks are gone");
  });
}

browserTest("bars are picked, by pointer and by keys, and numbered", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await openStory(page, host, HOLDS);
  const panel = await tab(page, "Operations");
  await panel.getByText("One order explains all").waitFor();
  const order = await panel.locator("tbody td:last-child").allTextContents();
  // The first put was never sent: it did not happen.
  assert.deepEqual(order, ["not needed", "1", "2"]);
  const bubble = page.getByRole("group", { name: "What can be done here" });
  await sheet(page).focus();
  await page.keyboard.press("[");
  await bubble.getByText("get x → 2 of c2 #2").waitFor();
  await page.keyboard.press("[");
  await bubble.getByText("put x=2 of c1 #1").waitFor();
  await page.keyboard.press("]");
  await bubble.getByText("get x → 2 of c2 #2").waitFor();
  await press(page, "Enter", "the answer", ({ works }) => !works);
  await page.keyboard.press("Escape");
  // The numbers go and come.
  const numbers = page.getByRole("button", { name: "Number the order" });
  assert.equal(await numbers.getAttribute("aria-pressed"), "true");
  const with_order = await pixels(page, "--accent");
  await numbers.click();
  assert.equal(await numbers.getAttribute("aria-pressed"), "false");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.ok((await pixels(page, "--accent")) < with_order, "without numbers");
  await numbers.click();
  await screenshot(page, "an order");
  // By pointer: the last bar ends at the playhead's left.
  const box = await sheet(page).boundingBox();
  let found = false;
  for (let x = box.width - 20; x > 60 && !found; x -= 5) {
    for (let y = box.height * 0.6; y < box.height - 8 && !found; y += 6) {
      await page.mouse.click(box.x + x, box.y + y);
      found = await bubble.locator("b.operation").isVisible();
    }
  }
  assert.ok(found, "a bar under the pointer");
});

// How the lab's page is laid out: one row of tabs, room for what a lab shows, one scale of time, levers that stay
// where they are; and what stands on it at a first visit.

import assert from "node:assert/strict";

import { browserTest, open, screenshot } from "./harness.mjs";
import { nodes, openStory, pause, state, stateWhere } from "./lab.mjs";

const WINDOWS = [
  { locale: "en-GB", viewport: { width: 1440, height: 900 } },
  { locale: "zh-CN", colorScheme: "dark", viewport: { width: 1280, height: 720 } },
];
// Those with the longest names, the most tabs, and the largest picture in a panel.
const LABS = ["load-balancer", "task-queue", "chubby", "hash-ring"];

const height = async (part) => (await part.boundingBox()).height;

/** The tabs of which a part is seen, and a part is not. */
const cut = (page) => page.locator(".known .tabs").evaluate((row) => {
  const { left, right, top, bottom } = row.getBoundingClientRect();
  const seen = (box) => Math.min(box.right, right) - Math.max(box.left, left) > 0 && Math.min(box.bottom, bottom) - Math.max(box.top, top) > 0;
  const whole = (box) => box.left >= left && box.right <= right && box.top >= top - 0.5 && box.bottom <= bottom + 0.5;
  const tabs = [...row.children].filter((tab) => seen(tab.getBoundingClientRect()) && !whole(tab.getBoundingClientRect()));
  return tabs.map((tab) => tab.textContent);
});

for (const settings of WINDOWS) {
  const { width } = settings.viewport;
  browserTest(`tabs are one row, and panels have most of the column, ${width}`, settings, async ({ page, host }) => {
    for (const lab of LABS) {
      await open(page, `${host.url}#/${lab}`);
      await stateWhere(page, lab, (now) => now.lab === lab);
      await pause(page);
      const row = page.locator(".known .tabrow");
      assert.ok((await height(row)) < 46, `${lab}: the tabs are ${await height(row)} high`);
      const share = (await height(page.locator(".known"))) / (await height(page.locator(".bench > aside")));
      assert.ok(share > 0.59, `${lab}: ${share} of the column`);
      // Every tab is in the list, and the last one can be had by it.
      const list = page.locator(".alltabs select");
      const names = await list.locator("option").evaluateAll((all) => all.map((each) => each.value));
      assert.equal(names.length, await page.locator(".known [role=tab]").count());
      await list.selectOption(names.at(-1));
      const last = page.locator(".known [role=tab][aria-selected=true]");
      assert.equal(await last.getAttribute("id"), `side-tab-${names.at(-1)}`);
      const [tab, tabs] = [await last.boundingBox(), await row.boundingBox()];
      assert.ok(tab.x >= tabs.x && tab.x + tab.width <= tabs.x + tabs.width, `${lab}: the open tab is in sight`);
      assert.ok(tab.y < tabs.y + 10, `${lab}: the open tab is in the row`);
      assert.deepEqual(await cut(page), [], `${lab}: with the last tab open`);
      await list.selectOption(names[0]);
      assert.deepEqual(await cut(page), [], `${lab}: with the first tab open`);
      await screenshot(page, `the desk of ${lab} ${width}`);
    }
  });
}

browserTest("levers and tabs stay where they are when what is on them changes", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  const boxes = async () => {
    const parts = page.locator(".levers button, .clock, .known [role=tab]");
    return (await parts.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()))).map(
      ({ x, width }) => [x, width],
    );
  };
  await page.getByRole("button", { name: /Pause/ }).waitFor();
  const playing = await boxes();
  await pause(page);
  await page.getByRole("button", { name: /Play/ }).waitFor();
  assert.deepEqual(await boxes(), playing, "paused");
  await nodes(page, /^n2,/).click();
  await page.getByRole("tab", { name: /n2/ }).waitFor();
  assert.deepEqual(await boxes(), playing, "a node selected");
});

browserTest("a short run fills the diagram, on the scale of the scrub bar; of a long one a wedge shows the part", {}, async ({ page, host }) => {
  const shown = (how) => page.locator(`.timeline[data-shown=${how}]`).waitFor();
  await openStory(page, host, "lab heartbeat seed=7\nrun 1900ms\n");
  await shown("whole");
  assert.equal(Number(await page.locator(".scrubber").getAttribute("max")), 2_000_000);
  const [bar, sheet] = [await page.locator(".scrub").boundingBox(), await page.locator(".sheet").boundingBox()];
  // The lanes begin 58 px from the left and end 14 px from the right (timeline/diagram.rs).
  assert.ok(Math.abs(bar.x - sheet.x - 58) <= 1, `${bar.x - sheet.x}`);
  assert.ok(Math.abs(sheet.x + sheet.width - bar.x - bar.width - 14) <= 1);
  await screenshot(page, "one scale for both");
  await openStory(page, host, "lab heartbeat seed=7\nrun 60s\n");
  await shown("part");
  await screenshot(page, "a part of a long run");
  await page.getByRole("button", { name: "The whole run so far" }).click();
  await shown("whole");
});

browserTest("a quiet stretch passes quicker than the speed says", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/task-queue`);
  const began = Date.now();
  // At one twentieth half a second takes ten.
  await stateWhere(page, "the first half second", ({ time_us: now }) => now > 500_000);
  assert.ok(Date.now() - began < 8_000, `${Date.now() - began} ms`);
});

browserTest("the front page tells of no last runs before there are any", {}, async ({ page, host }) => {
  await open(page, host.url);
  const runs = page.getByText("Last runs", { exact: true });
  assert.ok(!(await runs.isVisible()));
});

browserTest("what begins an experiment is in sight", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  for (const lab of ["raft", "load-balancer", "hash-ring"]) {
    await open(page, `${host.url}#/${lab}?experiment`);
    const box = await page.getByRole("button", { name: "Run", exact: true }).boundingBox();
    assert.ok(box.y + box.height < 900, `${lab}: at ${box.y}`);
  }
});

browserTest("the checks are told in a line", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await openStory(page, host, "lab raft seed=7\nrun until leader\n");
  const line = page.locator(".checks h2 small");
  assert.match(await line.textContent(), /^all hold so far · \d+ not seen yet/);
  assert.ok((await state(page)).step > 0);
});

browserTest("in a low window the levers of the diagram cover none of the player's", { viewport: { width: 1280, height: 720 } }, async ({ page, host }) => {
  for (const place of ["#/raft", "#/raft?lesson=elections&page=3"]) {
    await page.goto("about:blank");
    await open(page, host.url + place);
    await page.locator(".zoom").waitFor();
    const covered = () =>
      page.evaluate(() => {
        const zoom = document.querySelector(".zoom").getBoundingClientRect();
        const meets = (box) => box.left < zoom.right && zoom.left < box.right && box.top < zoom.bottom && zoom.top < box.bottom;
        const all = [...document.querySelectorAll(".bar .tbtn, .bar select")];
        return all.filter((lever) => meets(lever.getBoundingClientRect())).map((lever) => lever.className);
      });
    assert.deepEqual(await covered(), [], place);
  }
});

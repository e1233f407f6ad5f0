// Little room: phones upright and lying, narrow windows, small embeds. What is needed is seen, and nothing lies over it.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { assertFits, leader, nodes, openStory, pause, state, stateWhere, until } from "./lab.mjs";

const touch = { hasTouch: true, isMobile: true };
const upright = { ...touch, viewport: { width: 390, height: 844 } };
const lying = { ...touch, viewport: { width: 844, height: 390 } };
const LED = "lab raft seed=7\nrun until leader\nrun 200ms\n";

/** The boxes of what a selector finds and is seen. */
const boxes = (page, selector) =>
  page.evaluate((selector) => {
    const seen = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
    return seen.map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { name: (element.ariaLabel ?? element.textContent).trim().slice(0, 24), left, top, right, bottom };
    });
  }, selector);

const within = (inner, outer) =>
  inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5 && inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5;
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Every node is in the window, over what sticks to its foot, and none touches another. */
async function assertStageSeen(page) {
  const { width, height } = page.viewportSize();
  const [foot] = await boxes(page, ".timeline");
  const all = await boxes(page, ".field .node");
  assert.ok(all.length >= 5);
  const seen = { left: 0, top: 0, right: width, bottom: Math.min(height, foot.top) };
  const hidden = all.filter((node) => !within(node, seen));
  assert.deepEqual(hidden, [], `nodes that are not seen over ${JSON.stringify(foot)}`);
  const close = all.flatMap((a, i) => all.slice(i + 1).filter((b) => meet(a, b)).map((b) => [a.name, b.name]));
  assert.deepEqual(close, [], "nodes that touch");
}

/** What can be done to the lowest node covers neither it nor another one. */
async function assertActionsBeside(page) {
  const all = await boxes(page, ".field .node");
  const lowest = all.reduce((low, node) => (node.bottom > low.bottom ? node : low));
  await nodes(page, lowest.name).tap();
  await page.locator(".actions:not([hidden])").waitFor();
  const [bar] = await boxes(page, ".actions");
  const centre = ({ left, right, top, bottom }) => ({ left: (left + right) / 2, right: (left + right) / 2, top: (top + bottom) / 2, bottom: (3 * bottom + top) / 4 });
  const covered = (await boxes(page, ".field .node")).filter((node) => meet(bar, centre(node)));
  assert.deepEqual(covered, [], `under ${JSON.stringify(bar)}`);
}

for (const [name, settings] of [["upright", upright], ["lying", lying]]) {
  browserTest(`a phone, ${name}: the stage is seen, and stepped through`, settings, async ({ page, host }) => {
    await openStory(page, host, LED);
    await leader(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    await assertFits(page);
    await assertStageSeen(page);
    await screenshot(page, `a phone ${name}`);
    const { height } = page.viewportSize();
    const [foot] = await boxes(page, ".timeline");
    assert.ok(height - foot.top <= 120, `the levers of time take ${height - foot.top} pixels`);
    for (const lever of ["One step back", "One step forward"]) {
      const [box] = await boxes(page, `.levers [aria-label="${lever}"]`);
      assert.ok(box.bottom <= height, `${lever}: ${JSON.stringify(box)}`);
    }
    const before = await state(page);
    await page.getByRole("button", { name: "One step back" }).tap();
    await stateWhere(page, "one step back", ({ step }) => step === before.step - 1);
    await page.getByRole("button", { name: "One step forward" }).tap();
    await stateWhere(page, "the step again", ({ hash }) => hash === before.hash);
    await assertActionsBeside(page);
    await screenshot(page, `a phone ${name}, a node chosen`);
    // The rest of the card comes into the window at the end of the page.
    await page.evaluate(() => window.scrollTo(0, document.scrollingElement.scrollHeight));
    const [sheet] = await boxes(page, ".timeline .sheet");
    assert.ok(sheet.bottom <= height + 1 && sheet.bottom - sheet.top >= 120, JSON.stringify(sheet));
    await assertAccessible(page);
  });
}

browserTest("on a phone that stands the panel is seen below the picture, and the tools come after it", upright, async ({ page, host }) => {
  for (const lab of ["raft", "load-balancer"]) {
    await page.goto("about:blank");
    await open(page, `${host.url}#/${lab}`);
    await pause(page);
    const [[panel], [foot], [tools]] = [await boxes(page, ".known"), await boxes(page, ".timeline"), await boxes(page, ".stage > .palette")];
    assert.ok(panel.top + 120 <= foot.top, `${lab}: the panel begins at ${panel.top}, the levers of time at ${foot.top}`);
    assert.ok(tools.top >= panel.bottom, `${lab}: the tools begin at ${tools.top}`);
    await assertFits(page);
  }
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 1280, height: 720 }]) {
  browserTest(`a hundred servers stand whole on the stage, ${viewport.width}`, { viewport }, async ({ page, host }) => {
    const story = encodeURIComponent("lab load-balancer servers=100\nrun 10ms\n");
    await open(page, `${host.url}#/load-balancer?story=${story}`);
    await stateWhere(page, "the story", ({ works }) => !works);
    const [[field], all] = [await boxes(page, ".field"), await boxes(page, ".field .node")];
    assert.equal(all.length, 102);
    // A cell reaches a little further than the button over it.
    const half = ((all.at(-1).right - all.at(-1).left) / 2) * 1.15;
    for (const { left, right, top, bottom } of all) {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const whole = x - half >= field.left && x + half <= field.right && y - half >= field.top && y + half <= field.bottom;
      assert.ok(whole, `${x}, ${y} with ${half} on ${JSON.stringify(field)}`);
    }
  });
}

browserTest("a lesson on a phone that lies: the words beside the stage", lying, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await assertFits(page);
  const [words] = await boxes(page, ".lesson");
  const all = await boxes(page, ".field .node");
  assert.ok(all.every((node) => node.left >= words.right && node.bottom <= 390), JSON.stringify([words, ...all]));
  await screenshot(page, "a lesson on a phone that lies");
  await page.getByRole("button", { name: "Watch them talk" }).tap();
  await stateWhere(page, "time to pass", ({ playing }) => playing);
});

/** What stands out of its row, or over its neighbour. */
const crowded = (page, row) =>
  page.evaluate((row) => {
    const faults = [];
    for (const bar of document.querySelectorAll(row)) {
      const edge = (bar.closest(".timeline") ?? bar).getBoundingClientRect();
      const right = Math.min(edge.right, innerWidth);
      const all = [...bar.querySelectorAll("button, a, select, summary, h1")].filter((element) => element.checkVisibility() && !element.closest(".setup > .card"));
      const box = (element) => element.getBoundingClientRect();
      for (const [i, element] of all.entries()) {
        const { left, right: end, top, bottom } = box(element);
        const name = `${row} “${element.textContent.trim().slice(0, 12)}”`;
        if (end > right + 0.5 || left < edge.left - 0.5) faults.push(`${name} stands out by ${Math.round(end - right)}`);
        const over = all.slice(i + 1).map(box).some((next) => next.left < end - 0.5 && left < next.right - 0.5 && next.top < bottom - 0.5 && top < next.bottom - 0.5);
        if (over) faults.push(`${name} lies over the next`);
      }
    }
    return faults;
  }, row);

for (const locale of ["en-GB", "zh-CN"]) {
  browserTest(`head and levers fit every width, ${locale}`, { locale, viewport: { width: 1300, height: 720 } }, async ({ page, host }) => {
    for (const place of ["#/lock-queue", "#/load-balancer", "#/raft?lesson=start", "#/lessons", "#/compare"]) {
      await page.goto("about:blank");
      await open(page, host.url + place);
      if (!["#/lessons", "#/compare"].includes(place)) await pause(page);
      for (const width of [1300, 1180, 1080, 1000, 900, 800, 761, 760, 600, 480, 390, 340]) {
        await page.setViewportSize({ width, height: 720 });
        const read = async () => [...(await crowded(page, ".head")), ...(await crowded(page, ".timeline .bar"))];
        const faults = await until(page, "the layout", read, () => true);
        assert.deepEqual(faults, [], `${place} at ${width}`);
        await assertFits(page);
      }
    }
  });
}

for (const [width, height] of [[320, 240], [400, 300], [640, 360]]) {
  browserTest(`an embed of ${width} by ${height} uses its stage`, { viewport: { width, height } }, async ({ page, host }) => {
    await page.goto(`${host.url}#/raft?embed=1&story=leader-crash`);
    await page.locator(".nodes button").nth(4).waitFor();
    const read = async () => [await boxes(page, ".field"), await boxes(page, ".field .node")];
    const shareOf = ([[field], all]) => {
      const servers = all.filter((node) => /^n\d/.test(node.name));
      const [top, bottom] = [Math.min(...servers.map((node) => node.top)), Math.max(...servers.map((node) => node.bottom))];
      return (bottom - top) / (field.bottom - field.top);
    };
    // The stage takes its size when the browser has told it.
    const [[field], all] = await until(page, "servers over half of the height", read, (all) => shareOf(all) > 0.5);
    assert.ok(all.every((node) => within(node, field)), JSON.stringify([field, ...all]));
    const close = all.flatMap((a, i) => all.slice(i + 1).filter((b) => meet(a, b)).map((b) => [a.name, b.name]));
    assert.deepEqual(close, [], "nodes that touch");
    assert.deepEqual(await crowded(page, ".timeline .bar"), []);
  });
}

browserTest("the tiny pictures show every node whole", {}, async ({ page, host }) => {
  await open(page, host.url);
  const pictures = page.locator(".cards .picture");
  await until(page, "the pictures", () => page.locator(".cards .picture .nodes > g").count(), (count) => count > 20);
  for (const picture of await pictures.all()) {
    const faults = await picture.evaluate((svg) => {
      const { x, y, width, height } = svg.viewBox.baseVal;
      const shapes = [...svg.querySelectorAll(".nodes circle, .nodes rect")].map((shape) => shape.getBBox());
      const out = shapes.filter((box) => box.x < x || box.y < y || box.x + box.width > x + width || box.y + box.height > y + height);
      return out.length;
    });
    assert.equal(faults, 0, await picture.evaluate((svg) => svg.closest("a").href));
  }
});

browserTest("what is harmful can be read under the pointer", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await openStory(page, host, LED);
    await nodes(page, /^n1/).click();
    await page.getByRole("toolbar").getByRole("button", { name: "Kill", exact: true }).hover();
    await assertAccessible(page);
    await page.locator(".pbtn.harmful").first().hover();
    await assertAccessible(page);
    await page.goto("about:blank");
  }
});

browserTest("a wrong word is told with few of those that there are", {}, async ({ page, host }) => {
  const notice = page.locator(".notice:not(.rest) span");
  await page.goto(`${host.url}#/raft?story=${encodeURIComponent("lab raft seed=7\nkilt n1\n")}`);
  const said = await until(page, "the notice", () => notice.textContent(), (text) => text.includes("kilt"));
  assert.match(said, /“kilt” is no command here; known are: kill, /);
  assert.ok(said.split(", ").length < 18, said);
  await page.goto("about:blank");
  await page.goto(`${host.url}#/raft?nodes=0`);
  await notice.getByText(/“nodes” is a parameter of this lab/).waitFor();
});

browserTest("a message that was dropped says why it went", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  const { step } = await openStory(page, host, `${LED}run until message AppendReply\n`);
  await page.getByRole("tab", { name: /^Messages/ }).click();
  const panel = page.getByRole("tabpanel");
  await panel.locator("li button").first().click();
  await panel.getByRole("button", { name: "Drop", exact: true }).click();
  await stateWhere(page, "the drop", (now) => now.step > step);
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowRight");
  await stateWhere(page, "later", (now) => now.step > step + 8);
  await page.locator(".why h2", { hasText: "Why was" }).waitFor();
  assert.ok((await page.locator(".why li").count()) > 0, "the card of causes is empty");
});

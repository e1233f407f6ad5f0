// Every page in both languages, light, dark and for the projector; at 200 %; in forced colours; by keys alone.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { assertFits, nodes, openStory, pause, stateWhere, until } from "./lab.mjs";

const RAFT = `lab raft seed=7
run until leader
run 300ms
kill n2
pause n3
run 400ms
`;

/** A click on the `nth` thing that a selector finds. The names are in another language each time. */
const click = (page, selector, nth = 0) => page.locator(selector).nth(nth).click();

/** Opens each of the tabs of a drawer, and looks at it. */
async function lookAtTabs(page, drawer) {
  for (const tab of await page.locator(`${drawer} [role=tab]`).all()) {
    await tab.click();
    await assertAccessible(page, "every");
  }
}

for (const locale of ["en-GB", "zh-CN"]) {
  for (const colorScheme of ["light", "dark"]) {
    const settings = { locale, colorScheme, viewport: { width: 1440, height: 900 } };
    const name = `${locale} ${colorScheme}`;
    browserTest(`every page is for everybody, ${name}`, settings, async ({ page, host }) => {
      for (const place of ["", "#/lessons", "#/articles", "#/compare", "#/heartbeat?lesson=detector", "#/raft?lesson=majority"]) {
        await page.goto("about:blank");
        await open(page, host.url + place);
        await assertAccessible(page, "every");
      }
      await page.goto("about:blank");
      await openStory(page, host, RAFT);
      await page.locator(".head [aria-expanded]", { hasText: /Story|故事/ }).click();
      await lookAtTabs(page, ".drawer");
      await page.locator(".head [aria-expanded]", { hasText: /Compare|比较/ }).click();
      // What it needs of the program may be under way.
      await page.locator(".drawer [role=tab]", { hasText: /^(Side by side|并排运行)/ }).waitFor();
      await lookAtTabs(page, ".drawer");
      await page.keyboard.press("Escape");
      await click(page, ".head .share");
      await page.locator("dialog[open]").waitFor();
      await assertAccessible(page, "every");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.locator("dialog[open]").waitFor();
      await assertAccessible(page, "every");
      await page.keyboard.press("Escape");
      await page.keyboard.press("p");
      await page.locator("[data-presenting=asking]").waitFor();
      await page.keyboard.press("n");
      await assertAccessible(page, "every");
      await page.keyboard.press("a");
      await page.locator("[data-presenting=telling]").waitFor();
      await assertAccessible(page, "every");
    });
  }
}

/** What can be pressed or filled, is seen, and yet cannot be brought into the window or lies under something. */
const outOfReach = (page) =>
  page.evaluate(async () => {
    const faults = [];
    const controls = "a[href], button, input, select, textarea, summary";
    for (const element of document.querySelectorAll(controls)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled || element.closest("[inert]")) continue;
      element.scrollIntoView({ block: "center", inline: "center" });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const box = element.getBoundingClientRect();
      // Marks of the time axis may lie over each other; they are in lists, too.
      if (element.matches(".tick")) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const there = document.elementFromPoint(x, y);
      const reached = there && (element.contains(there) || there.contains(element) || there.closest("label")?.control === element);
      if (!reached) faults.push(`${element.tagName} “${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}” under ${there?.className}`);
    }
    return faults;
  });

for (const locale of ["en-GB", "zh-CN"]) {
  // 200 % of a screen of 1280 x 720.
  const zoomed = { locale, viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 };
  browserTest(`at 200 % nothing is lost, ${locale}`, zoomed, async ({ page, host }) => {
    for (const place of ["", "#/lessons", "#/articles", "#/compare", "#/raft", "#/raft?lesson=elections", "#/heartbeat"]) {
      await page.goto("about:blank");
      await open(page, host.url + place);
      if (place.includes("raft") || place.includes("heartbeat")) await pause(page);
      await assertFits(page);
      assert.deepEqual(await outOfReach(page), [], place);
      await screenshot(page, `zoomed ${locale} ${place}`);
    }
    await openStory(page, host, RAFT);
    await page.keyboard.press("n");
    await page.locator(".actions:not([hidden])").waitFor();
    assert.deepEqual(await outOfReach(page), [], "with a node selected");
    for (const drawer of [/Story|故事/, /Compare|比较/]) {
      await page.locator(".head [aria-expanded]", { hasText: drawer }).click();
      await assertFits(page);
      assert.deepEqual(await outOfReach(page), [], `${drawer}`);
      await screenshot(page, `zoomed ${locale} ${drawer}`);
      await page.locator(".head [aria-expanded]", { hasText: drawer }).click();
    }
  });
}

/** What of a node's ring and of its inside is inked on the lower canvas of the stage, as shares. */
function inked(page, name) {
  return page.evaluate((name) => {
    const canvas = document.querySelector(".field canvas");
    const button = [...document.querySelectorAll(".field .node")].find((node) => node.ariaLabel.startsWith(`${name},`));
    const [sheet, box] = [canvas.getBoundingClientRect(), button.getBoundingClientRect()];
    const scale = canvas.width / sheet.width;
    const [x, y] = [(box.left + box.width / 2 - sheet.left) * scale, (box.top + box.height / 2 - sheet.top) * scale];
    const context = canvas.getContext("2d");
    const ground = { Canvas: getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number) }.Canvas;
    const ink = (px, py) => {
      const [r, g, b, a] = context.getImageData(Math.round(px), Math.round(py), 1, 1).data;
      return a > 96 && Math.abs(r - ground[0]) + Math.abs(g - ground[1]) + Math.abs(b - ground[2]) > 200;
    };
    // The radius is where the outermost ink is, on most rays. The button is as large as the node.
    const radius = (box.width / 2) * scale;
    let [ring, rays, inside, dots] = [0, 0, 0, 0];
    for (let angle = 0; angle < 360; angle += 2) {
      const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      let hits = 0;
      for (let r = radius - 12 * scale; r < radius + 6 * scale; r += 1) hits += ink(x + dx * r, y + dy * r);
      ring += hits / scale;
      rays += hits > 0;
      // Words stand in the middle: only what is above and below them counts.
      if (Math.abs(dy) < 0.8) continue;
      for (let r = radius * 0.65; r < radius - 14 * scale; r += 1) {
        dots += 1;
        inside += ink(x + dx * r, y + dy * r);
      }
    }
    return { ring: ring / 180, whole: rays / 180, inside: inside / Math.max(dots, 1) };
  }, name);
}

for (const colorScheme of ["light", "dark"]) {
  const forced = { forcedColors: "active", colorScheme, viewport: { width: 1440, height: 900 } };
  browserTest(`in forced colours states differ by more than a colour, ${colorScheme}`, forced, async ({ page, host }) => {
    await openStory(page, host, RAFT);
    await page.keyboard.press("Escape");
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    const button = (name) => nodes(page, new RegExp(`^${name},`)).getAttribute("aria-label");
    const labels = Object.fromEntries(await Promise.all(["n1", "n2", "n3", "n4", "n5"].map(async (n) => [n, await button(n)])));
    const find = (word) => Object.keys(labels).find((node) => labels[node].includes(word));
    const [lead, follow, down, paused] = [", leader", ", follower", "down", "paused"].map(find);
    assert.ok(lead && follow && down && paused, JSON.stringify(labels));
    await screenshot(page, `forced colours ${colorScheme}`);
    const looks = { lead: await inked(page, lead), follow: await inked(page, follow), down: await inked(page, down), paused: await inked(page, paused) };
    const told = JSON.stringify(looks);
    assert.ok(looks.follow.whole > 0.95 && looks.follow.ring > 1, `a follower has a ring: ${told}`);
    assert.ok(looks.lead.ring > 1.6 * looks.follow.ring, `the leader's is stronger: ${told}`);
    assert.ok(looks.paused.whole < 0.8, `a paused one's is dotted: ${told}`);
    assert.ok(looks.down.inside > 0.08 && looks.follow.inside < 0.02, `one that is down is hatched: ${told}`);

    // What is chosen is told by a ground that the system chose.
    const grounds = await page.locator(".known [role=tab]").evaluateAll((tabs) =>
      tabs.map((tab) => [tab.ariaSelected, getComputedStyle(tab).backgroundColor]),
    );
    const chosen = grounds.filter(([on]) => on === "true").map(([, ground]) => ground);
    assert.equal(chosen.length, 1);
    assert.ok(grounds.every(([on, ground]) => (on === "true") === (ground === chosen[0])), JSON.stringify(grounds));
    // The marks over the time axis are seen.
    const mark = await page.locator(".tick").first().evaluate((tick) => {
      const canvas = getComputedStyle(document.body).backgroundColor;
      return [getComputedStyle(tick, "::before").backgroundColor, canvas];
    });
    assert.notEqual(mark[0], mark[1]);
  });
}

/** Goes on with Tab until the focus is on something of this name. */
async function tabTo(page, pattern, most = 120) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return `${element.ariaLabel ?? ""} ${element.textContent ?? ""}`.trim();
    });
    if (pattern.test(name)) {
      const seen = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      });
      assert.ok(seen, `the focus on “${name.slice(0, 60)}” is seen`);
      return name;
    }
  }
  assert.fail(`no ${pattern} within ${most} presses of Tab`);
}

browserTest("a leader is killed by Tab and Enter alone", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await open(page, host.url);
  await tabTo(page, /^Raft/);
  await page.keyboard.press("Enter");
  await stateWhere(page, "the lab", ({ lab }) => lab === "raft");
  await nodes(page, /, leader/).first().waitFor();
  await pause(page);
  const name = (await tabTo(page, /^n\d, leader/)).split(",")[0];
  await page.keyboard.press("Enter");
  await tabTo(page, /^Kill/);
  await page.keyboard.press("Enter");
  const label = await until(page, "a dead leader", () => nodes(page, new RegExp(`^${name},`)).getAttribute("aria-label"), (label) => /down/.test(label));
  assert.match(label, new RegExp(`^${name}, down`));
  // What happened is told to who does not see it.
  await page.locator("[role=status]", { hasText: new RegExp(name) }).first().waitFor({ state: "attached" });
});

browserTest("with reduced motion nothing moves by itself", { reducedMotion: "reduce" }, async ({ page, host }) => {
  await open(page, host.url);
  const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
  assert.equal(moving, 0);
  await open(page, `${host.url}#/raft`);
  const still = await stateWhere(page, "the lab", ({ lab }) => lab === "raft");
  assert.equal(still.playing, false, "a lab waits for its first press");
});

// Where one is: what the tab is called, what has the focus, and what an address says of a story.

import assert from "node:assert/strict";

import { browserTest, open, screenshot } from "./harness.mjs";
import { address, leader, pause, state, stateWhere, type, until } from "./lab.mjs";

const WIDE = { viewport: { width: 1440, height: 900 } };
const LOW = { viewport: { width: 1280, height: 720 } };
const FIGURE = "Figure 8: an entry of an earlier term is not committed by counting";

const titled = (page, title) => until(page, `the title “${title}”`, () => page.title(), (now) => now === title);
/** What has the focus: its kind, and what it says or is called. */
const focused = (page) => page.evaluate(() => {
  const { localName, textContent, ariaLabel } = document.activeElement;
  return `${localName} ${localName === "body" ? "" : (ariaLabel ?? textContent).trim()}`;
});
const focusOn = (page, wanted) => until(page, `the focus on ${wanted}`, focused, (now) => wanted.test(now));

browserTest("the tab says where one is, in both languages", WIDE, async ({ page, host }) => {
  await open(page, host.url);
  await titled(page, "Splitbrain");
  await page.locator("nav.places").getByRole("link", { name: "Lessons" }).click();
  await titled(page, "Lessons – Splitbrain");
  await open(page, `${host.url}#/raft`);
  await titled(page, "Raft – Splitbrain");
  await open(page, `${host.url}#/raft?lesson=elections`);
  await until(page, "the lesson's title", () => page.title(), (now) => /^.+ – Raft – Splitbrain$/.test(now));
  const title = await page.locator(".lessonhead span").first().textContent();
  await titled(page, `${title} – Raft – Splitbrain`);
  await open(page, `${host.url}#/raft?experiment=election-time`);
  await titled(page, "How long an election takes – Raft – Splitbrain");
  await page.getByRole("button", { name: "中文" }).click();
  const chinese = await until(page, "the title in Chinese", () => page.title(), (now) => /[\u4e00-\u9fff]/.test(now));
  assert.match(chinese, / – Raft – Splitbrain$/);
});

browserTest("who goes somewhere by keys is told where, and who loads the page is not", WIDE, async ({ page, host }) => {
  await open(page, host.url);
  assert.equal(await focused(page), "body ");
  await page.locator(".cards a[href='#/raft']").focus();
  await page.keyboard.press("Enter");
  await page.locator(".lab-page").waitFor();
  await focusOn(page, /^h1 Raft$/);
  // The keys of the lab go on from there.
  await pause(page);
  const { step } = await state(page);
  await page.keyboard.press("ArrowRight");
  await stateWhere(page, "a step", (now) => now.step > step);
  await page.goBack();
  await page.locator(".front-page").waitFor();
  await focusOn(page, /^h1 /);
  await page.goto("about:blank");
  await open(page, `${host.url}#/raft`);
  await page.locator(".lab-page").waitFor();
  assert.equal(await focused(page), "body ");
});

browserTest("the lessons of a card are those of its lab", WIDE, async ({ page, host }) => {
  await open(page, host.url);
  const card = page.locator(".cards > li").filter({ has: page.locator("a[href='#/paxos']") });
  await card.locator(".minutes").focus();
  await page.keyboard.press("Enter");
  await page.locator("main.listing").waitFor();
  await focusOn(page, /^h2 Paxos/);
  const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 400, `the group is in view, at ${top}`);
});

browserTest("a story keeps its title over a reload, and is opened by its id", WIDE, async ({ page, host }) => {
  const subject = page.locator(".subject:not([hidden])");
  await open(page, `${host.url}#/raft?story=figure-8`);
  await subject.getByText(FIGURE).waitFor();
  await titled(page, `${FIGURE} – Raft – Splitbrain`);
  await pause(page);
  await page.keyboard.press("ArrowRight");
  await stateWhere(page, "a step", ({ step }) => step > 0);
  const url = await address(page);
  assert.match(url, /opened=figure-8&/);
  await page.reload();
  await subject.getByText(FIGURE).waitFor();
  assert.match(await address(page), /opened=figure-8&/);
  // A new run is no story any more.
  await page.getByRole("button", { name: /A new run with another seed/ }).click();
  await subject.waitFor({ state: "detached" });
  // What a stranger writes there does nothing.
  for (const wrong of ["nowhere", "%3Cimg%20src=x%3E"]) {
    await page.goto("about:blank");
    await open(page, url.replace("opened=figure-8", `opened=${wrong}`));
    await page.locator(".lab-page").waitFor();
    const now = await stateWhere(page, "the run", ({ step, works }) => step > 0 && !works);
    assert.ok(url.includes(now.hash));
    assert.equal(await subject.count(), 0, wrong);
    await titled(page, "Raft – Splitbrain");
  }
  await page.goto("about:blank");
  await open(page, `${host.url}#/raft?story=no-such-story`);
  await page.locator(".notice:not(.rest)").getByText(/no story of the name “no-such-story”/).waitFor();
  assert.equal(new URL(page.url()).hash, "#/");
});

browserTest("the parameters close by Escape and by a click beside them", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  const [word, open_] = [page.locator(".setup > summary"), page.locator(".setup[open]")];
  await word.click();
  await page.locator(".setup input").first().focus();
  await page.keyboard.press("Escape");
  await open_.waitFor({ state: "detached" });
  await focusOn(page, /^summary Parameters/);
  await word.click();
  await page.locator(".setup .card").click({ position: { x: 5, y: 5 } });
  assert.equal(await open_.count(), 1);
  await page.locator(".timeline").click({ position: { x: 300, y: 60 } });
  await open_.waitFor({ state: "detached" });
});

browserTest("who kills by keys goes on from what came in its place", LOW, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  const lead = await leader(page);
  await pause(page);
  await page.locator(`.node[aria-label^="${lead},"]`).focus();
  await page.keyboard.press("Enter");
  await page.locator(".actions .act").first().waitFor();
  // One row, of what there is to be done.
  const tops = await page.locator(".actions .act").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1, String(tops));
  const words = () => page.locator(".actions .act").allTextContents();
  assert.ok(!(await words()).some((word) => /^(add|remove|reconfigure)/.test(word)), String(await words()));
  await page.locator(".actions .act").first().focus();
  await page.keyboard.press("Enter");
  await focusOn(page, /^button Restart$/);
  assert.deepEqual(await words(), ["Restart", "Wipe its disk"]);
  await screenshot(page, "a dead node and its bar");
});

browserTest("what is chosen can be read in forced colours, and no unit stands twice", { ...LOW, forcedColors: "active" }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?experiment=election-time`);
  const chosen = page.locator(".trials a[aria-current]");
  const [ground, ink, adjust] = await chosen.evaluate((one) => {
    const style = getComputedStyle(one);
    return [style.backgroundColor, style.color, style.forcedColorAdjust];
  });
  assert.notEqual(ground, ink);
  assert.equal(adjust, "none");
  const hints = await page.locator(".trialform small").allTextContents();
  assert.ok(hints.some((hint) => hint.includes("15ms")), String(hints));
  assert.ok(!hints.some((hint) => /s ms\b/.test(hint)), String(hints));
});

browserTest("who did something embeds this run, and Copy is in view", LOW, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  await type(page, "kill n1");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Embed…" }).click();
  const dialog = page.getByRole("dialog", { name: "Embed this run in a page" });
  assert.equal(await dialog.getByLabel("Begins with").inputValue(), "run");
  assert.match(await dialog.locator("textarea").inputValue(), /moment="/);
  await dialog.getByLabel("For").selectOption("VitePress");
  for (const name of ["Copy the lines", "Close"]) {
    const box = await dialog.getByRole("button", { name }).boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 720, `${name} at ${box.y}`);
  }
});

browserTest("where nothing is under way the page says so", LOW, async ({ page, host }) => {
  await open(page, `${host.url}#/paxos`);
  await page.locator(".hint").getByText(/Nothing is under way/).waitFor();
});

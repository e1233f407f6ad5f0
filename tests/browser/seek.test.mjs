// “Find a run that breaks it”: workers search, what they find is what the command line finds, and opens as a
// story just before the damage; workers that die, or are denied, change nothing in that.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, kept, open, screenshot } from "./harness.mjs";
import { assertFits, explored, pause, press, state, stateWhere, storyOf, tab, until } from "./lab.mjs";

/** Opens Raft at rest with this rule off; none, with all on. */
async function without(page, host, rule) {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  const rules = await tab(page, /^Rules/);
  // The name of a rule switches it, too.
  if (rule) await rules.getByText(rule).click();
  if (rule) await rules.getByRole("switch", { name: rule, checked: false }).waitFor();
  return rules;
}

const seek = (page) => page.getByRole("button", { name: "Find a run that breaks it" }).click();
const drawer = (page) => page.getByRole("region", { name: "Find a run that breaks it" });
const said = (page) => drawer(page).getByRole("status").textContent();
const says = (page, pattern) => until(page, String(pattern), said, (text) => pattern.test(text));
/** What stands under this word in the list of numbers. */
const number = (page, name) =>
  drawer(page).locator("dl div", { has: page.getByText(name, { exact: true }) }).locator("dd").textContent();
const runs = async (page) => Number((await number(page, "runs")).replace(/ of .*|,/g, ""));

/** The story that was found is the one that the command line finds; it stands before the damage. */
async function assertSame(page, rule) {
  await says(page, /^Found/);
  const { found } = explored("raft", rule, 1);
  const sum = await drawer(page).getByText(/^Commands: /).textContent();
  assert.match(sum, new RegExp(`^Commands: ${found.commands}, shrunk from \\d+\\. Found in run ${found.run}\\.$`));
  const { step } = await stateWhere(page, "the story", ({ works }) => !works);
  const late = /^after-calm/.test(found.check);
  assert.equal(step, late ? found.step : found.step - 1);
  const hash = await page.evaluate(async (story) => {
    const program = await import(document.getElementById("program-script").href);
    return program.trace_hash_of(story);
  }, found.story);
  await press(page, "End", "the same trace at its end", (now) => now.hash === hash);
  await drawer(page).getByRole("button", { name: "Back before it" }).click();
  await stateWhere(page, "the step before", (now) => now.step === step);
}

browserTest("rule off, search, the story opens, one step to the red check; rule on, nothing", {}, async ({ page, host }) => {
  const rules = await without(page, host, "Compare logs before voting");
  const before = await state(page);
  await seek(page);
  await assertSame(page, "compare-logs");
  await screenshot(page, "a run that breaks it");
  await assertAccessible(page);
  const found = drawer(page);
  await found.getByText("Here it still holds.").waitFor();
  await found.getByRole("button", { name: "Take that step" }).click();
  await found.getByText("Here it is broken.").waitFor();
  await found.getByRole("button", { name: "Close the search" }).click();
  await page.locator(".chk.bad").first().waitFor();
  assert.ok(await page.locator(".field").getByText(/^Rule off/).isVisible(), "a rule that is off is seen on the stage");
  const link = await until(page, "the rule in the address", () => page.url(), (url) => /[?&]off=compare-logs&/.test(url));
  assert.match(await storyOf(page, link), /^rule compare-logs off$/m);
  // What was there before is kept: the browser's Back brings it.
  await page.goBack();
  await stateWhere(page, "the run before", ({ step, hash }) => step === before.step && hash === before.hash);
  await rules.getByRole("switch", { checked: false }).click();
  await seek(page);
  await says(page, /^Runs are made/);
  await until(page, "some hundred runs", runs, (n) => n >= 300);
  await screenshot(page, "a search with all rules on");
  await assertAccessible(page);
  await found.getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped\. None of these runs breaks it/);
  const made = await runs(page);
  assert.ok(made >= 300);
  await found.getByText(/^Seen: \d+ of \d+ reasons/).click();
  await found.getByText("Not seen yet:").or(found.getByText("Nothing is left unseen.")).waitFor();
  await found.getByRole("button", { name: "Go on" }).click();
  await until(page, "more of the same", runs, (n) => n > made);
});

browserTest("the search works without a network", {}, async ({ page, host }) => {
  await open(page, host.url);
  await kept(page);
  await host.stop();
  // The word of the lab, too, comes from what was kept.
  await without(page, host);
  await seek(page);
  await until(page, "runs of a worker", runs, (n) => n > 50);
  assert.equal(page.workers().filter((each) => each.url().includes("searcher")).length, Number(await number(page, "workers")));
});

browserTest("the bound is reached, and can be gone beyond", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/heartbeat`);
  await pause(page);
  await tab(page, /^Rules/);
  await seek(page);
  await says(page, /^None of these runs breaks it/);
  const made = await runs(page);
  // On a slow machine the minute is over first.
  assert.ok(made === 20_000 || Number(/[\d.]+/.exec(await number(page, "time"))[0]) >= 60, `${made} runs`);
  await drawer(page).getByRole("button", { name: "Go on" }).click();
  await until(page, "more runs", runs, (n) => n > made);
  const line = await drawer(page).locator("code").last().textContent();
  assert.match(line, /^splitbrain explore heartbeat --seeds 1\.\.2/);
  if (made === 20_000) assert.match(line, / --runs 40000$/);
});

/** In the page, before it begins: workers that do what the test says. */
function meddle(how) {
  const Real = window.Worker;
  window.workers = [];
  window.Worker = class extends Real {
    constructor(...args) {
      if (how === "denied") throw new DOMException("no workers here", "SecurityError");
      super(...args);
      window.workers.push(this);
      this.addEventListener("message", () => (window.told += 1));
    }

    postMessage(data) {
      if (typeof data !== "string") return super.postMessage(data);
      // The very first batch is never made: its worker is gone.
      if (how === "dies" && window.workers.length <= 8 && / 0 \d+$/.test(data) && !window.killed) {
        window.killed = true;
        return this.terminate();
      }
      if (how !== "shrinks slowly" || window.quick || !/\nshrink /.test(data)) return super.postMessage(data);
      // One try, and no more.
      if (!window.tried) super.postMessage(data.replace(/^\d+/, "0"));
      window.tried = true;
    }
  };
}

browserTest("a worker that dies in silence is replaced, and what is found is the same", {}, async ({ page, context, host }) => {
  await context.addInitScript(meddle, "dies");
  await without(page, host, "Try further back");
  await seek(page);
  await assertSame(page, "back-up");
  assert.match(await number(page, "workers"), /1 died and were replaced/);
});

browserTest("a worker that throws is replaced, and the search goes on", { expected: [/killed by the test/] }, async ({ page, host }) => {
  await without(page, host);
  await seek(page);
  await until(page, "the first runs", runs, (n) => n > 0);
  const [worker] = page.workers().filter((each) => each.url().includes("searcher"));
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("killed by the test");
    });
  });
  await drawer(page).getByText(/1 died and were replaced/).waitFor();
  const made = await runs(page);
  await until(page, "more runs", runs, (n) => n > made + 50);
  await page.keyboard.press("Escape");
  await drawer(page).waitFor({ state: "detached" });
  await until(page, "the end of the workers", () => page.workers().filter((each) => each.url().includes("searcher")).length, (n) => n === 0);
});

browserTest("where workers are denied it goes on in slices, to the same", {}, async ({ page, context, host }) => {
  await context.addInitScript(meddle, "denied");
  await without(page, host, "Try further back");
  await seek(page);
  await assertSame(page, "back-up");
  await drawer(page).getByRole("button", { name: /^Search again, with seed 2/ }).click();
  await until(page, "the other seed", () => number(page, "seed of the search"), (text) => text === "2");
  await until(page, "the sentence", () => number(page, "workers"), (text) => /in slices, beside the page/.test(text) || text === "–");
  await says(page, /^Found/);
});

const lost = { serviceWorkers: "block", expected: [/searcher/] };
browserTest("where the workers' script does not come it goes on in slices", lost, async ({ page, host }) => {
  await page.route(/searcher/, (route) => route.fulfill({ status: 404, body: "" }));
  await without(page, host);
  await seek(page);
  await drawer(page).getByText("in slices, beside the page").waitFor();
  await until(page, "runs in slices", runs, (n) => n > 50);
  await drawer(page).getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped/);
});

browserTest("what is being shrunk can be stopped, and opened as it is", {}, async ({ page, context, host }) => {
  await context.addInitScript(meddle, "shrinks slowly");
  await without(page, host, "Try further back");
  await seek(page);
  await says(page, /^Run \d+ breaks it/);
  await drawer(page).getByText(/commands of \d+ are left/).waitFor();
  await drawer(page).getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped\. The story could still be shorter/);
  await drawer(page).getByRole("button", { name: "Open the story" }).click();
  await drawer(page).getByText("Here it still holds.").waitFor();
  await drawer(page).getByRole("button", { name: "Take that step" }).click();
  await drawer(page).getByText("Here it is broken.").waitFor();
});

browserTest("a second search that is stopped while it shrinks has a story of its own", {}, async ({ page, context, host }) => {
  await context.addInitScript(meddle, "shrinks slowly");
  await without(page, host, "Try further back");
  await page.evaluate(() => (window.quick = true));
  await seek(page);
  await says(page, /^Found\. Its shortest story is open/);
  await stateWhere(page, "the first story", ({ works }) => !works);
  const first = await storyOf(page, await until(page, "its address", () => page.url(), (url) => /[?&](z|story)=/.test(url)));
  await page.evaluate(() => (window.quick = false));
  await drawer(page).getByRole("button", { name: /^Search again, with seed 2/ }).click();
  await drawer(page).getByText(/commands of \d+ are left/).waitFor();
  // The stage still holds the first story, of which this card says nothing.
  assert.equal(await drawer(page).locator(".whereabouts button:visible").count(), 0);
  await drawer(page).getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped\. The story could still be shorter/);
  assert.equal(await drawer(page).locator(".whereabouts button:visible").count(), 0);
  await drawer(page).getByRole("button", { name: "Open the story" }).click();
  await drawer(page).getByText("Here it still holds.").waitFor();
  await until(page, "another story in the address", async () => storyOf(page, page.url()), (text) => text && text !== first);
});

/** The lesson, if one is open. */
const lesson = (page) => page.locator("section.lesson");

browserTest("a lesson locks the search with the rules, and is left for a story only by who asks", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us === 100_000 && !works);
  const locked = await tab(page, /^Rules/);
  assert.ok(await locked.getByRole("button", { name: "Find a run that breaks it" }).isDisabled());
  await locked.getByText("This step of the lesson keeps the rules as they are").waitFor();
  await open(page, `${host.url}#/raft?lesson=reads&page=2`);
  await lesson(page).locator("section.step.now").waitFor();
  const rules = await tab(page, /^Rules/);
  await rules.getByText("Compare logs before voting").click();
  await rules.getByRole("switch", { name: "Compare logs before voting", checked: false }).waitFor();
  await seek(page);
  await says(page, /^Found\. Its shortest story is not open/);
  assert.ok(await lesson(page).isVisible(), "the lesson is not left unasked");
  await drawer(page).getByText("To open the story leaves the lesson").waitFor();
  await drawer(page).getByRole("button", { name: "Open the story" }).click();
  await lesson(page).waitFor({ state: "detached" });
  await drawer(page).getByText(/^The lesson “.*” was left for this story/).waitFor();
  await screenshot(page, "a lesson left for a story");
  await drawer(page).getByRole("button", { name: "Back to the lesson" }).click();
  await lesson(page).locator("section.step.now").waitFor();
  assert.match(page.url(), /lesson=reads&page=2/);
  await drawer(page).waitFor({ state: "detached" });
});

browserTest("who goes elsewhere ends the search, and its drawer", {}, async ({ page, host }) => {
  await without(page, host);
  await seek(page);
  await until(page, "the first runs", runs, (n) => n > 0);
  await page.evaluate(() => (location.hash = "#/raft?lesson=start"));
  await lesson(page).waitFor();
  await drawer(page).waitFor({ state: "detached" });
  await until(page, "the end of the workers", () => page.workers().filter((each) => each.url().includes("searcher")).length, (n) => n === 0);
});

/** How many frames come within two seconds. */
const frames = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const began = performance.now();
        let count = 0;
        const next = (now) => (now - began < 2000 ? ((count += 1), requestAnimationFrame(next)) : resolve(count));
        requestAnimationFrame(next);
      }),
  );

for (const how of ["with workers", "denied"]) {
  browserTest(`the page stays smooth while it searches, ${how}`, {}, async ({ page, context, host }) => {
    await context.addInitScript(meddle, how);
    await without(page, host);
    await page.keyboard.press(" ");
    const before = await frames(page);
    await seek(page);
    await until(page, "the first runs", runs, (n) => n > 0);
    await page.evaluate(() => (window.told = 0));
    const during = await frames(page);
    await says(page, /^Runs are made/);
    // The workers want the same cores as the page; but a search that held the page up would leave a few frames.
    assert.ok(during > before / 10, `${during} frames in two seconds, and ${before} without a search`);
    const told = await page.evaluate(() => window.told);
    assert.ok(told < 40, `${told} answers in two seconds`);
  });
}

browserTest("a rule that is off is seen by a room, and on a phone", { locale: "zh-Hans-CN" }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?story=${encodeURIComponent("lab raft seed=7\nrule compare-logs off\nrun 300ms\n")}`);
  await stateWhere(page, "the story", ({ works }) => !works);
  await page.keyboard.press("End");
  const badge = page.locator(".field").getByText("规则已关闭：");
  await badge.waitFor();
  await page.keyboard.press("p");
  await page.locator(".presenting").waitFor();
  assert.ok(await badge.isVisible(), "for a room");
  await screenshot(page, "a rule off, presented");
  await page.keyboard.press("p");
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(await badge.isVisible(), "on a phone");
  await page.getByRole("tab", { name: /^规则/ }).click();
  await page.getByRole("button", { name: "找出一次让它失效的运行" }).click();
  await page.locator(".seekfound .whereabouts .btns").waitFor();
  await assertFits(page);
  await assertAccessible(page);
  await screenshot(page, "a run that breaks it, on a phone");
});

// Branches as a tree, two sides compared, charts with their tables, and two runs side by side.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { pause, state, stateWhere, until } from "./lab.mjs";

const STORY = "lab raft seed=7 rate=10\nrun 3s\nkill n1\nrun 2s\n";

/** A run of five seconds, looked at where it is in the middle of the second one, with a branch from there. */
async function forked(page, host) {
  const story = encodeURIComponent(STORY).replaceAll("%20", "+");
  await open(page, `${host.url}#/raft?story=${story}&at=400.1500000`);
  await stateWhere(page, "the place of the link", ({ step, works }) => step === 400 && !works);
  await page.getByRole("button", { name: /^n2,/ }).click();
  await page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Kill", exact: true }).click();
  await stateWhere(page, "a branch", ({ branches }) => branches === 2);
}

async function openDrawer(page, tab) {
  await page.getByRole("button", { name: "Compare", exact: true }).first().click();
  await page.getByRole("tab", { name: tab }).click();
  return page.locator("#study-panel");
}

browserTest("The branches are a tree: named, visited, deleted", {}, async ({ page, host }) => {
  await forked(page, host);
  const drawer = await openDrawer(page, "Branches");
  assert.equal(await drawer.locator("li li").count(), 1, "the second branch hangs from the first");
  await drawer.getByLabel("Name of Branch 2").fill("n2 dies early");
  await drawer.getByLabel("Name of Branch 2").press("Enter");
  await drawer.getByRole("button", { name: "Go there: Branch 1" }).click();
  await stateWhere(page, "the first branch", ({ branch }) => branch === 0);
  assert.ok(await drawer.getByRole("button", { name: "Delete Branch 1" }).isDisabled(), "nobody saws off the branch he sits on");
  await drawer.getByRole("button", { name: "Delete n2 dies early" }).click();
  await stateWhere(page, "one branch", ({ branches }) => branches === 1);
});

browserTest("Two branches are compared, and the first event that differs is gone to", {}, async ({ page, host }) => {
  await forked(page, host);
  for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
  await stateWhere(page, "forty events more", ({ step }) => step === 441);
  const drawer = await openDrawer(page, "Branches");
  await drawer.getByRole("button", { name: "Differences to Branch 1" }).click();
  await drawer.getByText("They part at event 401").waitFor();
  assert.match(await drawer.locator(".parted").textContent(), /Branch 2: command: kill n2/);
  const status = drawer.locator("table tr", { hasText: "Status" });
  assert.deepEqual(await status.locator("td").allTextContents(), ["down", "running"]);
  await screenshot(page, "two branches compared");
  await assertAccessible(page);
  await drawer.getByRole("button", { name: "Go there", exact: true }).click();
  await stateWhere(page, "the parting", ({ step, branch }) => step === 401 && branch === 1);
});

browserTest("A moment is pinned and compared, and a node with another one", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  const drawer = await openDrawer(page, "Differences");
  await drawer.getByRole("button", { name: "Pin this moment" }).click();
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowRight");
  const { step } = await state(page);
  await stateWhere(page, "rest", ({ step: now }) => now === step);
  await drawer.getByLabel("Differences to").selectOption({ index: 1 });
  await drawer.getByText(/values differ/).waitFor();
  assert.match(await drawer.locator("table").textContent(), /term/);
  // Two followers that have nothing yet differ in nothing once both are compared at their beginning.
  await drawer.getByLabel("Differences to").selectOption({ label: "n2 (beside n1)" });
  await drawer.locator("table, p:has-text('Nothing differs')").first().waitFor();
});

browserTest("Counters are lines over time, and tables", {}, async ({ page, host }) => {
  await forked(page, host);
  const drawer = await openDrawer(page, "Charts");
  for (const title of ["Messages sent, by type", "Time to an answer", "Requests answered", "Requests that wait", "Availability"]) {
    assert.ok(await drawer.locator("figcaption").getByText(title, { exact: true }).isVisible(), title);
  }
  const lines = drawer.locator("figure").first().locator("svg[role=img] path.trace");
  assert.equal(await lines.count(), 13, "twelve kinds of messages, and the lost ones");
  assert.match(await lines.nth(2).getAttribute("d"), /^M[\d.]+ [\d.]+/);
  await drawer.getByText("As a table").first().click();
  const rows = drawer.locator("figure").first().locator("tbody tr");
  assert.equal(await rows.count(), 15, "a row for each tenth of a second up to the playhead");
  await screenshot(page, "charts");
  await assertAccessible(page);
});

browserTest("A branch and another lab run beside, with their clocks in step", {}, async ({ page, host }) => {
  await forked(page, host);
  let drawer = await openDrawer(page, "Side by side");
  await drawer.getByRole("button", { name: "Side by side with Branch 1" }).click();
  const second = page.getByRole("region", { name: "The second run" });
  await second.getByText("Branch 1").waitFor();
  for (let i = 0; i < 60; i += 1) await page.keyboard.press("ArrowRight");
  await stateWhere(page, "sixty events more", ({ step }) => step === 461);
  const lost = second.locator("tr", { hasText: "lost" }).locator("td");
  const [left, right] = (await lost.allTextContents()).map(Number);
  assert.ok(left > right && right === 0, `${left} lost with n2 dead, ${right} without`);
  await screenshot(page, "two branches side by side");
  await assertAccessible(page);
  await second.getByRole("button", { name: "Only one run again" }).click();
  // Another lab, with the same seed: the nodes that both have die in both.
  drawer = await openDrawer(page, "Side by side");
  const families = await drawer.getByLabel("Lab", { exact: true }).locator("optgroup").evaluateAll((all) => all.map(({ label }) => label));
  assert.ok(families.includes("Noticing failure") && families.includes("Locks and counters"), `labs by families: ${families}`);
  await drawer.getByLabel("Lab", { exact: true }).selectOption({ label: "Heartbeats" });
  await second.getByText("Heartbeats").waitFor();
  const nodes = () => second.locator("canvas[role=img]").getAttribute("aria-label");
  await until(page, "the death of n2 beside", nodes, (label) => /n1: trusted, n2: down,/.test(label));
  await page.getByRole("button", { name: /^n4,/ }).click();
  await page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Kill", exact: true }).click();
  await until(page, "the death of n4 in both", nodes, (label) => /n4: down/.test(label));
  // Back before both deaths, in both.
  const { step: after } = await state(page);
  await page.keyboard.press("Shift+ArrowLeft");
  await stateWhere(page, "the mark before", ({ step, works }) => step < after && !works);
  await page.keyboard.press("Shift+ArrowLeft");
  await until(page, "both alive", nodes, (label) => !/down/.test(label));
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByText("时钟同步前进").waitFor();
  await screenshot(page, "two labs side by side");
});

browserTest("Two policies run side by side, from the drawer and from the parameters", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/load-balancer`);
  await pause(page);
  const drawer = await openDrawer(page, "Side by side");
  assert.ok(await drawer.getByText("round-robin as here").isVisible(), "what runs here is told, and is no button");
  await drawer.getByRole("button", { name: "Side by side with policy=two-choices" }).click();
  const second = page.getByRole("region", { name: "The second run" });
  await second.getByText("policy = two-choices").waitFor();
  await second.getByRole("button", { name: "Only one run again" }).click();
  await page.locator(".head .setup summary").click();
  await page.locator("#beside-policy").selectOption("random");
  await second.getByText("policy = random").waitFor();
});

browserTest("Escape closes the drawers, from the button that opened them, too", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  for (const name of ["Story", "Lessons", "Compare"]) {
    const button = page.locator(".head").getByRole("button", { name, exact: true });
    await button.click();
    await page.locator(".drawer").waitFor();
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    await button.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    assert.equal(await button.getAttribute("aria-expanded"), "false");
  }
  // Where it means something else, it does that first.
  await page.locator(".head").getByRole("button", { name: "Story", exact: true }).click();
  await page.getByRole("button", { name: /^n2,/ }).click();
  await page.keyboard.press("Escape");
  assert.ok(await page.locator(".drawer").isVisible(), "the first press only selects nothing");
  await page.keyboard.press("Escape");
  await page.locator(".drawer").waitFor({ state: "detached" });
});

browserTest("A story says its title over the stage until the run begins anew, and when one comes back to it", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  assert.ok(await page.locator(".subject").isHidden(), "a lab by itself has no such line");
  await page.locator(".head").getByRole("button", { name: "Story", exact: true }).click();
  await page.getByRole("tab", { name: "Stories" }).click();
  const row = page.locator(".drawer .rows .row").first();
  const title = await row.textContent();
  await row.click();
  await page.locator(".subject b").getByText(title.trim(), { exact: true }).waitFor();
  await screenshot(page, "a story with its title");
  // The address holds it once it is loaded; before that there is nothing to come back to.
  await page.waitForURL(/at=0\.0&/);
  await page.goBack();
  await page.locator(".subject").waitFor({ state: "hidden" });
  await page.goForward();
  await page.locator(".subject b").getByText(title.trim(), { exact: true }).waitFor();
  await page.getByRole("button", { name: /^A new run from the beginning/ }).click();
  await page.locator(".subject").waitFor({ state: "hidden" });
});

browserTest("Clock, scrub bar and playhead go in step while it plays", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await page.getByRole("button", { name: /^Pause/ }).waitFor();
  // Each frame draws the playhead; the clock beside it is written by the same frame, not only with the news of it.
  const told = await page.evaluate(async () => {
    const frame = () => new Promise((then) => requestAnimationFrame(then));
    const clock = document.querySelector(".clock");
    const thumb = document.querySelector(".scrubber");
    const seen = [];
    for (let i = 0; i < 60; i += 1) {
      await frame();
      seen.push([parseFloat(clock.textContent), Number(thumb.value) / 1e6]);
    }
    return seen;
  });
  const news = new Set(told.map(([clock]) => clock)).size;
  assert.ok(news > 20, `the clock said ${news} times in 60 frames; eight times a second would be about eight`);
  for (const [clock, thumb] of told) assert.ok(Math.abs(clock - thumb) <= 0.002, `clock ${clock}, bar ${thumb}`);
});

browserTest("a value of a node's state tells since when it is so", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?story=${encodeURIComponent(STORY).replaceAll("%20", "+")}&at=400.1500000`);
  await stateWhere(page, "the place of the link", ({ step, works }) => step === 400 && !works);
  await page.getByRole("button", { name: /^n2,/ }).click();
  await page.getByRole("tab", { name: "n2" }).click();
  await page.locator("table.facts.memory tr", { hasText: "term" }).first().getByRole("button").click();
  const { lit, step } = await state(page);
  assert.ok(lit[0] < step, "an earlier step is lit in the diagram");
  await page.locator(".why").getByText(`What led to event ${lit[0]}?`).waitFor();
  assert.match(await page.locator(".why").textContent(), /VoteRequest|election/);
});

browserTest("a new branch keeps the marks of its past where they were", {}, async ({ page, host }) => {
  await forked(page, host);
  const marks = await page.locator(".marks .tick").evaluateAll((all) => all.map((mark) => mark.title));
  assert.equal(new Set(marks.map((title) => title.replace(/^\S+ s\s+/, ""))).size, marks.length, marks.join("; "));
  assert.match(marks.at(-1), /kill n2$/, "what was done last stands last");
});

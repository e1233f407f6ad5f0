// The way that every person takes: see a leader, write, kill it, see another, step back, do it
// differently, and hand the link on.

import assert from "node:assert/strict";

import { browserTest, open, screenshot, started } from "./harness.mjs";
import {
  address, assertFits, assertGoldenTraces, leader, nodes, openStory, pause, play, press, state, stateWhere, story, tab,
} from "./lab.mjs";

const wide = { viewport: { width: 1440, height: 900 } };

browserTest("the main path through Raft", wide, async ({ page, context, host }) => {
  await open(page, host.url);
  await screenshot(page, "front");
  const entries = () => page.evaluate(() => history.length);
  const before = await entries();

  await page.locator("a[href='#/raft']").first().click();
  await page.getByLabel("Speed").selectOption({ label: "1/10 speed" });
  const first = await leader(page);

  // What a client writes is seen in the log.
  await page.getByRole("group", { name: /^Ask / }).getByRole("button", { name: /^put x=/ }).click();
  const log = await tab(page, "Log");
  await log.getByText(/entry \d+ of term \d+, x=1: committed/).first().waitFor();
  await pause(page);
  assert.match(await story(page), /^request c1 put x=1$/m);
  await screenshot(page, "raft runs");

  // Its leader is killed, and another one rises.
  await nodes(page, `${first}, leader`).click();
  const alive = await state(page);
  await page.getByRole("toolbar").getByRole("button", { name: "Kill", exact: true }).click();
  const killed = await stateWhere(page, "the kill", ({ step }) => step === alive.step + 1);
  await nodes(page, `${first}, down`).waitFor();
  await screenshot(page, "just killed");
  await play(page);
  const second = await leader(page);
  assert.notEqual(second, first);
  const future = await pause(page);
  await screenshot(page, "another leader");

  // Step by step back, until it lives again.
  for (let { step } = future; step > alive.step; step -= 1) {
    await press(page, "ArrowLeft", "one step back", (now) => now.step === step - 1);
  }
  assert.equal((await state(page)).hash, alive.hash);
  await nodes(page, `${first}, leader`).waitFor();
  await press(page, "ArrowRight", "the kill again", ({ hash }) => hash === killed.hash);
  await press(page, "ArrowLeft", "the life before it", ({ hash }) => hash === alive.hash);

  // Another act makes a branch; the old future is still there.
  await page.keyboard.press("Escape");
  for (let node = 0; node < Number(second.slice(1)); node += 1) await page.keyboard.press("n");
  await page.keyboard.press("k");
  const other = await stateWhere(page, "a branch", ({ branches }) => branches === 2);
  assert.equal(other.branch, 1);
  assert.notEqual(other.hash, killed.hash);
  await nodes(page, `${first}, leader`).waitFor();
  await page.getByText("You changed the past").waitFor();
  const branches = page.getByRole("combobox", { name: /^Branch/ });
  await branches.selectOption("0");
  await stateWhere(page, "the old branch", ({ branch }) => branch === 0);
  await page.keyboard.press("End");
  await stateWhere(page, "its end", ({ hash }) => hash === future.hash);
  await nodes(page, `${second}, leader`).waitFor();
  await branches.selectOption("1");
  await stateWhere(page, "the new branch", ({ branch }) => branch === 1);

  // The link shows somebody else the same, and so does Reload.
  const here = await state(page);
  const same = ({ lab, step, hash }) => lab === "raft" && step === here.step && hash === here.hash;
  const tab2 = await context.newPage();
  await open(tab2, await address(page));
  await stateWhere(tab2, "the same in a new tab", same);
  assert.equal(await tab2.locator(".notice:not(.rest)").isVisible(), false);
  await tab2.close();
  await page.reload();
  await started(page);
  await stateWhere(page, "the same after Reload", same);

  // The lab is one step for the Back button, and all that happened in it is none.
  assert.equal(await entries(), before + 1);
  await page.goBack();
  await page.getByRole("heading", { name: "Break it." }).waitFor();
  await page.goForward();
  await stateWhere(page, "the same after Forward", same);
});

browserTest("the golden stories give in Wasm what they give natively", {}, async ({ page, host }) => {
  await open(page, host.url);
  await assertGoldenTraces(page);
});

const LOG = `lab raft seed=7
run until leader
request c1 put x=1
run until answered
run 300ms
`;

browserTest("the page loads a story as the headless run has it", {}, async ({ page, host }) => {
  const end = await openStory(page, host, LOG);
  const hash = await page.evaluate(async (text) => {
    const program = await import(document.getElementById("program-script").href);
    return program.trace_hash_of(text);
  }, LOG);
  assert.equal(end.hash, hash);
});

browserTest(
  "Raft on a phone, by touch",
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  async ({ page, host }) => {
    await open(page, host.url);
    await assertFits(page);
    await screenshot(page, "phone front");
    await page.locator("a[href='#/raft']").first().tap();
    const first = await leader(page);
    await page.getByRole("button", { name: "Pause", exact: true }).tap();
    await stateWhere(page, "rest", ({ playing }) => !playing);
    await nodes(page, `${first}, leader`).tap();
    const alive = await state(page);
    await page.getByRole("toolbar").getByRole("button", { name: "Kill", exact: true }).tap();
    await stateWhere(page, "the kill", ({ step }) => step === alive.step + 1);
    await nodes(page, `${first}, down`).waitFor();
    await screenshot(page, "phone");
    await assertFits(page);
    await page.getByRole("button", { name: "One step back" }).tap();
    await stateWhere(page, "the life before it", ({ hash }) => hash === alive.hash);
    await page.getByRole("button", { name: "Play", exact: true }).tap();
    await stateWhere(page, "play", ({ playing, step }) => playing && step > alive.step + 5);
    await assertFits(page);
  },
);

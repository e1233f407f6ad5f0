// For the projector: nothing but the run, answers when they are asked for, all by the keyboard.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { openStory, pause, press, state, stateWhere } from "./lab.mjs";

// Without comparing logs a server that lacks a committed entry can lead.
const BROKEN = "lab raft seed=7\nrun until leader\nrun 300ms\n";

for (const colorScheme of ["light", "dark"]) {
  browserTest(`presenting hides the answers until they are asked for, ${colorScheme}`, { colorScheme, viewport: { width: 1280, height: 720 } }, async ({ page, host }) => {
    await openStory(page, host, BROKEN);
    await page.keyboard.press("p");
    const bar = page.getByRole("toolbar", { name: "Presenting" });
    await bar.waitFor();
    assert.ok(await page.locator(".head").isHidden(), "the head is gone");
    assert.ok(await page.locator(".palette").isHidden(), "and so are the tools");
    const answers = [".checks small", ".why", ".hint"];
    for (const answer of answers) assert.ok(await page.locator(answer).first().isHidden(), `${answer} waits`);
    await page.keyboard.press("n");
    await page.getByRole("toolbar", { name: "What can be done to it" }).waitFor();
    await assertAccessible(page);
    await screenshot(page, `presenting ${colorScheme}`);
    await page.keyboard.press("a");
    for (const answer of answers) assert.ok(await page.locator(answer).first().isVisible(), `${answer} is told`);
    await assertAccessible(page);
    await screenshot(page, `presenting with answers ${colorScheme}`);
    await bar.getByRole("button", { name: "Stop presenting" }).click();
    assert.ok(await page.locator(".head").isVisible());
  });
}

browserTest("digits set the speed, a clicker goes from mark to mark, letters stay in fields", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  await page.keyboard.press("7");
  const speed = page.getByLabel("Speed");
  assert.equal(await speed.locator("option:checked").textContent(), "real time");
  await page.keyboard.press("0");
  assert.equal(await speed.locator("option:checked").textContent(), "4 events a second");
  const field = page.getByLabel("Type any command");
  await field.fill("");
  await field.pressSequentially("pa.");
  assert.equal(await field.inputValue(), "pa.");
  assert.ok(await page.locator(".head").isVisible(), "a letter in a field is a letter");
  await field.fill('mark "here"');
  await field.press("Enter");
  await page.locator(".field").click({ position: { x: 5, y: 5 } });
  const { step } = await state(page);
  await press(page, "PageUp", "the beginning", ({ step: now }) => now < step || now === 0);
  await press(page, "PageDown", "the mark", ({ step: now }) => now === step);
  // One line tells a screen reader what the step did.
  await press(page, "ArrowRight", "a step", ({ step: now }) => now === step + 1);
  await page.locator("[role=status]", { hasText: /\w/ }).first().waitFor({ state: "attached" });
  await page.keyboard.press("Shift+N");
  await page.getByRole("button", { name: /^c1,/, pressed: true }).waitFor();
  await stateWhere(page, "rest", ({ works }) => !works);
});

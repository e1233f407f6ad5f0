// What the tests of lessons share: its buttons, its steps, its code.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { nodes, state, stateWhere, until } from "./lab.mjs";

export const WIDE = { viewport: { width: 1440, height: 900 } };
const ROOT = join(import.meta.dirname, "../..");
export const lesson = (page) => page.locator("section.lesson");
export const button = (page, name) => lesson(page).getByRole("button", { name, exact: true });

/** The commands at the foot of the stage. */
export const actions = (page) => page.getByRole("toolbar", { name: "What can be done to it" });

export async function turn(page, title) {
  await button(page, "Next").click();
  await lesson(page).getByRole("heading", { name: title, level: 2 }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await until(page, "the focus on the title", focused, (text) => text === title);
}

/** Answers a question and sees it through, as fast as it goes. */
export async function predict(page, option, verdict) {
  const question = lesson(page).locator("fieldset.step.now");
  assert.ok(await question.getByRole("button", { name: "See what happens" }).isDisabled(), "nothing was said yet");
  await question.getByRole("radio", { name: option }).check();
  await question.getByRole("button", { name: "See what happens" }).click();
  await button(page, "To the end").click();
  await lesson(page).locator("[role=status]", { hasText: verdict }).last().waitFor();
}

/** Selects a node and presses one of its levers. */
export async function act(page, node, lever) {
  const found = nodes(page, new RegExp(`^${node},`));
  if ((await found.getAttribute("aria-pressed")) !== "true") await found.click();
  await actions(page).getByRole("button", { name: lever, exact: true }).click();
}

/** Sees the first step of “start here” through. */
export async function watched(page) {
  await button(page, "Watch them talk").click();
  await button(page, "To the end").click();
  await lesson(page).locator("section.step.now").waitFor();
}

/** Replays a completion code on the command line. */
export function verify(code) {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const built = spawnSync("cargo", ["build", "--quiet", "--bin", "splitbrain"], { cwd: ROOT, encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
  const run = spawnSync(join(target, "debug/splitbrain"), ["lesson", "verify", code], { cwd: ROOT, encoding: "utf8" });
  return { status: run.status, text: run.stdout + run.stderr };
}

export async function code(page, name) {
  await lesson(page).getByText("For a teacher: a completion code").click();
  await lesson(page).getByLabel("Your name").fill(name);
  await button(page, "Make the code").click();
  return lesson(page).getByLabel("Completion code").inputValue();
}

export async function drop(page, name, content) {
  const data = await page.evaluateHandle(
    ([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name, { type: "text/markdown" }));
      return data;
    },
    [name, content],
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

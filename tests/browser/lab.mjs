// What the tests of the labs share: the state of the page, and the controls by the names that a
// screen reader tells.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { open, PATIENCE_MS } from "./harness.mjs";

/** What the page says of itself (`src/ui/exports.rs`). */
export function state(page) {
  return page.evaluate(async () => {
    const program = await import(document.getElementById("program-script").href);
    return JSON.parse(program.splitbrainState());
  });
}

/** Looks at every frame until what `read` gives is good; returns that. */
export async function until(page, what, read, good) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const now = await read(page);
    if (good(now)) return now;
    assert.ok(Date.now() < deadline, `waited in vain for ${what}; the last was ${JSON.stringify(now)?.slice(0, 600)}`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve())));
  }
}

/** Waits until the state of the page is good. */
export const stateWhere = (page, what, good) => until(page, what, state, good);

/** Pauses by the keyboard and returns the state. */
export async function pause(page) {
  if ((await state(page)).playing) await page.keyboard.press("Space");
  return stateWhere(page, "rest", ({ playing, works }) => !playing && !works);
}

/** Plays by the keyboard. */
export async function play(page) {
  if (!(await state(page)).playing) await page.keyboard.press("Space");
  await stateWhere(page, "play", ({ playing }) => playing);
}

/** Presses a key and waits until the state is good. */
export async function press(page, key, what, good) {
  await page.keyboard.press(key);
  return stateWhere(page, what, good);
}

/** The address, once it has caught up with the page. */
export async function address(page) {
  const { hash, step, time_us } = await state(page);
  const place = `at=${step}.${time_us}&hash=${hash}`;
  return until(page, `an address with ${place}`, () => page.url(), (url) => url.includes(place));
}

/** The story that is in an address, packed or plain. */
export function storyOf(page, url) {
  return page.evaluate(async (fragment) => {
    const program = await import(document.getElementById("program-script").href);
    return program.storyOfLink(fragment);
  }, new URL(url).hash);
}

/** The story of the run, once the address has it. */
export const story = async (page) => storyOf(page, await address(page));

/** The address of a story, in the plain form. */
export function storyUrl(host, text) {
  const [, lab] = /^lab (\S+)/m.exec(text);
  return `${host.url}#/${lab}?story=${encodeURIComponent(text)}`;
}

/** Opens a story at its end. */
export async function openStory(page, host, text) {
  await open(page, storyUrl(host, text));
  await stateWhere(page, "the story to be loaded", ({ works }) => !works);
  await page.keyboard.press("End");
  return stateWhere(page, "the end of the story", ({ step, works }) => step > 0 && !works);
}

/** The buttons over the nodes whose accessible name has this in it. */
export const nodes = (page, name) => page.locator(".nodes").getByRole("button", { name });

/** Waits for a leader; returns its name. */
export async function leader(page) {
  const button = nodes(page, /, leader/).first();
  await button.waitFor();
  return (await button.getAttribute("aria-label")).split(",")[0];
}

/** The body of the tabs beside the stage, with this tab open. */
export async function tab(page, name) {
  await page.getByRole("tab", { name }).click();
  return page.getByRole("tabpanel", { name });
}

/** Types a command into the tools, as a person does. */
export async function type(page, command) {
  const { step } = await state(page);
  await page.getByLabel("Type any command").fill(command);
  await page.keyboard.press("Enter");
  return stateWhere(page, `“${command}”`, (now) => now.step > step && !now.works);
}

/** Nothing stands out of the page to the right. */
export async function assertFits(page) {
  const { width } = page.viewportSize();
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} wide in a window of ${width}`);
}

/** Every golden story: its path below src/protocols/, and its text. */
export function goldenStories() {
  const root = join(import.meta.dirname, "../../src/protocols");
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".story"));
  return files.sort().map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
}

// What the tests of every browser ask of a run on the page. Nothing here knows who drives the browser:
// both drivers evaluate, press keys and tell addresses in the same words.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Longer than anything takes on two busy cores; only a broken page waits it out. */
export const PATIENCE_MS = 30_000;

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
  if ((await state(page)).playing) await page.keyboard.press(" ");
  return stateWhere(page, "rest", ({ playing, works }) => !playing && !works);
}

/** Plays by the keyboard. */
export async function play(page) {
  if (!(await state(page)).playing) await page.keyboard.press(" ");
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

/** Every golden story: its path below src/protocols/, and its text. */
export function goldenStories() {
  const root = join(import.meta.dirname, "../../src/protocols");
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".story"));
  return files.sort().map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
}

/** Fails where a golden story has in this browser's Wasm another trace than natively. */
export async function assertGoldenTraces(page) {
  const stories = goldenStories();
  assert.ok(stories.length >= 20);
  const expected = stories.map(({ name, text }) => [name, /^expect trace ([0-9a-f]{16})$/m.exec(text)?.[1]]);
  const found = await page.evaluate(async (stories) => {
    const program = await import(document.getElementById("program-script").href);
    return stories.map(({ name, text }) => [name, program.trace_hash_of(text)]);
  }, stories);
  assert.deepEqual(found, expected);
}

/** What the command line finds with a rule off, as `explore --json` prints it. */
export function explored(lab, rule, seed) {
  const search = ["explore", lab, "--rule", `${rule}=off`, "--seeds", `${seed}..${seed + 1}`, "--json"];
  const words = ["run", "--quiet", "--bin", "splitbrain", "--", ...search];
  const options = { cwd: join(import.meta.dirname, "../.."), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  try {
    execFileSync("cargo", words, options);
  } catch (ended) {
    // A violation is exit code 1.
    if (ended.status === 1) return JSON.parse(ended.stdout);
    throw ended;
  }
  throw new Error(`${search.join(" ")} found nothing`);
}

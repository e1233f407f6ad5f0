// The recipes of docs/recipes.md, with the tools themselves: our own book by mdBook, MkDocs, reveal.js, and plain HTML.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { mkdocs } from "../recipes/tools.mjs";
import { assertAccessible, browserTest, screenshot } from "./harness.mjs";
import { until } from "./lab.mjs";
import { DIST } from "./server.mjs";

const RECIPES = join(import.meta.dirname, "../recipes");
const ROOT = join(RECIPES, "../..");
/** Where the playground lies in the recipes: beside the pages. */
const PLAYGROUND = { "splitbrain/": { folder: DIST } };

const temporary = mkdtempSync(join(tmpdir(), "splitbrain-recipes-"));
after(() => rmSync(temporary, { recursive: true }));

/** What an element says of its run, once it is good. */
const stateOf = (run, what, good) => until(run.page(), what, () => run.evaluate((element) => element.state), good);

const runs = (state) => state !== null;

/** Whether an element has begun to fetch its run. */
const started = (run) => run.evaluate((element) => element.shadowRoot.querySelector("iframe") !== null);

/** Notes every address that is asked for, and fails at the end of `body` where one is of another host. */
async function atHome({ context, host }, body) {
  const away = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^https?:$/.test(protocol) && origin !== new URL(host.url).origin) away.push(request.url());
  });
  await body();
  assert.deepEqual(away, [], "asked of other hosts");
}

browserTest("mdBook: our own book embeds the playground", {}, async (given) => {
  const { page, host } = given;
  await atHome(given, async () => {
    await page.goto(`${host.url}docs/first-look.html`);
    const [first, second] = await page.locator("split-brain").all();
    const state = await stateOf(first, "the run", runs);
    assert.equal(state.step, 0);
    // The keys of the book turn its pages; those of the run do not.
    await first.evaluate((element) => element.step(3));
    await stateOf(first, "three steps", ({ step }) => step === 3);
    const frame = first.locator("iframe");
    await frame.focus();
    for (const key of ["ArrowRight", "ArrowRight", "PageDown"]) await page.keyboard.press(key);
    await stateOf(first, "steps by keys", ({ step }) => step >= 5);
    assert.ok(page.url().endsWith("/first-look.html"), "the book stays on its page");
    // The second waits for a click.
    assert.equal(await started(second), false);
    await second.locator("button").click();
    await stateOf(second, "the story", runs);
    await screenshot(page, "recipe mdbook");
  });
});

browserTest("mdBook: every page of the book stands under the policy, light and dark", {}, async ({ page, host }) => {
  const pages = readdirSync(join(DIST, "docs")).filter((name) => name.endsWith(".html") && name !== "toc.html");
  assert.ok(pages.length >= 12);
  for (const name of pages) {
    // The console is empty at the end: that is what says that nothing was refused.
    await page.goto(`${host.url}docs/${name}`);
    await page.locator("main h1").first().waitFor();
    const held = readFileSync(join(DIST, "docs", name), "utf8");
    assert.match(held, /Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'/, name);
    assert.doesNotMatch(held, /<script(?![^>]*\ssrc=)[^>]*>\s*\S/, name);
  }
  await page.goto(`${host.url}docs/stories.html`);
  await assertAccessible(page);
});

const course = join(temporary, "course");
browserTest("MkDocs: a page of a course embeds a run", { places: { ...PLAYGROUND, "course/": { folder: course } } }, async (given) => {
  const { page, host } = given;
  execFileSync(mkdocs(), ["build", "--strict", "--quiet", "--config-file", join(RECIPES, "mkdocs/mkdocs.yml"), "--site-dir", course]);
  await atHome(given, async () => {
    await page.goto(`${host.url}course/index.html`);
    const run = page.locator("split-brain");
    await stateOf(run, "the run", runs);
    await run.evaluate((element) => element.step());
    await stateOf(run, "a step", ({ step }) => step === 1);
    await screenshot(page, "recipe mkdocs");
  });
});

const deck = { "deck/reveal/": { folder: join(ROOT, "node_modules/reveal.js/dist") }, "deck/": { folder: join(RECIPES, "reveal") } };
browserTest("reveal.js: a run starts with its slide, and keys stay where they are pressed", { places: { ...PLAYGROUND, ...deck } }, async (given) => {
  const { page, host } = given;
  const slide = () => page.evaluate(() => globalThis.Reveal.getCurrentSlide().id);
  const shown = (id) => until(page, `the slide ${id}`, slide, (now) => now === id);
  await atHome(given, async () => {
    await page.goto(`${host.url}deck/slides.html`);
    const [run, other] = await page.locator("split-brain").all();
    await shown("first");
    await page.waitForFunction(() => customElements.get("split-brain"));
    assert.deepEqual([await started(run), await started(other)], [false, false], "nothing starts before its slide");

    await page.keyboard.press("ArrowRight");
    await shown("run");
    await stateOf(run, "a run that plays", (state) => state?.playing && state.step > 0);
    assert.equal(await started(other), false, "the next slide waits");
    await screenshot(page, "recipe reveal");

    // In the frame a clicker's keys are the run's.
    await run.evaluate((element) => element.pause());
    await run.locator("iframe").focus();
    const { step } = await stateOf(run, "rest", ({ playing }) => !playing);
    await page.keyboard.press("ArrowRight");
    await stateOf(run, "a step by its own key", (state) => state.step === step + 1);
    await page.keyboard.press("ArrowLeft");
    await stateOf(run, "the step back", (state) => state.step === step);
    await page.keyboard.press(" ");
    await stateOf(run, "play by its own key", ({ playing }) => playing);
    await page.keyboard.press(" ");
    await stateOf(run, "rest again", ({ playing }) => !playing);
    for (const key of ["PageDown", "PageUp", "Home", "End"]) await page.keyboard.press(key);
    assert.equal(await slide(), "run", "the deck has not moved");

    // In the deck they are the deck's.
    await page.evaluate(() => document.activeElement.blur());
    const before = await run.evaluate((element) => element.state);
    await page.keyboard.press("PageDown");
    await shown("other");
    await stateOf(other, "the next run", (state) => state?.playing);
    await page.keyboard.press(" ");
    await shown("last");
    await stateOf(other, "the run that was left at rest", ({ playing }) => !playing);
    assert.deepEqual(await run.evaluate((element) => element.state), before, "the first run has not moved");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await shown("run");
    await stateOf(run, "the run goes on", ({ playing }) => playing);
  });
});

browserTest("reveal.js: the button of a run is no click of the deck", { places: { ...PLAYGROUND, ...deck } }, async ({ page, host }) => {
  await page.goto(`${host.url}deck/slides.html`);
  await page.waitForFunction(() => globalThis.Reveal?.isReady() && customElements.get("split-brain"));
  // A run that has not started has its button; the slide shows it before the deck's script starts the run.
  await page.evaluate(() => {
    for (const run of document.querySelectorAll("split-brain")) run.play = () => Promise.resolve();
    globalThis.Reveal.slide(1);
  });
  const run = page.locator("#run split-brain");
  await run.locator("button").focus();
  await page.keyboard.press(" ");
  await stateOf(run, "the run", runs);
  assert.equal(await page.evaluate(() => globalThis.Reveal.getCurrentSlide().id), "run");
});

const plain = { "lesson/": { folder: join(RECIPES, "html"), policy: "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:" } };
browserTest("plain HTML: a page under a policy of its own embeds a run, in its language", { places: { ...PLAYGROUND, ...plain } }, async (given) => {
  const { page, host } = given;
  await atHome(given, async () => {
    await page.goto(`${host.url}lesson/index.html`);
    const run = page.locator("split-brain");
    await stateOf(run, "the run", runs);
    await run.locator("iframe").contentFrame().locator("html[lang=zh-Hans]").waitFor();
    await screenshot(page, "recipe html");
  });
});

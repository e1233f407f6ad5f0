// What the tests in Firefox share. Playwright drives only a Firefox of its own; Puppeteer drives the one that
// people have, by WebDriver BiDi. Controls are found by the names that they tell, and pressed where they are seen.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { findBrowser } from "./browser.mjs";
import { PATIENCE_MS, state, stateWhere, storyUrl, until } from "./run.mjs";
import { startHost } from "./server.mjs";

const OUTPUT = join(import.meta.dirname, "../../test-output");

let browser;

before(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: findBrowser("firefox") ?? undefined,
    headless: true,
    protocolTimeout: PATIENCE_MS,
    extraPrefsFirefox: { "intl.accept_languages": "en-GB, en" },
  });
});

after(() => browser?.close());

/**
 * A test with a host and a profile of its own, which fails on any error in the console. `expected` are patterns
 * of errors that the test means to cause, and each of them has to come.
 */
export function firefoxTest(name, { extra, expected = [], viewport = { width: 1440, height: 900 } }, body) {
  test(`Firefox: ${name}`, async () => {
    const host = await startHost(extra);
    const context = await browser.createBrowserContext();
    const errors = [];
    const newPage = () => watched(context, viewport, errors);
    try {
      const page = await newPage();
      await body({ page, newPage, host });
      await screenshot(page, name);
      const surprises = errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
      assert.deepEqual(surprises, [], "errors in the console");
      assert.ok(expected.every((pattern) => errors.some((text) => pattern.test(text))), "the errors that were meant");
    } finally {
      await context.close();
      await host.stop();
    }
  });
}

/** A blank page whose errors are noted. */
async function watched(context, viewport, errors) {
  const page = await context.newPage();
  await page.setViewport(viewport);
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (line) => line.type() === "error" && errors.push(`${line.text()} ${line.location().url}`));
  // What the policy refuses is among these.
  page.on("pageerror", (error) => errors.push(String(error)));
  return page;
}

/** Keeps a picture in test-output/. */
export async function screenshot(page, name) {
  const file = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  await page.screenshot({ path: join(OUTPUT, `firefox-${file}.png`) });
}

/** Opens an address and waits until the program has taken the place of the loading screen. */
export async function open(page, url) {
  await page.goto(url);
  await started(page);
}

/** Waits until the program has taken the place of the loading screen. */
export async function started(page) {
  await page.waitForFunction(() => !document.getElementById("loading") && document.querySelector("#app > *"));
}

/** Opens a story at its end. */
export async function openStory(page, host, text) {
  await open(page, storyUrl(host, text));
  await stateWhere(page, "the story to be loaded", ({ works }) => !works);
  await page.keyboard.press("End");
  return stateWhere(page, "the end of the story", ({ step, works }) => step > 0 && !works);
}

/** Runs in the page: the first element in sight that the selector finds and that tells this name. */
function named(selector, source) {
  const text = (element) => {
    const copy = element.cloneNode(true);
    // A word that only keeps the place of another one is not said either.
    for (const mute of copy.querySelectorAll("[aria-hidden=true], .oneof > .other, select, input, textarea")) mute.remove();
    return copy.textContent;
  };
  const nameOf = (element) =>
    element.getAttribute("aria-label") ?? (element.labels?.length ? text(element.labels[0]) : text(element));
  const pattern = new RegExp(source);
  const good = (element) => element.checkVisibility({ visibilityProperty: true }) && pattern.test(nameOf(element).trim().replace(/\s+/g, " "));
  return [...document.querySelectorAll(selector)].find(good) ?? null;
}

const sourceOf = (name) => (name instanceof RegExp ? name.source : `^${escaped(name)}$`);
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Waits for what the selector finds and tells this name: the whole of it, or what fits the pattern. */
export function control(page, selector, name = /(?:)/) {
  const read = async () => (await page.evaluateHandle(named, selector, sourceOf(name))).asElement();
  return until(page, `${selector} “${name}”`, read, (element) => element !== null);
}

/** Waits until nothing in sight is so. */
export function gone(page, selector, name = /(?:)/) {
  const read = async () => (await page.evaluateHandle(named, selector, sourceOf(name))).asElement();
  return until(page, `no ${selector} “${name}”`, read, (element) => element === null);
}

/** Presses a control with the pointer. */
export const click = async (page, selector, name) => (await control(page, selector, name)).click();

/** What a control says. */
export const textOf = async (page, selector, name) =>
  (await control(page, selector, name)).evaluate((element) => element.value ?? element.textContent);

/** Replaces what is in a field, by the keyboard. */
export async function fill(page, selector, name, text) {
  const field = await control(page, selector, name);
  await field.focus();
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
  return field;
}

/** Waits for a leader; returns its name. */
export async function leader(page) {
  const button = await control(page, ".nodes button", /, leader/);
  return (await button.evaluate((element) => element.getAttribute("aria-label"))).split(",")[0];
}

/** Types a command into the tools, as a person does. */
export async function type(page, command) {
  const { step } = await state(page);
  await fill(page, "input", "Type any command", command);
  await page.keyboard.press("Enter");
  return stateWhere(page, `“${command}”`, (now) => now.step > step && !now.works);
}

/** What stands in the head is as wide as its words, and beside the others. */
export async function assertHeadFits(page) {
  const faults = await page.evaluate(() => {
    const all = [...document.querySelectorAll(".head .tbtn")].filter((element) => element.checkVisibility());
    const box = (element) => element?.getBoundingClientRect() ?? { left: innerWidth, top: 0, bottom: innerHeight };
    // A narrow head has two rows; what comes next may stand in the other one.
    const room = (own, next) => (next.top < own.bottom && next.bottom > own.top ? next.left : innerWidth);
    const crowded = (element, index) =>
      element.scrollWidth > element.clientWidth || box(element).right > room(box(element), box(all[index + 1])) + 0.5;
    return all.filter(crowded).map((element) => element.textContent);
  });
  assert.deepEqual(faults, [], "crowded in the head");
}

/** Nothing stands out of the page to the right. */
export async function assertFits(page) {
  const [wide, width] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  assert.ok(wide <= width, `the page is ${wide} wide in a window of ${width}`);
}

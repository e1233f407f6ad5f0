// What the tests of embedded runs share: pages that embed one, and questions to the element in them.

import { PATIENCE_MS } from "./run.mjs";

/** A page of somebody's, in which an element may stand. */
export const around = (body, { head = "", lang = "en", script = "split-brain.js" } = {}) => `<!DOCTYPE html>
<html lang="${lang}"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Around</title>${head}</head>
<body style="margin:0;font:16px sans-serif">${body}<script type="module" src="${script}"></script></body></html>`;

/** Prose of about this many screens. */
export const prose = (screens) => `<div style="height:${100 * screens}vh">Prose.</div>`;

/** Waits until the run of an element is there; returns what it says of itself. */
export function ready(page, selector = "split-brain") {
  return page.evaluate((selector) => document.querySelector(selector).start(), selector);
}

/** The frame within an element, once there is one. */
export async function frameOf(page, selector = "split-brain") {
  const handle = await page.waitForFunction(
    (selector) => document.querySelector(selector)?.shadowRoot?.querySelector("iframe"),
    selector,
    { timeout: PATIENCE_MS },
  );
  const frame = await handle.asElement().contentFrame();
  await frame.locator(".embed-page .bench, .embed-mistake p").first().waitFor();
  return frame;
}

/** Notes from now on every event of an element, for `heard`. */
export function listen(page, selector = "split-brain") {
  return page.evaluate((selector) => {
    window.heard = [];
    for (const name of ["ready", "step", "note", "verdict", "error"]) {
      document.querySelector(selector).addEventListener(name, ({ detail }) => window.heard.push({ name, detail }));
    }
  }, selector);
}

export const heard = (page) => page.evaluate(() => window.heard);

/** Calls a method of an element; what it throws comes back as an object. */
export function call(page, method, ...rest) {
  return page.evaluate(
    async ([method, rest]) => {
      try {
        return await document.querySelector("split-brain")[method](...rest);
      } catch ({ message, code, line, column }) {
        return { message, code, line, column };
      }
    },
    [method, rest],
  );
}

// What the tests of the labs share: the controls by the names that a screen reader tells, and all of run.mjs.

import { open } from "./harness.mjs";
import { state, stateWhere, storyUrl, until } from "./run.mjs";

export * from "./run.mjs";

/** Opens a story at its end. */
export async function openStory(page, host, text) {
  await open(page, storyUrl(host, text));
  // From the front page a lab may have to wait for the rest of the program.
  await page.locator(".lab-page").waitFor();
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

/** Nothing stands out of the page to the right, as soon as it has seen how wide its window is. */
export async function assertFits(page) {
  const { width } = page.viewportSize();
  const read = () => page.evaluate(() => document.scrollingElement.scrollWidth);
  await until(page, `a page that fits a window of ${width}`, read, (wide) => wide <= width);
}

// The story of a run and what goes with it: edit, open, save, share, keep, print.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import jsQR from "jsqr";

import { assertAccessible, browserTest, open, screenshot, started } from "./harness.mjs";
import { address, assertFits, goldenStories, openStory, PATIENCE_MS, pause, press, state, stateWhere, storyOf, storyUrl, type, until } from "./lab.mjs";

const STORY = `lab raft seed=7
run until leader
mark "a leader"
kill n1
run 300ms
mark "without n1"
run 300ms
`;

const drawer = (page) => page.getByRole("region", { name: "Story and runs" });
const text = (page) => page.getByLabel("The story of this run", { exact: true });

/** Opens the drawer at a tab; returns the drawer. */
async function openDrawer(page, tab) {
  if (!(await drawer(page).isVisible())) await page.getByRole("button", { name: "Story", exact: true }).click();
  await drawer(page).getByRole("tab", { name: tab, exact: true }).click();
  return drawer(page);
}

/** Presses what saves a file; returns its name and its bytes. */
async function saved(page, button) {
  const coming = page.waitForEvent("download");
  await button.click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Drops a file on the page, as a hand does. */
async function drop(page, name, content) {
  const data = await page.evaluateHandle(
    ([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name, { type: "text/plain" }));
      return data;
    },
    [name, content],
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

browserTest("the story follows the run, until a person writes in it", {}, async ({ page, host }) => {
  await openStory(page, host, STORY);
  await openDrawer(page, "Story");
  await type(page, "kill n2");
  await until(page, "the command in the story", () => text(page).inputValue(), (now) => now.includes("\nkill n2\n"));

  await text(page).fill("lab raft seed=7\nrun until leader\nkill n9\n");
  await page.getByRole("button", { name: /Line 3, column 6: “n9” is no node here/ }).click();
  const caret = await text(page).evaluate((field) => [document.activeElement === field, field.selectionStart]);
  assert.deepEqual(caret, [true, "lab raft seed=7\nrun until leader\nkill ".length]);
  assert.equal(await text(page).getAttribute("aria-invalid"), "true");
  assert.ok(await drawer(page).getByRole("button", { name: "Play this" }).isDisabled());
  // The mark stands on the word.
  const [line, place] = await page.evaluate(() => {
    const style = (name) => document.querySelector(`.editor .${name}`).style;
    return [style("row").top, [style("place").left, style("place").width]];
  });
  assert.deepEqual([line, place], ["40px", ["5ch", "2ch"]]);
  await assertAccessible(page);
  await screenshot(page, "a mistake in a story");

  const before = await state(page);
  await text(page).fill("lab raft seed=8\nrun until leader\nkill n3\n");
  await drawer(page).getByRole("button", { name: "Play this" }).click();
  await stateWhere(page, "the new story from its beginning", ({ playing, hash }) => playing && hash !== before.hash);
  await pause(page);
  assert.match(await text(page).inputValue(), /^lab raft seed=8\n(.*\n)*kill n3\n/);
  // The run before is in the list.
  await openDrawer(page, "Last runs");
  await drawer(page).getByRole("button", { name: /^Raft: a leader/ }).click();
  await stateWhere(page, "the run before", ({ hash, works }) => hash === before.hash && !works);
});

browserTest("a file is opened by dropping it, and refused in a sentence", {}, async ({ page, host }) => {
  await open(page, host.url);
  await drop(page, "a.story", STORY);
  await stateWhere(page, "the dropped story", ({ lab, works }) => lab === "raft" && !works);
  const { hash } = await press(page, "End", "its end", ({ step, works }) => step > 100 && !works);

  await drop(page, "bad.story", "lab raft\nkill everybody\n");
  await page.getByRole("button", { name: /Line 2, column 6/ }).waitFor();
  assert.equal(await text(page).inputValue(), "lab raft\nkill everybody\n");
  assert.equal((await state(page)).hash, hash, "the run stays");
  await drawer(page).getByRole("button", { name: "Back to the run" }).click();
  assert.match(await text(page).inputValue(), /mark "a leader"/);

  await drop(page, "long.story", `lab raft\n${"run 1ms\n".repeat(40_000)}`);
  await page.locator(".notice:not(.rest)").getByText(/longer than 262144 bytes/).waitFor();
  const chosen = page.waitForEvent("filechooser");
  await drawer(page).getByRole("button", { name: "Open a file" }).click();
  await (await chosen).setFiles({ name: "b.story", mimeType: "text/plain", buffer: Buffer.from([0xff, 0xfe]) });
  await page.locator(".notice:not(.rest)").getByText(/not text in UTF-8/).waitFor();
});

browserTest("every golden story of the menu opens at its beginning", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  await openDrawer(page, "Stories");
  const rows = drawer(page).locator(".rows button");
  await rows.first().waitFor();
  const titles = await rows.allTextContents();
  assert.ok(titles.length > 10);
  assert.equal(titles.length, goldenStories().filter(({ name }) => name.startsWith("raft")).length);
  for (const title of titles) {
    assert.doesNotMatch(title, /«/);
    await openDrawer(page, "Stories");
    await drawer(page).getByRole("button", { name: title, exact: true }).click();
    await drawer(page).waitFor({ state: "hidden" });
    const { step, time_us } = await stateWhere(page, title, ({ works, step }) => !works && step === 0);
    assert.deepEqual([step, time_us], [0, 0]);
    const { time_us: end } = await press(page, "End", "its end", ({ step, works }) => step > 0 && !works);
    assert.ok(end > 0);
  }
});

browserTest("bookmarks are listed, set and visited by a clicker", {}, async ({ page, host }) => {
  await openStory(page, host, STORY);
  await openDrawer(page, "Bookmarks");
  const rows = drawer(page).locator(".rows button");
  assert.match((await rows.allTextContents()).join(), /^a leader.*without n1/);
  await rows.first().click();
  const first = await stateWhere(page, "the first mark", ({ step, works }) => step > 0 && step < 60 && !works);
  await page.locator(".stage").click({ position: { x: 300, y: 10 } });
  const second = await press(page, "PageDown", "the second", ({ step, works }) => step > first.step && !works);
  await press(page, "PageUp", "the first again", ({ step }) => step === first.step);
  await press(page, ".", "the second again", ({ step }) => step === second.step);
  const end = await press(page, ".", "the end", ({ step, works }) => step > second.step && !works);

  await page.getByLabel("A name for this moment").fill("the end");
  await page.keyboard.press("Enter");
  await rows.getByText("the end").waitFor();
  assert.match(await storyOf(page, await address(page)), /mark "the end"/);
  // Where nothing has a name, a clicker goes by events.
  await page.goto("about:blank");
  await openStory(page, host, "lab heartbeat seed=3\nrun 1s\n");
  const { step } = await state(page);
  await press(page, "PageUp", "one step back", (now) => now.step === step - 1);
  assert.ok(end.step > 0);
});

browserTest("a link holds the moment and what is selected, and is a QR code", {}, async ({ page, context, host }) => {
  await openStory(page, host, STORY);
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.locator(".node[aria-pressed=true]").waitFor();
  const before = await press(page, "ArrowLeft", "one step back", ({ works }) => !works);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByLabel("The link", { exact: true }).inputValue();
  assert.ok(link.length < 300, `${link.length} characters`);
  await page.getByText(`${link.length} characters`).waitFor();
  await assertAccessible(page);

  const shown = await page.locator("svg.qr").screenshot({ path: "test-output/qr.png" });
  const { data, width, height } = await pixels(context, shown);
  assert.ok(data.length > 0);
  assert.equal(jsQR(Uint8ClampedArray.from(data), width, height)?.data, link);

  const other = await context.newPage();
  await open(other, link);
  const after = await stateWhere(other, "the same moment", ({ works, step }) => !works && step === before.step);
  assert.deepEqual([after.hash, after.time_us], [before.hash, before.time_us]);
  assert.match(await other.locator(".node[aria-pressed=true]").getAttribute("aria-label"), /^n2/);

  // An engine that runs otherwise, and one of another version.
  await other.goto("about:blank");
  await open(other, link.replace(/hash=[0-9a-f]+/, "hash=0123456789abcdef"));
  await other.locator(".notice:not(.rest)").getByText(/no longer leads to the same run/).waitFor();
  await other.goto("about:blank");
  await open(other, link.replace(/hash=[0-9a-f]+&v=[^&]+/, "hash=0123456789abcdef&v=0.0.1"));
  await other.locator(".notice:not(.rest)").getByText(/made with version 0\.0\.1/).waitFor();
});

/** The pixels of a PNG, read by the browser on a page without a policy. */
async function pixels(context, png) {
  const page = await context.newPage();
  const read = await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    const colours = new Set(new Uint32Array(data.buffer)).size;
    return { data: width < 600 ? [...data] : [], width, height, colours };
  }, [...png]);
  await page.close();
  return read;
}

browserTest("what was done stands in the address at once", {}, async ({ page, host }) => {
  await openStory(page, host, STORY);
  await address(page);
  // In the same task as the key: nothing has had time to wait.
  await page.getByLabel("Type any command").fill("kill n3");
  await page.keyboard.press("Enter");
  const now = page.url();
  assert.match(await storyOf(page, now), /kill n3\n$/);
});

browserTest("a run is saved in every form, and its story opens again as the same run", {}, async ({ page, context, host }) => {
  const end = await openStory(page, host, STORY);
  const open = await openDrawer(page, "Save as");
  const press = (name) => saved(page, open.getByRole("button", { name, exact: true }));
  const story = await press("Story");
  assert.equal(story.name, "raft-7.story");
  const text = await press("Trace, one line an event");
  assert.equal(text.bytes.toString().trimEnd().split("\n").length, end.step + 1);
  const lines = (await press("Trace, JSON lines")).bytes.toString().trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, end.step);
  const shiviz = (await press("ShiViz log with vector clocks")).bytes.toString();
  const events = shiviz.split("\n").filter((line) => /^\S+ \{.*\}$/.test(line));
  assert.ok(events.length > 20, shiviz.slice(0, 300));
  for (const event of events) assert.ok(JSON.parse(event.slice(event.indexOf(" ")))[event.split(" ")[0]] > 0, event);
  assert.match((await press("Mermaid sequence diagram")).bytes.toString(), /^sequenceDiagram\n/);
  assert.match((await press("Counters over time, CSV")).bytes.toString(), /^time/);
  assert.match((await press("Picture, SVG")).bytes.toString(), /^<svg |^<\?xml /);
  for (const name of ["Picture of the stage as it is shown, PNG", "Picture of the diagram as it is shown, PNG"]) {
    const { width, height, colours } = await pixels(context, (await press(name)).bytes);
    assert.ok(width > 300 && height > 60 && colours > 20, `${name}: ${width}x${height}, ${colours} colours`);
  }

  await drop(page, story.name, story.bytes.toString());
  await stateWhere(page, "its beginning", ({ step, works }) => step === 0 && !works);
  await page.keyboard.press("End");
  await stateWhere(page, "the same run", ({ hash }) => hash === end.hash);
});

browserTest("the last runs are kept, and forgotten when a person says so", {}, async ({ page, host }) => {
  await openStory(page, host, STORY);
  const first = await type(page, "kill n2");
  await page.getByRole("button", { name: /A new run with another seed/ }).click();
  await page.locator(".notice:not(.rest)").getByText(/The one before is kept/).waitFor();
  await pause(page);
  await type(page, "kill n4");
  await address(page);
  await page.reload();
  await started(page);
  await stateWhere(page, "the run again", ({ works, step }) => !works && step > 0);
  await openDrawer(page, "Last runs");
  const rows = drawer(page).locator(".rows li");
  assert.equal(await rows.count(), 2);
  await rows.getByRole("button", { name: /^Raft: a leader/ }).click();
  await stateWhere(page, "the first run", ({ hash, works }) => hash === first.hash && !works);
  await openDrawer(page, "Last runs");
  assert.equal(await rows.count(), 2, "a run that is opened is not kept twice");

  await open(page, host.url);
  await page.getByText("Last runs", { exact: true }).click();
  await assertAccessible(page);
  await screenshot(page, "last runs");
  const list = page.locator(".lastruns");
  await list.getByRole("button", { name: /^Delete “Raft: a leader”/ }).click();
  await until(page, "one run", () => list.locator("li").count(), (n) => n === 1);
  await list.getByRole("button", { name: "Delete all of them" }).click();
  await list.waitFor({ state: "hidden" });
});

browserTest("a run that is too long for an address survives a reload", {}, async ({ page, host }) => {
  const marks = Array.from({ length: 1200 }, (_, i) => `mark "${(i * 7919 + 31).toString(36)} ${(i * 104729).toString(36)}"\nstep\n`);
  await open(page, host.url);
  await drop(page, "long.story", `lab raft seed=7\n${marks.join("")}`);
  await stateWhere(page, "the story", ({ lab, works }) => lab === "raft" && !works);
  const end = await press(page, "End", "its end", ({ step, works }) => step === 1200 && !works);
  const url = await address(page);
  assert.ok(url.length < 300 && url.includes("kept="), url.slice(0, 300));
  await page.reload();
  await started(page);
  const again = await stateWhere(page, "the run again", ({ step, works }) => step === 1200 && !works);
  assert.equal(again.hash, end.hash);
});

browserTest("everything works where storage is denied", {}, async ({ page, context, host }) => {
  await context.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException("denied", "SecurityError"); } });
    }
  });
  await openStory(page, host, STORY);
  const { hash } = await type(page, "kill n2");
  await openDrawer(page, "Last runs");
  await drawer(page).getByText(/does not let the page keep anything/).waitFor();
  await address(page);
  await page.reload();
  await started(page);
  await stateWhere(page, "the run again", (now) => now.hash === hash && !now.works);
  await page.getByRole("button", { name: /A new run with another seed/ }).click();
  await stateWhere(page, "a new run", (now) => now.hash !== hash);
});

browserTest("on paper there are stage, diagram, checks and story, and nothing to press", {}, async ({ page, host }) => {
  await openStory(page, host, STORY);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.locator("#print-story").getByText("kill n1").waitFor();
  assert.match(await page.locator("#print-story").textContent(), /^One leader per term: holds$/m);
  for (const shown of [".field canvas", ".sheet canvas"]) await page.locator(shown).first().waitFor();
  for (const name of ["Play space", "Share", "Storm"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  await screenshot(page, "on paper");
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("#print-story").textContent(), "");
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 1280, height: 720 }, { width: 390, height: 844 }]) {
  const settings = { viewport, hasTouch: viewport.width < 500 };
  browserTest(`the drawer fits in ${viewport.width}x${viewport.height}`, settings, async ({ page, host }) => {
    await open(page, storyUrl(host, STORY));
    for (const tab of ["Story", "Stories", "Bookmarks", "Last runs", "Save as"]) {
      await openDrawer(page, tab);
      await assertFits(page);
      await assertAccessible(page);
    }
    await page.keyboard.press("Escape");
    await drawer(page).waitFor({ state: "hidden", timeout: PATIENCE_MS });
  });
}

browserTest("a story does not give its end away; where it breaks, what went before is told", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/lease-lock`);
  await pause(page);
  const list = await openDrawer(page, "Stories");
  await list.getByRole("button", { name: "A late delete frees another’s lock", exact: true }).click();
  await stateWhere(page, "the story at its beginning", ({ works, step }) => !works && step === 0);
  const broken = page.locator(".notice:not(.rest)").getByText(/^Broken at step/);
  assert.equal(await broken.count(), 0, "nothing is told before it happens");

  // After a click on a tab the arrows still step through the run.
  await page.locator("[role=tab]").first().click();
  await press(page, "ArrowRight", "a step", ({ step }) => step === 1);

  await press(page, "End", "its end", ({ step, works }) => step > 1 && !works);
  await broken.waitFor();
  await page.locator(".chk.bad .pbtn").first().click();
  const why = page.locator(".card.why");
  await why.getByRole("heading", { name: "Behind it: faults, and rules that were off" }).waitFor();
  assert.match(await why.textContent(), /c1 deletes the lock, and it was that of c2.*“release compares the token” is off/);
  await screenshot(page, "what went before a red step");
});

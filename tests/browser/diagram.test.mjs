// The space-time diagram by pointer, wheel, keys and touch. What is lit is asked of the page.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { openStory, pause, press, state, stateWhere } from "./lab.mjs";

// Votes of the first election are under way.
const VOTES = "lab raft seed=7 rate=0 latency_min=20ms latency_max=20ms\nrun until note election-started\nrun 10ms\n";

const sheet = (page) => page.locator(".sheet canvas");
const bubble = (page) => page.getByRole("group", { name: "What can be done here" });

/** Clicks on points of the diagram, from the playhead to the left, until something of this kind is found. */
async function clickUntil(page, what, found) {
  const box = await sheet(page).boundingBox();
  // A short run is shown whole, on the scale of the scrub bar.
  const { time_us: now } = await state(page);
  const whole = Number(await page.locator(".scrubber").getAttribute("max"));
  for (let x = 58 + ((box.width - 72) * now) / whole - 4; x > 60; x -= 4) {
    for (let y = 24; y < box.height - 12; y += 9) {
      await page.mouse.click(box.x + x, box.y + y);
      if (await found()) return;
    }
  }
  assert.fail(`no ${what} on the diagram`);
}

browserTest("an arrow under way is clicked and dropped", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await openStory(page, host, VOTES);
  const before = await state(page);
  await clickUntil(page, "message", () => bubble(page).getByRole("button", { name: "Drop" }).isVisible());
  const name = await bubble(page).locator("b").textContent();
  assert.match(name, /^VoteRequest n\d>n\d #1$/);
  await screenshot(page, "an arrow clicked");
  await bubble(page).getByRole("button", { name: "Drop" }).click();
  const after = await stateWhere(page, "the drop", ({ step }) => step > before.step);
  assert.equal(after.step, before.step + 1);
  const story = await page.evaluate(async () => (await import(document.getElementById("program-script").href)).splitbrainStory());
  assert.match(story, new RegExp(`^drop ${name.replace("#", "\\#")}$`, "m"));
  // It stays selected, and tells what became of it.
  await press(page, "ArrowRight", "its end", ({ step }) => step > after.step);
  await page.getByRole("tab", { name: /^Messages/ }).click();
  await page.locator("#side-panel").getByText(/dropped/).first().waitFor();
  assert.match(await page.locator(".why").textContent(), /command: drop VoteRequest/);
});

browserTest("an event's past and future light up, by pointer and by keys", { viewport: { width: 1440, height: 900 } }, async ({ page, host }) => {
  await openStory(page, host, "lab raft seed=7 rate=10\nrun 1s\nkill n1\nrun 500ms\n");
  const { step } = await state(page);
  await clickUntil(page, "event", async () => (await state(page)).lit);
  const { lit, step: still } = await state(page);
  assert.equal(still, step, "a click does not lose the present");
  assert.ok(lit[0] <= step && lit[0] > 0, `the past ends at ${lit[0]}`);
  await bubble(page).getByRole("button", { name: "Go to this moment" }).waitFor();
  await screenshot(page, "past and future");
  await assertAccessible(page);
  // From event to event by the keys, and there by Enter.
  await sheet(page).focus();
  await page.keyboard.press("Escape");
  await stateWhere(page, "nothing selected", ({ lit: now }) => !now);
  const why = (event) => page.locator(".why").getByText(`What led to event ${event}?`);
  await page.keyboard.press(",");
  await why(step).waitFor();
  await page.keyboard.press(",");
  await why(step - 1).waitFor();
  await page.keyboard.press("Enter");
  await stateWhere(page, "that moment", ({ step: now }) => now === step - 1);
});

browserTest("zoom, pan and columns leave the playhead where it is; following comes back", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  const before = await state(page);
  const box = await sheet(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.mouse.wheel(0, -300);
  const follow = page.getByRole("button", { name: "Follow the playhead again" });
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 120, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await follow.waitFor();
  assert.deepEqual((await state(page)).hash, before.hash);
  await page.getByRole("button", { name: "Lanes as columns, or as rows" }).click();
  await page.locator(".sheet.columns").waitFor();
  await screenshot(page, "lanes as columns");
  await page.getByRole("button", { name: "Lanes as columns, or as rows" }).click();
  await follow.click();
  await follow.waitFor({ state: "detached" });
  await page.getByText("i", { exact: true }).click();
  assert.ok(await page.getByText("a timer runs out").isVisible());
  await assertAccessible(page);
  assert.equal((await state(page)).step, before.step);
});

browserTest("a double click goes to that moment", {}, async ({ page, host }) => {
  await openStory(page, host, "lab heartbeat seed=3\nrun 3s\n");
  const { time_us: end } = await state(page);
  const box = await sheet(page).boundingBox();
  await page.mouse.dblclick(box.x + box.width * 0.4, box.y + 14);
  await stateWhere(page, "an earlier moment", ({ time_us: now, works }) => !works && now < end);
});

browserTest("100,000 events are drawn as density, and every one of them is still there", {}, async ({ page, host }) => {
  await openStory(page, host, "lab raft seed=7 rate=20 clients=3\nstep 100000\n");
  const { hash } = await state(page);
  await page.getByRole("button", { name: "The whole run so far" }).click();
  await screenshot(page, "100000 events");
  await sheet(page).focus();
  for (let i = 0; i < 30; i += 1) await page.keyboard.press("+");
  await page.keyboard.press("PageUp");
  await screenshot(page, "100000 events, near");
  assert.equal((await state(page)).hash, hash);
});

browserTest("two fingers zoom, one pans", { hasTouch: true, viewport: { width: 390, height: 844 } }, async ({ page, host }) => {
  await openStory(page, host, "lab raft seed=7\nrun 2s\n");
  // On a phone the diagram hangs below the window until the page is at its end.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const box = await sheet(page).boundingBox();
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  const y = box.y + box.height / 2;
  await touch("touchStart", [{ x: box.x + 250, y, id: 1 }]);
  for (let x = 250; x > 150; x -= 20) await touch("touchMove", [{ x: box.x + x, y, id: 1 }]);
  await touch("touchEnd", []);
  await page.getByRole("button", { name: "Follow the playhead again" }).waitFor();
  await screenshot(page, "the diagram by touch");
});

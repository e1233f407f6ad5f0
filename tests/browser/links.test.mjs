// Links from anybody: a sentence, never a dead tab. And the largest lab.

import assert from "node:assert/strict";

import { browserTest, open, screenshot } from "./harness.mjs";
import { address, assertFits, nodes, openStory, pause, press, state, stateWhere, storyOf, storyUrl } from "./lab.mjs";

const GOOD = "lab raft seed=7\nrun until leader\nkill n1\nrun 300ms\n";

/** What a stranger may send, and what the page says. */
const HOSTILE = {
  "an unknown lab": ["#/paxos-for-cats", /no lab of the name “paxos-for-cats”/],
  "a garbled escape": ["#/raft?story=%E0%A4%A", /character 14 of the address is no text/],
  "an unknown part": ["#/raft?colour=red", /“colour” at character 8 is no part of an address/],
  "a parameter of the lab": ["#/raft?nodes=0", /“nodes” is a parameter of this lab/],
  "a hash without its place": ["#/raft?hash=0123456789abcdef&story=lab+raft", /not the place/],
  "another lab": ["#/raft?story=lab+heartbeat", /of the lab “raft”, but its story of the lab “heartbeat”/],
  "a packed story cut short": ["#/raft?z=AACPcDKniNOcxl", /packed story at character 10 .* cut short/],
  "a packed story without an end": ["#/raft?z=______________", /longer than 262144 bytes/],
  "a run of another device": ["#/raft?kept=nowhere", /this device does not have it/],
  "a story cut short": [`#/raft?story=${encodeURIComponent("lab raft seed=7\nrun un")}`, /Line 2, column/],
  "no story": ["#/raft?story=hello+world", /Line 1, column/],
  "no nodes": [`#/raft?story=${encodeURIComponent("lab raft nodes=0\n")}`, /out of bounds/],
  "too many nodes": [`#/raft?story=${encodeURIComponent("lab raft nodes=10000\n")}`, /out of bounds/],
  "a lab with markup": ["#/<img src=x onerror=alert(1)>", /no lab of the name/],
  "a very long link": [`#/raft?story=${"run+1ms%0A".repeat(90_000)}`, /longer than .* bytes/],
  "very many lines": [`#/raft?story=lab+raft%0A${"heal%0A".repeat(12_000)}`, /more than .* lines/],
};

browserTest("hostile links get a sentence, and a good one still works", {}, async ({ page, host }) => {
  for (const [name, [fragment, says]] of Object.entries(HOSTILE)) {
    // Once as the first page of a tab, and once while the program runs.
    await page.goto("about:blank");
    await open(page, host.url + fragment);
    await page.locator(".notice:not(.rest)").getByText(says).waitFor();
    assert.equal((await state(page)).works ?? false, false, name);
    // What was refused does not go on standing there.
    assert.equal(new URL(page.url()).hash, "#/", name);
    await open(page, storyUrl(host, GOOD));
    await stateWhere(page, "the good story", ({ lab, works }) => lab === "raft" && !works);
    await open(page, host.url + fragment);
    await page.locator(".notice:not(.rest)").getByText(says).waitFor();
    assert.equal(await storyOf(page, await address(page)), (await storyOf(page, storyUrl(host, GOOD))).replace("run until leader", "run 229.502ms"), name);
  }
  await screenshot(page, "a bad link");
  const end = await openStory(page, host, GOOD);
  assert.equal(end.lab, "raft");
});

browserTest("a link that was cut anywhere opens something", {}, async ({ page, host }) => {
  await openStory(page, host, GOOD);
  const whole = await address(page);
  const start = whole.indexOf("#");
  for (let end = start + 3; end < whole.length; end += 7) {
    await open(page, whole.slice(0, end));
    await page.locator("main").waitFor();
    assert.equal(typeof (await state(page)).cost, "object", whole.slice(start, end));
  }
  // A place that is not in the run, and a hash of another run.
  await open(page, whole.replace(/at=\d+\.\d+/, "at=999999999.18446744073709551615"));
  await page.locator(".notice:not(.rest)").getByText(/no longer leads to the same run/).waitFor();
  await open(page, whole.replace(/hash=[0-9a-f]+/, "hash=0123456789abcdef"));
  await page.locator(".notice:not(.rest)").getByText(/no longer leads to the same run/).waitFor();
});

browserTest("a story without an end can be stopped", {}, async ({ page, host }) => {
  await open(page, storyUrl(host, `lab raft\n${"step 10000000\n".repeat(50)}`));
  await stateWhere(page, "some of the work", ({ works, step }) => works && step > 1000);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  const rest = await stateWhere(page, "rest", ({ works }) => !works);
  await press(page, "ArrowLeft", "one step back", ({ step }) => step === rest.step - 1);
});

browserTest("a hundred nodes play in 1280x720", { viewport: { width: 1280, height: 720 } }, async ({ page, host }) => {
  const { step } = await openStory(page, host, "lab heartbeat seed=7 nodes=99\nrun 1s\nkill n7\nrun 1s\n");
  await assertFits(page);
  assert.ok((await nodes(page, /^n\d+/).count()) >= 99);
  await press(page, "Space", "play", (now) => now.playing && now.step > step + 100);
  await pause(page);
  await screenshot(page, "heartbeat 100");
});

browserTest("Raft fits in 1280x720", { viewport: { width: 1280, height: 720 } }, async ({ page, host }) => {
  await openStory(page, host, GOOD);
  await page.keyboard.press("n");
  await page.getByRole("toolbar").waitFor();
  await assertFits(page);
  const tall = await page.evaluate(() => document.scrollingElement.scrollHeight);
  assert.ok(tall <= 720, `the page is ${tall} high`);
  await screenshot(page, "1280x720");
});

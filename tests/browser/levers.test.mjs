// Every lever of the tools: the net and its presets, one link, groups, a node's clock and disk, storms,
// and how far a run goes on. What a lever gave is read from the story of the run.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { pause, state, stateWhere } from "./lab.mjs";

const story = (page) =>
  page.evaluate(async () => (await import(document.getElementById("program-script").href)).splitbrainStory());

const lastLines = async (page, n) => (await story(page)).trim().split("\n").slice(-n);

async function openLab(page, host) {
  await open(page, `${host.url}#/raft`);
  await pause(page);
}

const group = (page, name) => page.locator(".palette details", { has: page.locator("summary", { hasText: name }) });

async function openGroup(page, name) {
  const one = group(page, name).first();
  await one.locator("summary").click();
  return one;
}

browserTest("The net has presets and levers", {}, async ({ page, host }) => {
  await openLab(page, host);
  const net = await openGroup(page, "Network");
  await net.getByRole("button", { name: "Awful" }).click();
  assert.deepEqual(await lastLines(page, 4), [
    "latency 20ms tail 120ms",
    "loss 15%",
    "duplication 5%",
    "reorder on",
  ]);
  await net.getByRole("slider", { name: "Overtaking" }).press("ArrowLeft");
  assert.deepEqual(await lastLines(page, 1), ["reorder off"]);
  await net.getByRole("slider", { name: "Spread of delays" }).press("Home");
  assert.deepEqual(await lastLines(page, 1), ["latency 140ms"]);
  await net.getByRole("slider", { name: "Loss" }).press("Home");
  assert.deepEqual(await lastLines(page, 1), ["loss 0%"]);
});

browserTest("One link has levers of its own, both ways or one", {}, async ({ page, host }) => {
  await openLab(page, host);
  const link = await openGroup(page, "A link");
  await link.getByLabel("to", { exact: true }).selectOption({ label: "n3" });
  await link.getByRole("slider", { name: "Loss" }).press("End");
  assert.deepEqual(await lastLines(page, 1), ["loss n1 n3 100%"]);
  await link.getByLabel("only this way", { exact: false }).check();
  await link.getByRole("slider", { name: "Duplication" }).press("End");
  assert.deepEqual(await lastLines(page, 1), ["duplication n1 > n3 100%"]);
});

browserTest("A wall has up to four sides, and who stands on none reaches all", {}, async ({ page, host }) => {
  await openLab(page, host);
  const wall = await openGroup(page, "A wall");
  const draw = wall.getByRole("button", { name: "Draw the wall" });
  assert.ok(await draw.isDisabled());
  assert.ok(await wall.getByText("Put nodes on at least two sides.").isVisible());
  await wall.getByLabel("n1").selectOption({ label: "side A" });
  await wall.getByLabel("n2").selectOption({ label: "side B" });
  await wall.getByLabel("n4").selectOption({ label: "side C" });
  await draw.click();
  assert.deepEqual(await lastLines(page, 1), ["partition n1 | n2 | n4"]);
});

browserTest("A node's clock and disk can be wrong, and every clock then shows", {}, async ({ page, host }) => {
  await openLab(page, host);
  await page.getByRole("button", { name: /^n2,/ }).click();
  const clock = await openGroup(page, "Clock and disk");
  await clock.getByRole("slider", { name: "Clock ahead by" }).press("End");
  assert.deepEqual(await lastLines(page, 1), ["skew n2 1s"]);
  await clock.getByRole("slider", { name: "Clock too fast by" }).press("Home");
  assert.deepEqual(await lastLines(page, 1), ["drift n2 -500000ppm"]);
  await clock.getByRole("slider", { name: "Writes take longer by" }).press("End");
  assert.deepEqual(await lastLines(page, 1), ["slow-disk n2 500ms"]);
  await page.getByRole("tab", { name: "n2" }).click();
  assert.match(await page.locator(".nodeinfo").textContent(), /ahead/);
});

browserTest("A node dies in the middle of its write", {}, async ({ page, host }) => {
  await openLab(page, host);
  await page.getByRole("button", { name: /^n5,/ }).click();
  const kill = page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Kill in mid-write" });
  await kill.click();
  await stateWhere(page, "the end of the wait", ({ works }) => !works);
  const [before, last] = await lastLines(page, 2);
  assert.match(before, /^run /);
  assert.equal(last, "kill n5");
  // It asked for votes in term 1, and that was not on disk yet: the write was torn.
  await page.getByRole("tab", { name: "n5" }).click();
  assert.match(await page.locator("table.facts.disk").textContent(), /term\s*0/);
});

browserTest("A kill in mid-write takes no time where nobody writes", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?story=${encodeURIComponent("lab raft nodes=5 seed=7 rate=0\nrun 2s\n")}`);
  await page.keyboard.press("End");
  const { time_us: there } = await stateWhere(page, "the end of the story", ({ time_us, works }) => time_us > 1_900_000 && !works);
  await page.getByRole("button", { name: /^n1,/ }).click();
  await page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Kill in mid-write" }).click();
  await page.locator(".notice:not(.rest)").getByText("Nothing was done.").waitFor();
  await stateWhere(page, "the run where it was", ({ time_us, works }) => time_us === there && !works);
});

browserTest("A storm has a rate and kinds, and is seen on the stage", {}, async ({ page, host }) => {
  await openLab(page, host);
  const storm = await openGroup(page, "Storm …");
  for (const kind of ["crash", "lost message", "duplicated message", "late message", "partition"]) {
    await storm.getByLabel(kind, { exact: true }).uncheck();
  }
  await storm.getByLabel("A fault every").selectOption({ label: "100ms" });
  await storm.getByRole("button", { name: "Storm" }).click();
  assert.match((await lastLines(page, 1))[0], /^storm every 100ms (restart )?pause$/);
  assert.ok(await page.getByText("A storm: a fault every 100ms or so").isVisible());
  await storm.getByLabel("pause", { exact: true }).uncheck();
  assert.ok(await storm.getByText("Tick at least one kind of fault.").isVisible());
  await page.getByRole("button", { name: "Calm", exact: true }).click();
  await page.getByText("A storm: a fault every").waitFor({ state: "hidden" });
});

browserTest("The run goes on until something is so, and stops there each time", {}, async ({ page, host }) => {
  await openLab(page, host);
  const goals = await openGroup(page, "Run until");
  await goals.getByLabel("Until").selectOption({ label: "it is so: there is a leader" });
  await goals.getByRole("button", { name: "Run there" }).click();
  await stateWhere(page, "the leader", ({ works }) => !works);
  await page.getByRole("button", { name: /leader/ }).first().waitFor();
  const { step } = await state(page);
  await goals.getByLabel("Until").selectOption({ label: "message: AppendReply" });
  await goals.getByRole("button", { name: "Stop there each time" }).click();
  await page.getByLabel("Speed").selectOption({ label: "real time" });
  await page.keyboard.press("Space");
  const stopped = await stateWhere(page, "the breakpoint", ({ playing, step: now }) => !playing && now > step);
  assert.ok(await page.getByText("Stopped here: message AppendReply").isVisible());
  await page.keyboard.press("Space");
  await stateWhere(page, "the next one", ({ playing, step: now }) => !playing && now > stopped.step);
  await goals.getByRole("button", { name: /^Stop there no more/ }).click();
  assert.equal(await goals.locator(".breaks li").count(), 0);
  await screenshot(page, "the levers");
  await assertAccessible(page);
});

browserTest("A double click on Kill kills, and does not bring up again", {}, async ({ page, host }) => {
  await openLab(page, host);
  await page.getByRole("button", { name: /^n3,/ }).click();
  await page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Kill", exact: true }).dblclick();
  assert.deepEqual((await lastLines(page, 1)), ["kill n3"]);
});

// The page of experiments: reached from a lab and by its address; runs, progress, cancel; what it measures is what is
// measured natively; a point opens its runs, and a run opens in the player; files; both languages, light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { assertFits, pause, stateWhere, until } from "./lab.mjs";

const SMALL = "#/raft?experiment=election-time+1..9+nodes%3D3+alive%3D3+latency_ms_max%3D40+timeout_ms_max%3D200..300%2F3";
/** What `cargo test --test conformance` holds against the engine, natively. */
const MEASURED = readFileSync(join(import.meta.dirname, "experiment.csv"), "utf8");

const run = (page) => page.getByRole("button", { name: "Run", exact: true }).click();
const said = (page) => page.locator(".trialstate p").textContent();
const says = (page, pattern) => until(page, String(pattern), said, (text) => pattern.test(text));

async function saved(page, name) {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name, exact: true }).first().click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

browserTest("from a lab to its experiments, to a point, to a run in the player, and back", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await pause(page);
  await page.locator(".head").getByRole("link", { name: "Experiments" }).click();
  await page.getByRole("heading", { name: "How long an election takes", level: 1 }).waitFor();
  await page.getByRole("link", { name: "How often a vote is split" }).click();
  await page.getByRole("heading", { name: "How often a vote is split", level: 1 }).waitFor();
  await page.getByLabel(/Seeds of each point/).fill("1..41");
  await run(page);
  await says(page, /^All 1,?000 runs are made/);
  assert.match(page.url(), /experiment=split-vote/);
  await screenshot(page, "split votes measured");
  await assertAccessible(page);
  await assertFits(page);
  assert.equal(await page.locator(".trialchart svg path.marks").count(), 1);
  assert.ok(await page.locator(".trialcolumn math").first().isVisible(), "the formula is shown");
  // A click on the last point lists its runs.
  const chart = page.locator(".trialchart svg");
  const box = await chart.boundingBox();
  const at = await page.locator("path.marks").evaluate((path) => {
    const last = path.getAttribute("d").split("M").at(-1).match(/^(-?[\d.]+) (-?[\d.]+)/);
    const { width, height } = path.ownerSVGElement.viewBox.baseVal;
    return { x: Number(last[1]) / width, y: Number(last[2]) / height };
  });
  await page.mouse.click(box.x + at.x * box.width, box.y + at.y * box.height);
  const runs = page.getByRole("region", { name: /^Runs with latency_share=50%/ });
  await runs.getByRole("button", { name: "Open the run with seed 7", exact: true }).click();
  await stateWhere(page, "the run", ({ lab, works, branches }) => lab === "raft" && !works && branches === 1);
  // What is on the stage says what it is an example of.
  const subject = page.locator(".subject");
  await subject.getByText("How often a vote is split").waitFor();
  assert.match(await subject.textContent(), /latency_share=50%.*seed 7/);
  await subject.getByRole("link", { name: "Back to the experiment" }).click();
  await says(page, /^All 1,?000 runs are made/);
});

browserTest("choices that are held against each other share one chart, and its axes say what they are", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/load-balancer?experiment=supermarket+1..3+services%3D50+utilisation%3D50%25,80%25`);
  await run(page);
  await says(page, /^All 4 runs are made/);
  assert.equal(await page.locator(".trialcolumn").count(), 1, "one chart for three columns");
  assert.equal(await page.locator(".trialchart svg path.marks").count(), 3);
  for (const name of ["one choice", "two choices", "three choices"]) {
    assert.ok(await page.locator(".legend").getByText(name, { exact: true }).isVisible(), name);
  }
  const chart = page.locator(".trialchart svg");
  // What stands upward is said over the chart, once.
  const upward = page.locator(".trialcolumn").getByText("Mean time in the system, in mean times of service", { exact: true });
  assert.equal(await upward.filter({ visible: true }).count(), 1);
  assert.match(await chart.textContent(), /How much of the time the servers work.*\(utilisation\), in %/s);
  await page.locator(".legend").getByText("Formula “M/M/1: each queue on its own”").waitFor();
  assert.match(await page.locator(".assumes").textContent(), /λ is the utilisation/);
  // The way from a point to a run, which says which point and which policy it is.
  await page.locator(".trialcolumn summary").click();
  assert.equal(await page.locator(".trialcolumn table").count(), 3);
  await page.locator(".trialcolumn table").first().getByRole("button").first().click();
  // Each policy is a run of its own; all have the same requests.
  await page.getByRole("button", { name: "Open the run with seed 2: three choices", exact: true }).click();
  const subject = page.locator(".subject");
  await subject.getByText("The supermarket: how many queues to look at").waitFor();
  assert.match(await subject.textContent(), /utilisation=50%.*seed 2.*policy=two-choices.*choices=3/);
  await screenshot(page, "a run of an experiment");
});

browserTest("what the page measures is what is measured natively, by workers and without", {}, async ({ page, host }) => {
  await open(page, `${host.url}${SMALL}`);
  await run(page);
  await says(page, /^All 24 runs are made/);
  const csv = await saved(page, "CSV");
  assert.equal(csv.name, "raft-election-time.csv");
  assert.equal(csv.bytes.toString("utf8"), MEASURED);
  const svg = await saved(page, "SVG");
  assert.match(svg.bytes.toString("utf8"), /^<svg [\s\S]*<\/svg>\n$/);
  const png = await saved(page, "PNG");
  assert.deepEqual([...png.bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  // The same by the page itself.
  const alone = await page.context().newPage();
  await alone.addInitScript(() => {
    globalThis.Worker = class {
      constructor() {
        throw new Error("none here");
      }
    };
  });
  await open(alone, `${host.url}${SMALL}`);
  await run(alone);
  await says(alone, /^All 24 runs are made/);
  assert.equal((await saved(alone, "CSV")).bytes.toString("utf8"), MEASURED);
});

browserTest("it stops and goes on, and says what cannot be", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?experiment=split-vote+1..40001`);
  await run(page);
  await says(page, /^[1-9][\d,]* of 1,?000,?000 runs/);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped after/);
  const before = await said(page);
  await page.getByRole("button", { name: "Go on", exact: true }).click();
  await until(page, "more of it", said, (text) => text !== before && !text.startsWith("Stopped"));
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await says(page, /^Stopped after/);
  await page.getByLabel(/How long every message takes/).fill("0..0.9/5");
  await run(page);
  await page.getByText("latency_share=0.9 is out of bounds; allowed: 0%..50%").waitFor();
  await assertAccessible(page);
});

browserTest("the chart is zoomed by keys and by buttons", {}, async ({ page, host }) => {
  await open(page, `${host.url}${SMALL}`);
  await run(page);
  await says(page, /^All 24 runs are made/);
  const marks = () => page.locator("path.marks").getAttribute("d");
  const whole = await marks();
  await page.locator(".trialchart").focus();
  await page.keyboard.press("+");
  const near = await until(page, "a nearer view", marks, (d) => d !== whole);
  await page.keyboard.press("ArrowRight");
  await until(page, "a view beside", marks, (d) => d !== near);
  await page.getByRole("button", { name: "Show all" }).click();
  await until(page, "all of it", marks, (d) => d === whole);
});

for (const [locale, title] of [["en-GB", "How often a vote is split"], ["zh-CN", "选票多久被瓜分一次"]]) {
  for (const [colorScheme, viewport] of [["light", { width: 390, height: 844 }], ["dark", { width: 1280, height: 720 }]]) {
    const name = `${locale} ${colorScheme} ${viewport.width}`;
    browserTest(`experiments for everybody, ${name}`, { locale, colorScheme, viewport }, async ({ page, host }) => {
      await open(page, `${host.url}#/raft?experiment=split-vote+1..21`);
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      await page.locator(".trialstate [type=submit]").click();
      await page.locator("path.marks").waitFor();
      await until(page, "all of it", (on) => on.locator(".trialstate progress").getAttribute("value"), (n) => n === "500");
      await page.locator(".trialcolumn summary").click();
      await screenshot(page, `experiments ${name}`);
      await assertAccessible(page);
      await assertFits(page);
    });
  }
}

// What the labs with large pictures cost: frames a second and what a frame takes of the main thread's
// processor time, and whether a thousand servers keep up with their clock. `node benches/drawings.mjs` after
// `cargo xtask build`; with a word, only the cases whose names have it. Needs Chromium.

import { chromium } from "playwright-core";

import { findBrowser } from "../tests/browser/browser.mjs";
import { startHost } from "../tests/browser/server.mjs";

const SECONDS = 6;
// The digits of the speeds.
const SLOW = "4";
const REAL = "7";
const MOST = "9";
const MANY = "load-balancer seed=7 servers=1000 rate=50000 service=15ms latency_min=1ms latency_max=2ms";
const CROWD = "heartbeat seed=7 nodes=99 interval=10ms timeout=1s latency_min=190ms latency_max=210ms";
const POLICIES = ["two-choices", "round-robin", "random", "least-connections", "smooth-weighted", "consistent-hashing", "latency-aware"];

const CASES = [
  ["ring, real time", "hash-ring seed=7 nodes=100 points=200 keys=10000 rate=20 clients=8", "run 1s", REAL],
  ["ring, 1/20", "hash-ring seed=7 nodes=100 points=200 keys=10000 rate=20 clients=8", "run 1s", SLOW],
  ["queues, 1/20", `${MANY} policy=two-choices`, "run 200ms", SLOW],
  ["queues, a few requests", "load-balancer seed=7 servers=1000 rate=2000 service=400ms policy=random", "run 2s", REAL],
  ["queues, 20 servers", "load-balancer seed=7 servers=20 rate=100 policy=random", "run 2s", REAL],
  // A hundred nodes; a heartbeat each every ten milliseconds, and each under way for two hundred: some 2,000 messages.
  ["crowd, 1/20", `${CROWD}`, "run 500ms", SLOW],
  ["crowd, real time", `${CROWD}`, "run 500ms", REAL],
  ["lock queue", "lock-queue seed=7 nodes=5 clients=8", "run 2s", REAL],
  ...POLICIES.map((policy) => [`balancer, ${policy}, real time`, `${MANY} policy=${policy}`, "run 200ms", REAL]),
  ["balancer, two-choices, as fast as it goes", `${MANY} policy=two-choices`, "run 200ms", MOST],
];

const wanted = process.argv[2] ?? "";
const host = await startHost();
const browser = await chromium.launch({
  executablePath: findBrowser("chromium") ?? undefined,
  chromiumSandbox: false,
  args: ["--disable-gpu"],
});

/** What the program says of itself. */
const ask = (page, name) =>
  page.evaluate(async (name) => (await import(document.getElementById("program-script").href))[name]?.(), name);
const state = async (page) => JSON.parse(await ask(page, "splitbrainState"));

/** The main thread's processor time so far, in ms. */
async function spent(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
}

/** Lets it play so long; how many frames came, and how long it was on the wall. */
const watch = (page) =>
  page.evaluate(async (ms) => {
    const began = performance.now();
    let frames = 0;
    while (performance.now() - began < ms) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames += 1;
    }
    return { frames, ms: performance.now() - began };
  }, SECONDS * 1000);

async function measure([name, lab, before, speed]) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const story = encodeURIComponent(`lab ${lab}\n${before}\n`).replaceAll("%20", "+");
  const id = lab.split(" ")[0];
  await page.goto(`${host.url}#/${id}?story=${story}`);
  await page.locator(".field canvas").first().waitFor();
  while ((await state(page))?.works !== false) await page.waitForTimeout(100);
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.keyboard.press(speed);
  await page.keyboard.press("Space");
  await page.waitForTimeout(500);
  await ask(page, "splitbrainForget");
  const [from, began] = [await spent(session), await state(page)];
  const { frames, ms } = await watch(page);
  const [to, ended] = [await spent(session), await state(page)];
  const each = (what) => ((to[what] - from[what]) / frames).toFixed(2);
  const virtual = (ended.time_us - began.time_us) / 1000;
  const { cost } = ended;
  console.log(
    `${name}: ${((frames * 1000) / ms).toFixed(0)} frames/s; a frame takes ${each("TaskDuration")} ms of the main thread ` +
      `(scripts ${each("ScriptDuration")}, styles ${each("RecalcStyleDuration")}, layout ${each("LayoutDuration")}; ` +
      `ours ${(cost.work_ms / cost.frames).toFixed(2)}, drawing ${(cost.draw_ms / cost.frames).toFixed(2)} on the wall); ` +
      `${(virtual / ms).toFixed(2)} of real time, ${((ended.step - began.step) / ms / 1000).toFixed(2)} M events/s, ` +
      `${(ended.bytes / 1e6).toFixed(0)} MB of Wasm memory${ended.playing ? "" : ", stopped"}`,
  );
  await context.close();
}

for (const one of CASES) if (one[0].includes(wanted)) await measure(one);
await browser.close();
await host.stop();

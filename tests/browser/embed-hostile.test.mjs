// A page that embeds the frame and means it no good: it gets nothing and harms nothing.

import assert from "node:assert/strict";

import { around } from "./embed.mjs";
import { browserTest } from "./harness.mjs";
import { state, until } from "./run.mjs";
import { startHost } from "./server.mjs";

const OPEN = { "Content-Security-Policy": "default-src * 'unsafe-inline' data:" };
const bare = around("<p>Around.</p>", { script: "data:text/javascript," });
const sibling = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Sibling</title></html>`;
const extra = { "around.html": { body: bare, headers: OPEN }, "sibling.html": sibling };

/** Puts a plain frame into a page that notes what it is told; returns the frame once its run is there. */
async function embed(page, base, query) {
  await page.evaluate((address) => {
    window.answers = [];
    addEventListener("message", ({ data, source }) => source === window.target && window.answers.push(data));
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.style.cssText = "width:800px;height:400px";
    document.body.append(frame);
    window.target = frame.contentWindow;
    window.ask = (message) => window.target.postMessage(message, "*");
  }, `${base}#/raft?embed=1&${query}`);
  const frame = page.frames().at(-1);
  await frame.locator(".nodes button").first().waitFor();
  return frame;
}

const answers = (page) => page.evaluate(() => window.answers);
/** Asks for the state under an id of its own, until that is answered: all before it was heard. */
async function settled(page) {
  return until(
    page,
    "an answer after all others",
    () => page.evaluate(async () => {
      const id = `settled ${Math.random()}`;
      window.ask({ splitbrain: 1, id, call: "state" });
      for (let frames = 0; frames < 3; frames += 1) await new Promise((done) => requestAnimationFrame(done));
      return window.answers.find((answer) => answer.id === id)?.value ?? null;
    }),
    (value) => value !== null,
  );
}
const codes = (all) => all.filter(({ ok }) => ok === false).map(({ error }) => error.code);

browserTest("nonsense is refused, or not heard at all", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const frame = await embed(page, host.url, "allow=step,seek,run,set,events,play");
  const begun = await settled(page);
  await page.evaluate(() => {
    window.answers.length = 0;
    const deep = {};
    let at = deep;
    for (let depth = 0; depth < 500; depth += 1) at = at.splitbrain = {};
    const silent = [undefined, null, 0, 1, NaN, "", "splitbrain", "x".repeat(5e6), [], [1], new Map([["splitbrain", 1]]), new Date(), {},
      new Uint8Array(1e6), { id: 1, call: "step" }, JSON.parse('{"__proto__":{"splitbrain":1,"id":1,"call":"step"}}')];
    const refused = [
      deep, { splitbrain: 1 }, { splitbrain: 1, call: "step" }, { splitbrain: 1, id: {}, call: "step" }, { splitbrain: 1, id: NaN, call: "step" },
      { splitbrain: 1, id: "x".repeat(65), call: "step" }, { splitbrain: 2, id: 1, call: "step" }, { splitbrain: "1", id: 1, call: "step" },
      { splitbrain: {}, id: 1, call: "step" }, { splitbrain: 1, id: 1 }, { splitbrain: 1, id: 1, call: 7 }, { splitbrain: 1, id: 1, call: ["step"] },
      { splitbrain: 1, id: 1, call: "__proto__" }, { splitbrain: 1, id: 1, call: "constructor" }, { splitbrain: 1, id: 1, call: "toString" },
      { splitbrain: 1, id: 1, call: "Step" }, { splitbrain: 1, id: 1, call: "x".repeat(1e6) },
      ...[0, -1, 1.5, NaN, Infinity, 10001, 1e300, "3", null, {}, [2], true].map((n) => ({ splitbrain: 1, id: 1, call: "step", n })),
      ...[-1, 0.5, 1e300, NaN, null, {}, [], true, "61min", "nowhere", "x".repeat(1e6)].map((place) => ({ splitbrain: 1, id: 1, call: "seek", place })),
      ...[undefined, null, 7, {}, ["kill n1"], "x".repeat(5e6), "", "explode", "kill", "kill n1\nkill n2", "lab raft", "\u0000", "kill \ud800"].map((command) => ({ splitbrain: 1, id: 1, call: "run", command })),
      ...["fr", 7, null, {}].map((lang) => ({ splitbrain: 1, id: 1, call: "set", lang })),
      ...["pink", 7, null, {}].map((theme) => ({ splitbrain: 1, id: 1, call: "set", theme })),
    ];
    window.refused = refused.length;
    for (const message of [...silent, ...refused]) window.ask(message);
  });
  const all = await until(page, "the answers", () => answers(page), (all) => all.length >= 61);
  assert.equal(all.length, await page.evaluate(() => window.refused));
  assert.ok(all.every(({ ok, splitbrain }) => ok === false && splitbrain === 1), JSON.stringify(all.filter(({ ok }) => ok)));
  assert.deepEqual([...new Set(codes(all))].sort(), ["call", "command", "id", "n", "place", "set", "version"]);
  assert.ok(all.every(({ error }) => error.message && !error.message.includes("«") && error.message.length < 400));
  // The run is where it was, and the frame as good as new.
  const { hash, branch } = await settled(page);
  assert.deepEqual([hash, branch], [begun.hash, begun.branch]);
  assert.deepEqual(await frame.evaluate(() => [{}.splitbrain, {}.allow, document.documentElement.lang]), [undefined, undefined, "en"]);
  await frame.getByRole("button", { name: "One step forward" }).click();
  assert.equal((await settled(page)).step, begun.step + 1);
});

browserTest("what the address does not allow is refused", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const frame = await embed(page, host.url, "allow=step");
  await page.evaluate(() => {
    const asked = { play: {}, pause: {}, seek: { place: 3 }, run: { command: "kill n1" }, set: { lang: "zh-Hans" } };
    for (const [call, rest] of Object.entries(asked)) window.ask({ splitbrain: 1, id: call, call, ...rest });
  });
  const all = await until(page, "five answers", () => answers(page), (all) => all.filter(({ ok }) => ok === false).length === 5);
  assert.deepEqual(codes(all), Array(5).fill("allow"));
  assert.deepEqual(await state(frame).then(({ step, playing, branches }) => [step, playing, branches]), [0, false, 1]);
  await page.evaluate(() => window.ask({ splitbrain: 1, id: 9, call: "step", n: 2 }));
  assert.equal((await until(page, "an answer", () => answers(page), (all) => all.some(({ id }) => id === 9))).at(-1).value.step, 2);
  // No event was told, but for the one that it is there.
  assert.deepEqual((await answers(page)).filter(({ event }) => event).map(({ event }) => event), ["ready"]);
});

browserTest("a frame whose address allows nothing hears nothing", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await embed(page, host.url, "");
  await page.evaluate(() => {
    for (const call of ["play", "step", "state"]) window.ask({ splitbrain: 1, id: call, call });
  });
  const all = await until(page, "three answers", () => answers(page), (all) => all.filter(({ ok }) => ok === false).length === 3);
  assert.deepEqual(codes(all), ["allow", "allow", "allow"]);
});

browserTest("of ten thousand messages at once a few are heard, and later all again", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const frame = await embed(page, host.url, "allow=step,seek,play");
  await settled(page);
  const before = (await state(frame)).bytes;
  await page.evaluate(() => {
    window.answers.length = 0;
    for (let id = 0; id < 10_000; id += 1) window.ask({ splitbrain: 1, id, call: "step" });
  });
  const flood = await until(page, "the word for it", () => answers(page), (all) => codes(all).includes("flood"));
  const told = flood.find(({ ok }) => ok === false);
  assert.deepEqual([told.error.code, told.id], ["flood", null]);
  // All of it has arrived when something sent after it has; and it is quiet for a second then.
  await page.evaluate(async () => {
    const marker = new MessageChannel();
    const came = new Promise((done) => (marker.port1.onmessage = done));
    window.target.addEventListener("message", ({ data }) => data === "the end" && marker.port2.postMessage(0));
    window.ask("the end");
    await came;
    const quiet = performance.now() + 1100;
    while (performance.now() < quiet) await new Promise((done) => requestAnimationFrame(done));
  });
  const now = await settled(page);
  const all = (await answers(page)).filter(({ event }) => !event);
  const heard = all.filter(({ ok, id }) => ok && typeof id === "number").length;
  // Some had been counted with the question before.
  assert.ok(heard > 100 && heard <= 400, `${heard} were heard`);
  assert.equal(now.step, heard);
  assert.equal(codes(all).filter((code) => code === "flood").length, 1);
  const grown = (await state(frame)).bytes - before;
  assert.ok(grown < 32e6, `the program grew by ${grown} bytes`);

  // Calls that take long wait in a row that ends.
  await page.evaluate(() => {
    window.answers.length = 0;
    for (let id = 0; id < 100; id += 1) window.ask({ splitbrain: 1, id, call: "seek", place: 9_000_000 });
  });
  const busy = await until(page, "too many", () => answers(page), (all) => codes(all).includes("busy"));
  assert.ok(busy.filter(({ error }) => error?.code === "busy").length >= 20);
  await page.evaluate(() => window.ask({ splitbrain: 1, id: "stop", call: "pause" }));
  const stopped = await until(page, "the stop", () => answers(page), (all) => all.some(({ id, ok }) => id === "stop" && ok));
  assert.equal(codes(stopped).filter((code) => code === "stopped").length, 64);
  assert.equal(stopped.filter(({ id }) => id !== "stop" && typeof id === "number").length, 100);
});

browserTest("another frame, and another page, are not heard", { extra }, async ({ page, host }) => {
  const other = await startHost(extra);
  try {
    await page.goto(`${other.url}around.html`);
    // It stands in a page of the other host, and listens to one of the first host alone.
    const frame = await embed(page, host.url, `allow=step,events&origin=${new URL(host.url).origin}`);
    await page.evaluate(() => window.ask({ splitbrain: 1, id: 1, call: "step" }));
    const mine = await embed(page, host.url, `allow=step&origin=${new URL(other.url).origin}`);
    assert.ok((await settled(page)).step === 0);
    // A sibling asks, and so does the frame itself.
    await page.evaluate((address) => {
      const made = document.createElement("iframe");
      made.src = address;
      document.body.append(made);
    }, `${other.url}sibling.html`);
    await until(page, "the sibling", () => page.frames().length, (count) => count === 4);
    const second = page.frames().at(-1);
    await second.waitForLoadState();
    await second.evaluate(() => {
      for (const at of [0, 1]) parent.frames[at].postMessage({ splitbrain: 1, id: 2, call: "step" }, "*");
    });
    await mine.evaluate(() => postMessage({ splitbrain: 1, id: 3, call: "step" }, "*"));
    assert.equal((await settled(page)).step, 0);
    assert.equal((await state(frame)).step, 0);
    const told = await answers(page);
    assert.ok(!told.some(({ id }) => [1, 2, 3].includes(id)), JSON.stringify(told));
  } finally {
    await other.stop();
  }
});

browserTest("a page of its own hears nobody", {}, async ({ page, host }) => {
  await page.goto(`${host.url}#/raft?embed=1&allow=step,events`);
  await page.locator(".nodes button").first().waitFor();
  await page.evaluate(async () => {
    const came = new Promise((done) => addEventListener("message", done, { once: true }));
    postMessage({ splitbrain: 1, id: 1, call: "step" }, "*");
    await came;
    for (let frames = 0; frames < 3; frames += 1) await new Promise((done) => requestAnimationFrame(done));
  });
  assert.equal((await state(page)).step, 0);
});

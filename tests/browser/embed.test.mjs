// The element <split-brain> and the frame behind it, in pages that embed them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { around, call, frameOf, heard, listen, prose, ready } from "./embed.mjs";
import { assertAccessible, browserTest, screenshot } from "./harness.mjs";
import { state, storyOf, until } from "./run.mjs";
import { startHost } from "./server.mjs";

const ELEMENT = '<split-brain lab="raft" height="480" style="display:block;height:480px"><a href="./#/raft">Raft</a></split-brain>';
const element = (attributes) => ELEMENT.replace('lab="raft"', `lab="raft" ${attributes}`);
const one = (attributes, options) => ({ extra: { "around.html": around(element(attributes), options) } });
const framed = (query) => `#/raft?embed=1&${query}`;

test("the script of the element is under 5 KB", () => {
  const script = readFileSync(join(import.meta.dirname, "../../dist/split-brain.js"));
  const bytes = gzipSync(script, { level: 9 }).length;
  assert.ok(bytes < 5000, `${bytes} bytes`);
});

/** Adds up what moves in the page, from its beginning. */
const watchShifts = (page) =>
  page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) window.shifts.push([value, sources.length]);
    }).observe({ type: "layout-shift", buffered: true });
  });

const twoFrames = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const still = { "around.html": around(`<p>Before.</p>${ELEMENT}<p>After.</p>`) };
browserTest("nothing moves: a poster stands, then the run plays in its place", { extra: still }, async ({ page, host }) => {
  await watchShifts(page);
  // Nothing of the program comes until the poster was seen.
  const held = [];
  await page.route("**/index.html", (route) => held.push(route));
  await page.goto(`${host.url}around.html`);
  const poster = page.locator("split-brain img");
  await poster.waitFor();
  await until(page, "the poster", () => poster.evaluate((image) => image.naturalWidth), (width) => width > 0);
  await until(page, "a frame that waits", () => held.length, (waiting) => waiting === 1);
  const before = await page.locator("split-brain").boundingBox();
  await screenshot(page, "embed poster");
  await held[0].continue();
  await ready(page);
  await poster.waitFor({ state: "hidden" });
  const frame = await frameOf(page);
  await frame.locator(".nodes button").first().waitFor();
  await frame.getByRole("button", { name: "Play" }).click();
  await frame.getByRole("button", { name: "Pause" }).waitFor();
  await screenshot(page, "embed playing");
  assert.deepEqual(await page.locator("split-brain").boundingBox(), before);
  assert.equal(before.height, 480);
  await twoFrames(page);
  assert.deepEqual(await page.evaluate(() => window.shifts), []);
  // The same question finds what does move.
  await page.evaluate(() => {
    document.querySelector("p").style.paddingBottom = "200px";
  });
  await until(page, "a shift", () => page.evaluate(() => window.shifts.length), (shifts) => shifts > 0);
});

browserTest("it waits for a click where the author says so", one('loading="click"'), async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await page.locator("split-brain img").waitFor();
  await twoFrames(page);
  assert.equal(await page.locator("split-brain iframe").count(), 0);
  assert.ok(!host.asked.includes("index.html"));
  await page.getByRole("button", { name: /^Start: raft/ }).click();
  await ready(page);
  await page.locator("split-brain img").waitFor({ state: "hidden" });
});

const STORY = 'lab raft seed=7\nrun until leader\nmark "led"\nkill n2\nrun 2s\n';

const api = { extra: { "around.html": around(element(`story="${STORY.replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}"`)) } };
browserTest("a page plays, steps, seeks and runs commands, and hears what happens", api, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const said = await ready(page);
  assert.equal(said.lab, "raft");
  assert.deepEqual(said.nodes, ["n1", "n2", "n3", "n4", "n5", "c1"]);
  assert.equal(said.state.step, 0);
  await listen(page);

  const third = await call(page, "step", 3);
  assert.equal(third.step, 3);
  assert.equal((await call(page, "back")).step, 2);
  assert.deepEqual(await call(page, "step"), third);
  assert.equal((await call(page, "seek", 11)).step, 11);
  assert.equal((await call(page, "seek", "900ms")).timeUs, 900_000);
  const led = await call(page, "seek", "led");
  const frame = await frameOf(page);
  await frame.getByRole("button", { name: /, leader/ }).waitFor();
  assert.equal((await state(frame)).step, led.step);
  assert.equal((await state(frame)).hash, led.hash);

  // Another future: a branch, and the cluster led anew.
  const killed = await call(page, "run", "kill n3");
  assert.deepEqual([killed.step, killed.branch], [led.step + 1, 2]);
  await frame.getByRole("button", { name: /^n3, down/ }).waitFor();
  const later = await call(page, "run", "run 300ms");
  assert.equal(later.timeUs, killed.timeUs + 300_000);
  assert.match((await call(page, "run", "kill n3")).notice, /already/);

  // What cannot be done says where and why, and changes nothing.
  const wrong = await call(page, "run", "kill n9");
  assert.deepEqual([wrong.code, wrong.line, wrong.column], ["command", 1, 6]);
  assert.match(wrong.message, /n9/);
  assert.equal((await call(page, "step", 0)).code, "n");
  assert.equal((await call(page, "seek", "nowhere")).code, "place");
  assert.equal((await call(page, "seek", -1)).code, "place");
  assert.equal((await call(page, "run", "x".repeat(3000))).code, "command");

  const playing = await call(page, "play");
  assert.equal(playing.playing, true);
  await until(page, "time to pass", () => page.evaluate(() => document.querySelector("split-brain").state), ({ step }) => step > playing.step + 3);
  assert.equal((await call(page, "pause")).playing, false);

  const all = await heard(page);
  const steps = all.filter(({ name }) => name === "step").map(({ detail }) => detail.step);
  assert.ok(steps.includes(3) && steps.includes(2) && steps.includes(11), JSON.stringify(steps));
  const notes = all.filter(({ name }) => name === "note").map(({ detail }) => detail);
  assert.ok(notes.length > 0);
  for (const { step, timeUs, key, text } of notes) {
    assert.ok(step > 0 && timeUs >= 0 && key && text && !text.includes("«"), JSON.stringify({ step, key, text }));
  }
  assert.ok(!all.some(({ name }) => name === "error"));
});

browserTest("a broken guarantee is told as a verdict", one('story="without-compare-logs"'), async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  await listen(page);
  const end = await call(page, "seek", "400ms");
  assert.ok(end.step > 0);
  const verdicts = await until(
    page, "verdicts", async () => (await heard(page)).filter(({ name }) => name === "verdict"), (all) => all.length > 0,
  );
  const broken = verdicts.find(({ detail }) => detail.verdict === "violated");
  assert.ok(broken, JSON.stringify(verdicts));
  assert.ok(broken.detail.check && broken.detail.text && broken.detail.step > 0);
});

const plainLook = (page) =>
  frameOf(page).then((frame) => frame.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]));
const looks = (page, what, wanted) => until(page, what, plainLook, (look) => String(look) === wanted);

browserTest("language and theme follow the page around, at once", one('panels="checks"'), async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  await looks(page, "English, light", "en,light");
  await page.evaluate(() => {
    document.documentElement.lang = "zh";
    document.body.style.color = "#eee";
  });
  await looks(page, "Chinese, dark", "zh-Hans,dark");
  const frame = await frameOf(page);
  await frame.getByRole("button", { name: "播放" }).waitFor();
  // What the element says itself wins over the page.
  await page.evaluate(() => {
    const element = document.querySelector("split-brain");
    element.lang = "en";
    element.setAttribute("theme", "light");
  });
  await looks(page, "English, light again", "en,light");
  // Nothing of it is remembered for the playground.
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

browserTest("a run that shows stays in sight under other words, colours and posters", one('story="leader-crash"'), async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  // Whether the poster, which covers the run until it is there, is out of the way; and what it was told last.
  const look = () => page.evaluate(() => {
    const element = document.querySelector("split-brain");
    const poster = element.shadowRoot.querySelector("div");
    return [poster.checkVisibility(), poster.classList.contains("dark"), element.shadowRoot.querySelector("iframe").title];
  });
  const shows = (what, dark, title) =>
    until(page, what, look, (now) => String(now) === String([false, dark, title]));
  const [english, chinese] = ["an interactive run of a distributed system", "可操作的分布式系统运行"];
  await shows("the run", false, english);
  const change = (name, value) => page.evaluate(([name, value]) => document.querySelector("split-brain").setAttribute(name, value), [name, value]);
  await change("theme", "dark");
  await shows("the run in the dark", true, english);
  await change("lang", "zh-Hans");
  await shows("the run in Chinese", true, chinese);
  await change("poster", "posters/raft.svg");
  await shows("the run under another poster", true, chinese);
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
  await change("theme", "light");
  await shows("the run by day", false, chinese);
});

browserTest("other settings begin another run", one('seed="3" controls="play"'), async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const seed = async () => storyOf(await frameOf(page), `${host.url}${await link(page)}`);
  const link = async (page) => {
    const frame = await frameOf(page);
    return frame.evaluate(async () => {
      const program = await import(document.getElementById("program-script").href);
      return `#/raft?story=${encodeURIComponent(program.splitbrainStory())}`;
    });
  };
  await ready(page);
  assert.match(await seed(), /^lab raft seed=3\n/);
  await page.evaluate(() => {
    document.querySelector("split-brain").seed = "5";
    document.querySelector("split-brain").params = "nodes=3";
  });
  const said = await ready(page);
  assert.deepEqual(said.nodes, ["n1", "n2", "n3", "c1"]);
  assert.match(await seed(), /^lab raft seed=5 nodes=3\n/);
});

const watched = one('story="leader-crash" readonly controls="play,step,scrub,act,tools"');
browserTest("who can only look changes nothing; the author can", watched, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  const frame = await frameOf(page);
  assert.equal(await frame.locator(".palette").isVisible(), false);
  await call(page, "step", 5);
  await frame.locator(".nodes button").first().click();
  assert.equal(await frame.locator(".actions").isVisible(), false);
  const before = await state(frame);
  for (const key of ["k", "z", "x", "r"]) await page.keyboard.press(key);
  await page.keyboard.press("ArrowRight");
  const after = await until(page, "one step", () => state(frame), ({ step }) => step === before.step + 1);
  assert.equal(after.branches, before.branches);
  const acted = await call(page, "run", "kill n1");
  assert.equal(acted.branch, 2);
  // The lever that was lifted for the author is down again.
  await page.keyboard.press("k");
  await twoFrames(page);
  assert.equal((await state(frame)).step, acted.step);
});

const cached = { extra: { "around.html": around(`${ELEMENT}<p></p>${ELEMENT.replace("<split-brain", '<split-brain id="b"')}`) }, headers: { "Cache-Control": "max-age=600" } };
browserTest("two on one page download the program once", cached, async ({ page, host }) => {
  await page.setViewportSize({ width: 900, height: 1200 });
  await page.goto(`${host.url}around.html`);
  await Promise.all([ready(page), ready(page, "#b")]);
  await frameOf(page, "#b");
  const wasm = host.asked.filter((name) => name.endsWith(".wasm"));
  assert.ok(wasm.length > 0, "the program came");
  const twice = host.asked.filter((name, at) => host.asked.indexOf(name) !== at);
  assert.deepEqual(twice, []);
});

const ten = Array.from({ length: 10 }, (_, at) => `${ELEMENT.replace("<split-brain", `<split-brain id="e${at}" autoplay`)}${prose(1)}`);
browserTest("of ten embeds only what is seen starts, and what is left rests", { extra: { "around.html": around(ten.join("")) } }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page, "#e0");
  const started = () => page.evaluate(() => [...document.querySelectorAll("split-brain")].map(({ shadowRoot }) => shadowRoot.querySelector("iframe") !== null));
  await twoFrames(page);
  assert.deepEqual(await started(), [true, ...Array(9).fill(false)]);
  const playing = (selector) => page.evaluate((selector) => document.querySelector(selector).state?.playing, selector);
  await until(page, "the first to play", () => playing("#e0"), Boolean);

  await page.locator("#e5").scrollIntoViewIfNeeded();
  await until(page, "the sixth to play", () => playing("#e5"), Boolean);
  const after = await started();
  assert.deepEqual(after.map((one, at) => (one ? at : -1)).filter((at) => at >= 0), [0, 5]);
  await until(page, "the first to rest", () => playing("#e0"), (now) => now === false);
  await page.locator("#e0").scrollIntoViewIfNeeded();
  await until(page, "the first to play again", () => playing("#e0"), Boolean);

  // Through all of it at a reader's pace: frames come.
  const longest = await page.evaluate(async () => {
    let [last, worst] = [performance.now(), []];
    for (let y = 0; y < 6000; y += 60) {
      window.scrollTo(0, y);
      await new Promise((done) => requestAnimationFrame(done));
      const now = performance.now();
      worst.push(now - last);
      last = now;
    }
    return worst.sort((a, b) => a - b);
  });
  const [median, late] = [longest[longest.length >> 1], longest[Math.floor(longest.length * 0.95)]];
  console.log(`scrolling past ten: median frame ${median.toFixed(1)} ms, 95 % below ${late.toFixed(1)} ms`);
  assert.ok(median < 50, `the median frame took ${median} ms`);
});

const fallback = ELEMENT.replace("</a>", '<img src="posters/raft.svg" alt="" width="430" height="260"></a>');
browserTest("without script a poster and a link stay", { extra: { "around.html": around(fallback) }, javaScriptEnabled: false }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const link = page.getByRole("link", { name: "Raft" });
  assert.equal(await link.getAttribute("href"), "./#/raft");
  const { width } = await link.locator("img").boundingBox();
  assert.equal(width, 430);
});

const everybody = { headers: { "Access-Control-Allow-Origin": "*" } };
browserTest("a frame without an origin of its own works where its host lets it load", { ...one("isolate"), ...everybody }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  const frame = await frameOf(page);
  assert.equal(await frame.evaluate(() => self.origin), "null");
  await assert.rejects(frame.evaluate(() => localStorage.length), /denied|sandbox/i);
  assert.equal((await call(page, "step", 4)).step, 4);
  await page.evaluate(() => {
    document.querySelector("split-brain").lang = "zh-Hans";
  });
  await frame.getByRole("button", { name: "播放" }).waitFor();
});

const denied = { ...one("isolate"), expected: [/CORS|Failed to load resource|ERR_FAILED/] };
browserTest("a frame without an origin of its own says so where its host does not", denied, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const frame = page.frameLocator("split-brain iframe");
  await frame.getByText(/sandboxed without “allow-same-origin”/).waitFor();
});

const strict = "default-src 'none'; script-src 'self'; frame-src 'self'; img-src 'self'; style-src 'self'";
const quiet = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="posters/raft.svg"><title>Strict</title>
<split-brain lab="raft" height="400"><a href="./#/raft">Raft</a></split-brain><script type="module" src="split-brain.js"></script></html>`;
const policy = { extra: { "around.html": { body: quiet, headers: { "Content-Security-Policy": strict } } } };
browserTest("a page that allows neither inline nor eval embeds it", policy, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  assert.equal((await call(page, "step")).step, 1);
  assert.equal((await page.locator("split-brain").boundingBox()).height, 400);
});

const open = { "Content-Security-Policy": "default-src * 'unsafe-inline' data:" };
browserTest("the playground of another host is embedded the same way", everybody, async ({ page, host }) => {
  const body = around(ELEMENT, { script: `${host.url}split-brain.js` });
  const other = await startHost({ "around.html": { body, headers: open } });
  try {
    await page.goto(`${other.url}around.html`);
    await ready(page);
    assert.equal((await call(page, "step", 2)).step, 2);
    const frame = await frameOf(page);
    assert.equal(await frame.evaluate(() => location.origin), new URL(host.url).origin);
    await page.locator("split-brain img").waitFor({ state: "hidden" });
  } finally {
    await other.stop();
  }
});

for (const [locale, lang] of [["en-GB", "en"], ["zh-CN", "zh-Hans"]]) {
  for (const colorScheme of ["light", "dark"]) {
    browserTest(`axe finds nothing grave in a frame, ${lang} ${colorScheme}`, { locale, colorScheme, viewport: { width: 900, height: 600 } }, async ({ page, host }) => {
      await page.goto(`${host.url}${framed(`lang=${lang}&story=leader-crash&panels=log,checks,why,diagram&controls=play,step,scrub,speed,restart,branches,act,tools,open`)}`);
      await page.locator(".nodes button").first().click();
      await page.locator(".actions:not([hidden])").waitFor();
      await assertAccessible(page);
      await screenshot(page, `embed frame ${lang} ${colorScheme}`);
      await page.setViewportSize({ width: 380, height: 620 });
      await page.mouse.move(0, 0);
      await assertAccessible(page);
      await screenshot(page, `embed narrow ${lang} ${colorScheme}`);
      await page.goto("about:blank");
      await page.goto(`${host.url}${framed(`lang=${lang}&seed=x`)}`);
      await page.getByRole("alert").filter({ hasText: "seed" }).waitFor();
      await assertAccessible(page);
    });
  }
}

browserTest("in a frame the panels end where time begins, however narrow it is", {}, async ({ page, host }) => {
  for (const [width, height] of [[640, 400], [700, 480], [760, 480], [900, 480]]) {
    for (const panels of ["diagram,log", "log,checks,why", "log"]) {
      await page.setViewportSize({ width, height });
      await page.goto("about:blank");
      await page.goto(`${host.url}${framed(`story=leader-crash&panels=${panels}`)}`);
      await page.locator(".embed-page .timeline").waitFor();
      const parts = await page.locator(".known, .side").evaluateAll((all) => all.map((part) => part.getBoundingClientRect().bottom));
      const time = await page.locator(".timeline").evaluate((part) => part.getBoundingClientRect().top);
      assert.ok(parts.every((bottom) => bottom <= time), `${panels} at ${width}: ${parts} and ${time}`);
      await page.locator(".nodes button").first().waitFor();
      await screenshot(page, `embed panels ${panels} ${width}`);
    }
  }
});

const no404 = { expected: [/no-such-story/] };
browserTest("a bad setting is told by a sentence that names it", no404, async ({ page, host }) => {
  const wrong = [
    ["seed=-1", /“seed” is “-1”.*0 … 18446744073709551615/],
    ["height=9", /“height” is “9”.*120 … 2000/],
    ["panels=wings", /“panels” is “wings”.*log/],
    ["panels=%3F", /“panels” is “\?”.*log, votes, store, .*diagram.*none/],
    ["controls=wings", /“controls” is “wings”.*play/],
    ["colour=red", /no attribute “colour”/],
    ["story=no-such-story", /“story” is “no-such-story”/],
    ["params=nodes%3D999", /“params” is “nodes=999”/],
    ["story=lab+raft%0Aexplode", /Line 2, column 1/],
    ["theme=pink", /“theme” is “pink”.*light, dark, auto/],
    ["at=1.2", /at/],
  ];
  for (const [query, pattern] of wrong) {
    await page.goto("about:blank");
    await page.goto(`${host.url}${framed(query)}`);
    await page.getByRole("alert").filter({ hasText: pattern }).waitFor();
  }
  await page.goto("about:blank");
  await page.goto(`${host.url}#/wings?embed=1&lang=zh-Hans`);
  await page.getByRole("alert").filter({ hasText: /属性“lab”的值是“wings”/ }).waitFor();
});

browserTest("the playground opens at the same moment", one('story="leader-crash"'), async ({ page, context, host }) => {
  await page.goto(`${host.url}around.html`);
  await ready(page);
  await call(page, "seek", 12);
  const told = await call(page, "run", "kill n4");
  const frame = await frameOf(page);
  const opened = context.waitForEvent("page");
  await frame.getByRole("link", { name: "Open in the playground" }).click();
  const tab = await opened;
  await tab.locator(".head").waitFor();
  const there = await until(tab, "the same place", state, ({ step, works }) => step === told.step && !works);
  assert.equal(there.hash, told.hash);
});

browserTest("a dialog gives the lines, and they work", {}, async ({ page, host, context }) => {
  await page.goto(`${host.url}#/raft`);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Embed…" }).click();
  const dialog = page.getByRole("dialog", { name: "Embed this run in a page" });
  const lines = dialog.getByLabel("The lines to copy");
  await lines.waitFor();
  await assertAccessible(page);
  await dialog.getByLabel("Height in pixels").fill("300");
  await dialog.getByLabel("Log").check();
  await dialog.getByLabel("Only to look at").check();
  await dialog.getByLabel("Speed").uncheck();
  await dialog.getByLabel("Begins with").selectOption("moment");
  const text = await lines.inputValue();
  await screenshot(page, "embed dialog");
  assert.match(text, /height="300".*moment=".*panels="log" controls="play,step,scrub,restart,act,open" readonly/s);
  for (const form of ["iframe", "mdBook", "MkDocs", "reveal.js", "Docusaurus", "VitePress"]) {
    await dialog.getByLabel("For").selectOption(form);
    assert.match(await lines.inputValue(), form === "iframe" ? /<iframe src=/ : /<split-brain lab="raft"/, form);
  }
  await dialog.getByLabel("For").selectOption("iframe");
  const [, address] = /<iframe src="([^"]+)"/.exec(await lines.inputValue());
  const shown = await context.newPage();
  await shown.goto(address.replaceAll("&amp;", "&"));
  await shown.getByRole("tab", { name: "Log" }).waitFor();
  const bare = await context.newPage();
  await bare.route("**/made.html", (route) => route.fulfill({ contentType: "text/html", body: around(text, { script: "data:text/javascript," }) }));
  await bare.goto(`${host.url}made.html`);
  const said = await ready(bare);
  assert.ok(said.state.step > 0);
});

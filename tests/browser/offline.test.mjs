// Installed, without a network, and with a newer version at the host.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, kept, open, screenshot, started } from "./harness.mjs";
import { press, stateWhere } from "./lab.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const CUT = { expected: [/ERR_CONNECTION_REFUSED/] };

for (const [locale, lang, name] of [["en-GB", "en", /break distributed systems/], ["zh-CN", "zh-Hans", /分布式系统/]]) {
  browserTest(`the page can be installed, ${lang}`, { locale }, async ({ page, context, host }) => {
    await open(page, host.url);
    await kept(page);
    const devtools = await context.newCDPSession(page);
    const { errors, url, data } = await devtools.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    assert.ok(url.endsWith(`/app.${lang}.webmanifest`), url);
    const manifest = JSON.parse(data);
    assert.match(manifest.name, name);
    assert.equal(manifest.lang, lang);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A private profile, which every test has, installs nothing: it is the only reason.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
    for (const { src, sizes } of manifest.icons) {
      const png = readFileSync(join(DIST, src));
      assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
    }
  });
}

browserTest("the whole site without a network after one visit", CUT, async ({ page, host }) => {
  await open(page, host.url);
  await kept(page);
  await host.stop();
  await page.reload();
  await started(page);
  // A lesson, a lab and a lecture that nobody has opened here, in the language of nobody yet.
  await page.getByRole("button", { name: "中文" }).click();
  await page.locator("html[lang=zh-Hans]").waitFor();
  await open(page, `${host.url}#/raft?lesson=reads`);
  const lesson = page.locator("section.lesson");
  await lesson.getByRole("heading", { level: 2 }).first().waitFor();
  assert.match(await lesson.textContent(), /领导者/);
  await open(page, `${host.url}#/heartbeat`);
  await page.getByRole("heading", { name: "心跳检测" }).waitFor();
  await press(page, "ArrowRight", "a step", ({ step }) => step > 0);
  await page.getByRole("button", { name: "故事", exact: true }).click();
  await page.getByRole("tab", { name: "课程" }).click();
  await page.getByRole("heading", { name: "要解决的问题" }).waitFor();
  await assertAccessible(page);
  await page.goto(`${host.url}docs/stories.html`);
  await page.getByRole("heading", { name: "Stories", level: 1 }).first().waitFor();
});

browserTest("the lecture is in the language of the page", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await page.getByRole("button", { name: "Story", exact: true }).click();
  await page.getByRole("tab", { name: "Lessons" }).click();
  await page.getByRole("heading", { name: "Why it is safe" }).waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { name: "为什么是安全的" }).waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Why it is safe" }).waitFor();
});

/** The worker of this build as that of another version, or of the same with other bytes. */
function worker(version) {
  const text = readFileSync(join(DIST, "sw.js"), "utf8");
  const other = version === null ? `${text}\n// Other bytes.\n` : text.replace(/"version":"[0-9a-f]+"/, `"version":"${version}"`);
  assert.notEqual(other, text);
  return other;
}

/** Has the page look for a newer worker, and waits until that is ready. */
const look = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const next = registration.installing ?? registration.waiting;
    if (next.state === "installed") return;
    await new Promise((resolve) => next.addEventListener("statechange", () => next.state === "installed" && resolve()));
  });

/** Which version the worker of the page holds, or the one that waits. */
const version = (page, which) =>
  page.evaluate(async (which) => {
    const registration = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    registration[which].postMessage("version", [port2]);
    return answer;
  }, which);

for (const [locale, here, load] of [["en-GB", "A new version is here.", "Load it"], ["zh-CN", "新版本已就绪", "立即载入"]]) {
  const newer = {};
  browserTest(`a newer version is told quietly and waits to be asked for, ${locale}`, { extra: newer, locale }, async ({ page, host }) => {
    await open(page, `${host.url}#/raft`);
    await kept(page);
    await page.evaluate(() => (window.notReloaded = true));
    newer["sw.js"] = worker("0123456789abcdef");
    await look(page);
    const note = page.getByRole("status").filter({ hasText: here });
    await note.waitFor();
    await assertAccessible(page);
    await screenshot(page, `a newer version ${locale}`);
    assert.equal(await page.evaluate(() => window.notReloaded), true);
    await stateWhere(page, "a run that goes on", ({ step }) => step > 0);
    assert.notEqual(await version(page, "active"), "0123456789abcdef");
    await note.getByRole("button", { name: load }).click();
    await page.waitForFunction(() => window.notReloaded === undefined);
    await started(page);
    assert.equal(await version(page, "active"), "0123456789abcdef");
    await stateWhere(page, "the run again", ({ lab }) => lab === "raft");
  });
}

const same = {};
browserTest("a page that is of the new version already is told nothing", { extra: same }, async ({ page, host }) => {
  await open(page, host.url);
  await kept(page);
  same["sw.js"] = worker(null);
  await look(page);
  // The page has asked the same question before, and has had its answer.
  assert.equal(await version(page, "waiting"), await version(page, "active"));
  assert.equal(await page.locator(".newer").count(), 0);
});

// The main path of an embedded run in Firefox: the poster, the frame, the methods, the events, the look.

import assert from "node:assert/strict";

import { around } from "./embed.mjs";
import { control, firefoxTest } from "./firefox.mjs";
import { state, until } from "./run.mjs";

const element = (attributes) =>
  `<split-brain lab="raft" height="480" style="display:block;height:480px" ${attributes}><a href="./#/raft">Raft</a></split-brain>`;
const extra = {
  "around.html": around(element('story="leader-crash" panels="log"')),
  "click.html": around(element('loading="click"')),
};

const call = (page, method, ...rest) =>
  page.evaluate((method, rest) => document.querySelector("split-brain")[method](...rest), method, rest);

firefoxTest("a page embeds a run, steps it and hears of it", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}around.html`);
  const said = await call(page, "start");
  assert.deepEqual([said.lab, said.state.step], ["raft", 0]);
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ["step", "note"]) document.querySelector("split-brain").addEventListener(name, ({ type, detail }) => window.heard.push([type, detail.step]));
  });
  const there = await call(page, "step", 20);
  assert.equal(there.step, 20);
  const frame = page.frames().at(-1);
  assert.equal((await state(frame)).hash, there.hash);
  await until(page, "its events", () => page.evaluate(() => window.heard), (all) => all.some(([name, step]) => name === "step" && step === 20));
  assert.equal((await call(page, "run", "kill n1")).branch, 2);
  await page.evaluate(() => {
    document.documentElement.lang = "zh-CN";
    document.body.style.color = "white";
  });
  const look = () => frame.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dataset.theme}`);
  await until(page, "Chinese, dark", look, (look) => look === "zh-Hans dark");
  await control(frame, "button", "播放");
});

firefoxTest("a click starts it, in its place", { extra }, async ({ page, host }) => {
  await page.goto(`${host.url}click.html`);
  const box = () => page.evaluate(() => JSON.stringify(document.querySelector("split-brain").getBoundingClientRect()));
  const before = await box();
  assert.equal(await page.evaluate(() => document.querySelector("split-brain").shadowRoot.querySelector("iframe")), null);
  await page.mouse.click(300, 240);
  await call(page, "start");
  assert.equal(await box(), before);
  assert.equal((await call(page, "back", 3)).step, 0);
});

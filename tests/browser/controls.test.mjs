// The levers: the network, single messages, parameters, rules.

import assert from "node:assert/strict";

import { browserTest, open, screenshot } from "./harness.mjs";
import { leader, nodes, openStory, press, state, stateWhere, story, tab, type } from "./lab.mjs";

const wide = { viewport: { width: 1440, height: 900 } };
const LED = "lab raft seed=7\nrun until leader\nrun 200ms\n";

browserTest("a wall by the keyboard, and its healing", wide, async ({ page, host }) => {
  const { step } = await openStory(page, host, LED);
  const wall = page.locator("details", { has: page.locator("summary", { hasText: "A wall" }) });
  await wall.locator("summary").focus();
  await page.keyboard.press("Enter");
  // The choices are side A, side B, no side; no side is so at first.
  for (const [name, ups] of [["n1", 2], ["n2", 2], ["n3", 1], ["n4", 1], ["n5", 1]]) {
    await wall.getByLabel(name, { exact: true }).focus();
    for (let i = 0; i < ups; i += 1) await page.keyboard.press("ArrowUp");
  }
  await wall.getByRole("button", { name: "Draw the wall" }).focus();
  await press(page, "Enter", "the wall", (now) => now.step === step + 1);
  assert.match(await story(page), /^partition n1 n2 \| n3 n4 n5$/m);
  await type(page, "run 300ms");
  const events = await tab(page, "Events");
  await events.getByText(/is lost at a cut link/).first().waitFor();
  await screenshot(page, "wall");
  await page.getByRole("button", { name: "Heal all links" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Heal all links" }).waitFor({ state: "detached" });
  assert.match(await story(page), /^heal$/m);
});

browserTest("a wall by the pen", wide, async ({ page, host }) => {
  const { step } = await openStory(page, host, LED);
  await page.keyboard.press("w");
  await page.locator(".walling").waitFor();
  const field = await page.locator(".field").boundingBox();
  const middle = field.x + field.width / 2;
  await page.mouse.move(middle, field.y + 5);
  await page.mouse.down();
  await page.mouse.move(middle + 3, field.y + field.height - 60, { steps: 12 });
  await page.mouse.up();
  await stateWhere(page, "the wall", (now) => now.step === step + 1);
  assert.match(await story(page), /^partition (n\d ?)+\| (n\d ?)+$/m);
});

browserTest("storm and calm", wide, async ({ page, host }) => {
  await openStory(page, host, LED);
  const weather = page.getByRole("group", { name: "Weather" });
  await weather.getByRole("button", { name: "Storm" }).click();
  await weather.getByRole("button", { name: "Storm" }).waitFor({ state: "detached" });
  await type(page, "run 5s");
  await weather.getByRole("button", { name: "Calm" }).click();
  await weather.getByRole("button", { name: "Storm" }).waitFor();
  await type(page, "run 5s");
  await leader(page);
  assert.match(await story(page), /^storm every 500ms .*\n(?:.*\n)*calm$/m);
  const checks = page.getByRole("region", { name: "Checks" });
  // All of them are listed where somebody opens the line.
  await checks.getByRole("button", { name: /^Checks/ }).click();
  await checks.getByRole("button", { name: /After calm there is a leader holds/ }).waitFor();
  assert.equal(await checks.locator(".bad").count(), 0);
});

browserTest("the slider of losses", wide, async ({ page, host }) => {
  await openStory(page, host, LED);
  await page.locator("summary", { hasText: "Network" }).click();
  const slider = page.getByRole("slider", { name: "Loss", exact: true });
  await slider.focus();
  for (let i = 0; i < 7; i += 1) await page.keyboard.press("ArrowRight");
  await page.locator(".network output", { hasText: "50%" }).first().waitFor();
  assert.match(await story(page), /^loss 50%$/m);
  await type(page, "run 500ms");
  const events = await tab(page, "Events");
  await events.getByText(/is lost by the network/).first().waitFor();
});

browserTest("a message is dropped by hand", wide, async ({ page, host }) => {
  await openStory(page, host, `${LED}run until message AppendReply\n`);
  const messages = await tab(page, /^Messages/);
  const row = messages.getByRole("listitem").getByRole("button").first();
  const name = await row.getAttribute("title");
  const { step } = await state(page);
  await row.click();
  await messages.getByRole("button", { name: "Drop" }).click();
  await stateWhere(page, "the drop", (now) => now.step > step);
  // It is seen to be lost, and the record tells it when it would have arrived.
  await messages.getByTitle(name, { exact: true }).getByText("was dropped").waitFor();
  assert.ok((await story(page)).split("\n").includes(`drop ${name}`));
  await type(page, "run 100ms");
  const events = await tab(page, "Events");
  await events.getByText(`${name} was dropped by hand`).waitFor();
});

browserTest("the parameters of the lab", wide, async ({ page, host }) => {
  const end = await openStory(page, host, LED);
  await page.getByText("Parameters", { exact: true }).click();
  const field = page.getByLabel(/^How many servers there are(?! besides)/);
  for (const wrong of ["many", "0", "10000", "-3", ""]) {
    await field.fill(wrong);
    await field.press("Enter");
    await page.locator("#param-nodes-wrong", { hasText: "allowed" }).waitFor();
  }
  assert.equal((await state(page)).hash, end.hash);
  await screenshot(page, "a wrong parameter");
  await field.fill("3");
  await field.press("Enter");
  await nodes(page, /^n5,/).waitFor({ state: "detached" });
  await nodes(page, /^n3,/).waitFor();
  assert.match(await story(page), /^lab raft .*nodes=3/);
});

browserTest("a rule that is off is marked", wide, async ({ page, host }) => {
  await openStory(page, host, LED);
  const rules = await tab(page, "Rules");
  const rule = rules.getByRole("switch", { name: "Compare logs before voting" });
  await rule.click();
  await page.getByRole("tab", { name: "Rules: 1 off" }).waitFor();
  await page.locator(".rule.off .onoff", { hasText: "OFF" }).waitFor();
  assert.equal(await page.locator(".rule.off [role=switch]").getAttribute("aria-checked"), "false");
  assert.match(await story(page), /^rule compare-logs off$/m);
  await screenshot(page, "a rule is off");
});

browserTest("keys, languages and colours", wide, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "All keys" }).or(page.locator("dialog.help[open]")).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog.help[open]").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "中文" }).click();
  await page.locator("html[lang=zh-Hans]").waitFor();
  await page.getByRole("button", { name: /颜色|配色|色/ }).first().click();
  await page.getByRole("button", { name: /颜色|配色|色/ }).first().click();
  await page.locator("html[data-theme=dark]").waitFor();
  // Both are remembered.
  await page.reload();
  await page.locator("html[lang=zh-Hans][data-theme=dark]").waitFor();
});

// The main paths of the page in Firefox: another engine for the Wasm, the canvases, the pointer and the keys.

import assert from "node:assert/strict";

import {
  assertFits, assertHeadFits, click, control, fill, firefoxTest, gone, leader, open, openStory,
  screenshot, started, textOf, type,
} from "./firefox.mjs";
import { address, assertGoldenTraces, explored, pause, play, press, state, stateWhere, story, until } from "./run.mjs";

const LED = "lab raft seed=7\nrun until leader\nrun 200ms\n";
const phone = { viewport: { width: 390, height: 844, hasTouch: true, deviceScaleFactor: 2 } };

firefoxTest("the page opens under the strict policy, and again without a network", {}, async ({ page, host }) => {
  await open(page, host.url);
  await control(page, "h1", "Break it. Then you understand it.");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await host.stop();
  await page.reload();
  await started(page);
  await click(page, "a", /Start here/);
  await leader(page);
});

const bare = `<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>Bare</title><script>refused()</script>`;
const refused = { extra: { "bare.html": bare }, expected: [/Content-Security-Policy/] };
firefoxTest("what the policy refuses is noticed by these tests", refused, async ({ page, host }) => {
  await page.goto(`${host.url}bare.html`);
});

firefoxTest("the golden stories give in Wasm what they give natively", {}, async ({ page, host }) => {
  await open(page, host.url);
  await assertGoldenTraces(page);
});

firefoxTest("the main path through Raft", {}, async ({ page, newPage, host }) => {
  await open(page, host.url);
  await click(page, "a[href='#/raft']");
  await (await control(page, "select", "Speed")).select(await speed(page, "1/10 speed"));
  const first = await leader(page);

  // What a client writes is seen in the log.
  await click(page, "[role=group] button", /^put x=/);
  await click(page, "[role=tab]", "Log");
  await control(page, "[role=tabpanel] *", /entry \d+ of term \d+, x=1: committed/);
  await pause(page);
  await type(page, "request c1 put y=2");
  assert.match(await story(page), /^request c1 put x=1\n(.*\n)*request c1 put y=2$/m);

  // Its leader is killed by the pointer, and another one rises.
  await click(page, ".nodes button", new RegExp(`^${first}, leader`));
  const alive = await state(page);
  await click(page, "[role=toolbar] button", "Kill");
  const killed = await stateWhere(page, "the kill", ({ step }) => step === alive.step + 1);
  await control(page, ".nodes button", new RegExp(`^${first}, down`));
  await play(page);
  const second = await leader(page);
  assert.notEqual(second, first);
  const future = await pause(page);
  await screenshot(page, "another leader");

  // Step by step back, until it lives again, and over the kill once more: the same traces.
  for (let { step } = future; step > alive.step; step -= 1) {
    await press(page, "ArrowLeft", "one step back", (now) => now.step === step - 1);
  }
  assert.equal((await state(page)).hash, alive.hash);
  await control(page, ".nodes button", new RegExp(`^${first}, leader`));
  await press(page, "ArrowRight", "the kill again", ({ hash }) => hash === killed.hash);
  await press(page, "End", "the future again", ({ hash }) => hash === future.hash);
  await control(page, ".nodes button", new RegExp(`^${second}, leader`));

  // The second leader is killed by the keyboard.
  await page.keyboard.press("Escape");
  await select(page, second);
  await press(page, "k", "the kill by a key", ({ step }) => step === future.step + 1);
  await control(page, ".nodes button", new RegExp(`^${second}, down`));
  assert.match(await story(page), new RegExp(`^kill ${first}\n(.*\n)*kill ${second}$`, "m"));
  const here = await state(page);

  // The link is copied, put into a field, and shows the same in a new tab.
  await click(page, "button", "Share");
  await click(page, "dialog button", "Copy the link");
  await control(page, "dialog button", "Copied");
  await page.keyboard.press("Escape");
  await gone(page, "dialog");
  await fill(page, "input", "Type any command", "");
  await page.keyboard.down("Control");
  await page.keyboard.press("v");
  await page.keyboard.up("Control");
  const link = await textOf(page, "input", "Type any command");
  assert.equal(link, await address(page));
  const other = await newPage();
  await open(other, link);
  const same = ({ lab, step, hash }) => lab === "raft" && step === here.step && hash === here.hash;
  await stateWhere(other, "the same in a new tab", same);
  await gone(other, ".notice");
  await other.close();
});

/** Selects a server by the key that goes from node to node. */
async function select(page, name) {
  for (let i = 0; i < Number(name.slice(1)); i += 1) await page.keyboard.press("n");
  await control(page, ".nodes button[aria-pressed=true]", new RegExp(`^${name},`));
}

/** The value of the speed with this name. */
const speed = (page, name) =>
  page.evaluate((name) => [...document.querySelectorAll("option")].find((each) => each.label === name).value, name);

firefoxTest("the past is touched, and both futures are compared", {}, async ({ page, host }) => {
  const end = await openStory(page, host, LED);
  const back = await press(page, "ArrowLeft", "one step back", ({ step }) => step === end.step - 1);
  await select(page, "n2");
  await press(page, "k", "a branch", ({ branches }) => branches === 2);
  await click(page, "button", "Compare");
  await click(page, "[role=tab]", "Branches");
  await click(page, "#study-panel button", "Differences to Branch 1");
  await control(page, "#study-panel *", new RegExp(`They part at event ${back.step + 1}`));
  await screenshot(page, "two branches compared");
  await click(page, "[role=tab]", "Branches");
  await click(page, "#study-panel button", "Go there: Branch 1");
  const first = await stateWhere(page, "the first branch", ({ branch, works }) => branch === 0 && !works);
  assert.equal(first.branches, 2);
  await press(page, "End", "its end", ({ hash }) => hash === end.hash);
});

firefoxTest("a message is dropped by hand", {}, async ({ page, host }) => {
  await openStory(page, host, `${LED}run until message AppendReply\n`);
  await click(page, "[role=tab]", /^Messages/);
  const row = await control(page, "[role=tabpanel] li button");
  const name = await row.evaluate((element) => element.title);
  const { step } = await state(page);
  await row.click();
  await click(page, "[role=tabpanel] button", "Drop");
  await stateWhere(page, "the drop", (now) => now.step > step);
  await control(page, `[role=tabpanel] [title="${name}"]`, /was dropped/);
  assert.ok((await story(page)).split("\n").includes(`drop ${name}`));
});

firefoxTest("a wall by the pen, and its healing", {}, async ({ page, host }) => {
  const { step } = await openStory(page, host, LED);
  await page.keyboard.press("w");
  await control(page, ".walling");
  const field = await (await control(page, ".field")).boundingBox();
  const middle = field.x + field.width / 2;
  await page.mouse.move(middle, field.y + 5);
  await page.mouse.down();
  await page.mouse.move(middle + 3, field.y + field.height - 60, { steps: 12 });
  await page.mouse.up();
  await stateWhere(page, "the wall", (now) => now.step === step + 1);
  assert.match(await story(page), /^partition (n\d ?)+\| (n\d ?)+$/m);
  await screenshot(page, "a wall");
  await click(page, "button", "Heal all links");
  await gone(page, "button", "Heal all links");
  assert.match(await story(page), /^heal$/m);
});

firefoxTest("a story is edited: its mistake is marked, and the mended one played", {}, async ({ page, host }) => {
  const before = await openStory(page, host, LED);
  await click(page, "button", "Story");
  await fill(page, "textarea", "The story of this run", "lab raft seed=8\nrun until leader\nkill n9\n");
  await click(page, "button", /Line 3, column 6: “n9” is no node here/);
  const caret = await page.evaluate(() => [document.activeElement.localName, document.activeElement.selectionStart]);
  assert.deepEqual(caret, ["textarea", "lab raft seed=8\nrun until leader\nkill ".length]);
  const mark = await page.evaluate(() => {
    const [row, place, text] = [".row", ".place", "textarea"].map((name) => document.querySelector(`.editor ${name}`));
    const [inner, outer] = [place.getBoundingClientRect(), text.getBoundingClientRect()];
    return { row: row.style.top, place: place.style.left, inside: inner.width > 0 && inner.left > outer.left && inner.bottom < outer.bottom };
  });
  assert.deepEqual(mark, { row: "40px", place: "5ch", inside: true });
  assert.ok(await (await control(page, "button", "Play this")).evaluate((button) => button.disabled));
  await screenshot(page, "a mistake in a story");
  // The caret stands before the 9 of n9, less one: the name is mended where it is.
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.type("n3");
  await click(page, "button", "Play this");
  await stateWhere(page, "the new story", ({ playing, hash }) => playing && hash !== before.hash);
  await pause(page);
  assert.match(await textOf(page, "textarea", "The story of this run"), /^lab raft seed=8\n(.*\n)*kill n3\n/);
});

firefoxTest("languages and colours are changed, and remembered", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft`);
  await control(page, "html[lang=en] h1, html[lang=en] .head");
  await click(page, "button", "中文");
  await control(page, "html[lang=zh-Hans]");
  await click(page, "button", "分享");
  // What it needs of the program may be under way.
  await control(page, "dialog[open]");
  await page.keyboard.press("Escape");
  await gone(page, "dialog");
  await page.reload();
  await started(page);
  await control(page, "html[lang=zh-Hans] button", "分享");
  await click(page, "button", "English");
  await control(page, "html[lang=en] button", "Share");
});

firefoxTest("presenting hides the answers until they are asked for", {}, async ({ page, host }) => {
  await openStory(page, host, LED);
  await page.keyboard.press("p");
  await control(page, "[role=toolbar]", "Presenting");
  for (const answer of [".head", ".palette", ".checks small", ".why"]) await gone(page, answer);
  await page.keyboard.press("a");
  await control(page, ".checks small");
  await control(page, ".why");
  await screenshot(page, "presenting");
  await click(page, "button", "Stop presenting");
  await control(page, ".head");
});

firefoxTest("Raft on a phone, by touch", phone, async ({ page, host }) => {
  const tap = async (selector, name) => (await control(page, selector, name)).tap();
  await open(page, host.url);
  await assertFits(page);
  await screenshot(page, "phone front");
  await tap("a[href='#/raft']");
  const first = await leader(page);
  await assertHeadFits(page);
  await tap("button", /^Pause/);
  await stateWhere(page, "rest", ({ playing }) => !playing);
  await tap(".nodes button", new RegExp(`^${first}, leader`));
  const alive = await state(page);
  await tap("[role=toolbar] button", "Kill");
  await stateWhere(page, "the kill", ({ step }) => step === alive.step + 1);
  await assertFits(page);
  await tap("button", "One step back");
  await stateWhere(page, "the life before it", ({ hash }) => hash === alive.hash);
  await tap("button", /^Play/);
  await until(page, "play", state, ({ playing, step }) => playing && step > alive.step + 5);
  await assertFits(page);
  await tap(".setup > summary", "Parameters");
  await control(page, ".setup label", /How many servers there are(?! besides)/);
  const card = await (await control(page, ".setup > .card")).boundingBox();
  assert.ok(card.x >= 0 && card.x + card.width <= phone.viewport.width, JSON.stringify(card));
  await screenshot(page, "phone parameters");
  await tap(".setup > summary", "Parameters");
  await tap("button", "中文");
  await control(page, "html[lang=zh-Hans] button", "分享");
  await assertHeadFits(page);
});

/** Begins what a step of a lesson shows, and brings it to its end. */
async function seeThrough(page, begin) {
  await click(page, ".lesson button", begin);
  await click(page, ".lesson button", "To the end");
}

const turnTo = async (page, title) => {
  await click(page, ".lesson button", "Next");
  await control(page, ".lesson h2", title);
};

/** Answers a question of a lesson, and sees it through. */
async function predict(page, option, verdict) {
  await click(page, ".lesson fieldset.now .option", option);
  await seeThrough(page, /^See what happens/);
  await control(page, ".lesson [role=status]", verdict);
}

async function killInLesson(page, node) {
  await click(page, ".nodes button", new RegExp(`^${node}, `));
  await click(page, "[role=toolbar] button", "Kill");
  await control(page, ".nodes button", new RegExp(`^${node}, down|^${node}, .*down`));
}

firefoxTest("start here, from the front page to its end", {}, async ({ page, host }) => {
  await open(page, host.url);
  await click(page, ".live button", /^Kill n\d$/);
  await control(page, ".live [role=status]", /is dead, n\d leads: \d+ ms later/);
  await click(page, ".live a", "See it step by step");
  await control(page, ".lesson h2", "Five servers, one in charge");
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await seeThrough(page, "Watch them talk");
  await control(page, ".lesson section.now .goals", /there is no leader/);
  await killInLesson(page, "n5");
  await control(page, ".lesson .done", /It is dead, and nobody leads/);
  await turnTo(page, "And now?");
  await seeThrough(page, "Let time pass");
  await leader(page);
  await turnTo(page, "You broke it, and it mended itself");
  await click(page, ".lesson button", "End the lesson");
  await gone(page, ".lesson");
  assert.equal((await state(page)).lab, "raft");
});

firefoxTest("a lesson is played to its end, and its code is made", {}, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us === 100_000 && !works);
  await predict(page, /^That of n5/, /^Right/);
  await turnTo(page, "Terms and votes");
  await turnTo(page, "Take the leader away");
  await seeThrough(page, "Watch the heartbeats");
  await control(page, ".lesson section.now .goals");
  await killInLesson(page, "n5");
  await control(page, ".lesson .done", /Nobody leads/);
  await predict(page, /One of them will lead, in term 2/, /^Right/);
  await turnTo(page, "How many may fail?");
  await control(page, ".node", /^n1, leader/);
  for (const node of ["n2", "n1", "n3"]) await killInLesson(page, node);
  await control(page, ".lesson .done", /With two of five alive nobody gets three votes/);
  await predict(page, /No, as long as three are down/, /^Right/);
  await turnTo(page, "Can there be two?");
  await killInLesson(page, "n1");
  await click(page, ".lesson button", "It cannot be done");
  await control(page, ".lesson .done", /It cannot be done/);
  await turnTo(page, "What you have seen");
  await click(page, ".lesson summary", "For a teacher: a completion code");
  await fill(page, ".lesson input", "Your name", "Ada");
  await click(page, ".lesson button", "Make the code");
  assert.ok((await textOf(page, ".lesson input", "Completion code")).length > 40);
  await screenshot(page, "a lesson at its end");
  await click(page, ".lesson button", "End the lesson");
  await page.goto(`${host.url}#/lessons`);
  await control(page, "a.lessonrow", /Who leads\?.*done/);
});

firefoxTest("workers search for a run that breaks it, and find what the command line finds", {}, async ({ page, host }) => {
  await openStory(page, host, "lab raft seed=7\nrule back-up off\nrun 100ms\n");
  await click(page, "[role=tab]", /^Rules/);
  await click(page, "button", "Find a run that breaks it");
  await control(page, "[role=status]", /^Found/);
  const { found } = explored("raft", "back-up", 1);
  await control(page, ".seekfound p", new RegExp(`^Commands: ${found.commands}, shrunk from \\d+\\. Found in run ${found.run}\\.$`));
  const rest = await stateWhere(page, "the story", ({ works }) => !works);
  assert.equal(rest.step, found.step);
  await click(page, ".seekfound button", "Take that step");
  await control(page, ".seekfound span", "Here it is broken.");
  await screenshot(page, "a run that breaks it");
  await assertFits(page);
});

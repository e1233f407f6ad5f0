// Lessons on the page: one is played through by hand, judged by the engine, and its code by the command line.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { assertFits, nodes, state, stateWhere, tab, until } from "./lab.mjs";
import { act, actions, button, code, drop, lesson, predict, turn, verify, watched, WIDE } from "./lectern.mjs";

browserTest("a lesson is played through, and its code is verified", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us === 100_000 && !works);
  await assertAccessible(page);
  await screenshot(page, "lesson question");
  // A question before anything happens; the right answer.
  await predict(page, "That of n5", "Right.");
  await nodes(page, /^n5, leader/).waitFor();

  await turn(page, "Terms and votes");
  const drawn = lesson(page).locator("figure img");
  assert.ok(await drawn.evaluate((image) => image.complete && image.naturalWidth > 100), "a picture of the moment");

  await turn(page, "Take the leader away");
  await button(page, "Watch the heartbeats").click();
  await stateWhere(page, "time to pass by itself", ({ playing }) => playing);
  await button(page, "To the end").click();
  const goals = lesson(page).locator(".goals li");
  await lesson(page).locator("section.step.now .goals").waitFor();
  assert.equal(await lesson(page).locator(".goals .met").count(), 0);
  // Only what the step allows can be pressed.
  await nodes(page, /^n5,/).click();
  assert.ok(await actions(page).getByRole("button", { name: "Kill", exact: true }).isEnabled());
  assert.ok(await actions(page).getByRole("button", { name: "Wipe its disk" }).isDisabled());
  assert.ok(await page.getByRole("button", { name: "Storm", exact: true }).first().isDisabled());
  const rules = await tab(page, /Rules/);
  assert.ok(await rules.getByRole("switch").first().isDisabled());
  const before = await state(page);
  await page.getByLabel("Type any command").fill("cut n1 n2");
  await page.keyboard.press("Enter");
  await page.locator(".notice:not(.rest)").getByText(/This step of the lesson is open to: kill, pause/).waitFor();
  assert.equal((await state(page)).hash, before.hash, "nothing was done");
  await button(page, "A hint").click();
  await lesson(page).getByText("The leader is n5").waitFor();
  await screenshot(page, "lesson task");
  await act(page, "n5", "Kill");
  await lesson(page).locator(".goals .met").waitFor();
  await lesson(page).getByText("Nobody leads. The followers do not know it yet").waitFor();
  assert.equal(await goals.count(), 1);
  // A wrong answer is said to be wrong, and why; then once more from the beginning of the step.
  await predict(page, /Nothing: without n5/, "Not so.");
  const step = lesson(page).locator("fieldset.step");
  await step.getByText("did not come true").waitFor();
  await screenshot(page, "lesson answered");
  await step.getByRole("button", { name: "Start this step again" }).click();
  await predict(page, /One of them will lead, in term 2/, "Right.");

  await turn(page, "How many may fail?");
  await nodes(page, /^n1, leader/).waitFor();
  const dead = async (node) => {
    await act(page, node, "Kill");
    await nodes(page, new RegExp(`^${node}, .*down`)).waitFor();
  };
  await dead("n2");
  await dead("n1");
  await dead("n3");
  await lesson(page).locator(".goals .met").nth(3).waitFor();
  await lesson(page).getByText("With two of five alive nobody gets three votes").waitFor();
  await predict(page, /No, as long as three are down/, "Right.");

  await turn(page, "Can there be two?");
  const cannot = button(page, "It cannot be done");
  assert.ok(await cannot.isDisabled(), "nothing was tried yet");
  await lesson(page).getByText("Try it first").waitFor();
  await act(page, "n1", "Kill");
  await cannot.click();
  await lesson(page).locator(".done").getByText("It cannot be done. You may have two").waitFor();

  await turn(page, "What you have seen");
  await assertAccessible(page);
  const handed = await code(page, "Ada 王");
  await screenshot(page, "lesson code");
  const { status, text } = verify(handed);
  assert.equal(status, 0, text);
  assert.match(text, /Ada 王/);
  assert.match(text, /6 of 6 right/);
  assert.doesNotMatch(text, /wrong|not answered/);
  // The progress is kept on the device.
  await button(page, "End the lesson").click();
  await open(page, `${host.url}#/lessons`);
  await page.getByRole("link", { name: /Who leads\?/ }).getByText("done").waitFor();
  await assertAccessible(page);
});

browserTest("a code without its answers, or with a wrong one, is not verified", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us === 100_000 && !works);
  await predict(page, "That of n1", "Not so.");
  await lesson(page).getByRole("button", { name: /^Page 6/ }).click();
  const { status, text } = verify(await code(page, "Bob"));
  assert.equal(status, 1, text);
  assert.match(text, /step 2: wrong/);
  assert.match(text, /step 4: not answered/);
});

browserTest("a prediction comes before what answers it", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/heartbeat?lesson=detector&page=2`);
  await lesson(page).getByText("The stage is set.").waitFor();
  const question = lesson(page).locator("fieldset.step");
  await question.waitFor();
  const after = () => question.evaluate((element) => {
    let text = "";
    for (let next = element.closest(".item").nextElementSibling; next; next = next.nextElementSibling) text += next.checkVisibility() ? next.textContent : "";
    return text;
  });
  assert.equal(await after(), "The page goes on once the question is answered.");
  await lesson(page).getByText("Choose an answer first.").waitFor();
  await question.getByRole("radio").first().check();
  await question.getByRole("button", { name: "See what happens" }).click();
  await button(page, "To the end").click();
  await until(page, "the rest of the page", after, (text) => text.length > 80 && !text.includes("goes on once"));
});

browserTest("who turns back finds the stage of that page, as it was left", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/hash-ring?lesson=what-moves&page=4`);
  await nodes(page, /^n2, .*down/).waitFor();
  // The page has its own stage, not that of a later one.
  await lesson(page).getByRole("button", { name: /^Page 1/ }).click();
  await nodes(page, /^n2, has keys/).waitFor();
  await lesson(page).getByText("The stage is set.").waitFor();
  await lesson(page).getByText("all servers go by one layout").waitFor();
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us === 100_000 && !works);
  // What was done there is there again.
  await act(page, "n6", "join");
  await button(page, "Let time pass").click();
  await lesson(page).getByText("Everything that moved has the colour of n6").waitFor();
  const left = await state(page);
  await turn(page, "The remainder");
  await stateWhere(page, "another stage", ({ time_us, works }) => time_us === 100_000 && !works);
  await button(page, "Back").click();
  await lesson(page).getByText("Everything that moved has the colour of n6").waitFor();
  await stateWhere(page, "the run as it was left", ({ hash, step, works }) => hash === left.hash && step === left.step && !works);
  // And set anew it is as at first.
  await button(page, "Set the stage anew").click();
  await stateWhere(page, "the stage to be set anew", ({ time_us, works }) => time_us === 100_000 && !works);
  // What was so from the beginning is said to be: one layout. Nothing is ticked before somebody has done something.
  assert.equal(await lesson(page).locator(".goals .met").count(), 0);
  assert.match(await lesson(page).locator(".goals .stands").textContent(), /layout.*holds already/);
  await screenshot(page, "a goal that holds already");
  // In the end all is ticked.
  await act(page, "n6", "join");
  await button(page, "Let time pass").click();
  await until(page, "all ticked", () => lesson(page).locator(".goals li:not(.met)").count(), (count) => count === 0);
});

browserTest("while a step is shown no key takes the run elsewhere, and each says so", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await nodes(page, /^n5,/).click();
  await button(page, "Watch them talk").click();
  await stateWhere(page, "time to pass by itself", ({ playing }) => playing);
  const told = page.locator(".notice:not(.rest)").getByText(/^Only watch for now/);
  for (const key of ["k", "ArrowRight", "Home"]) {
    const { step } = await state(page);
    await page.keyboard.press(key);
    await told.waitFor();
    await stateWhere(page, `the run to go on after ${key}`, (now) => now.step > step || !now.playing);
    await page.locator(".notice:not(.rest)").getByRole("button").click();
    await told.waitFor({ state: "hidden" });
  }
  assert.equal(await nodes(page, /down/).count(), 0, "nobody was killed");
  await lesson(page).locator("section.step.now").waitFor();
  assert.ok((await state(page)).time_us > 400_000, "all of it was shown");
});

browserTest("the lessons of a lab are in its head", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/counter`);
  for (const width of [1440, 768, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const entry = page.locator(".head").getByRole("button", { name: "Lessons", exact: true });
    await entry.click();
    await page.locator(".drawer").getByRole("link", { name: /Adding one/ }).waitFor();
    assert.equal(await entry.getAttribute("aria-expanded"), "true");
    await assertFits(page);
    await screenshot(page, `lessons of a lab ${width}`);
    await page.getByRole("button", { name: "Close the story" }).click();
    await page.locator(".drawer").waitFor({ state: "detached" });
  }
  await page.locator(".head").getByRole("button", { name: "Lessons", exact: true }).click();
  await page.locator(".drawer").getByRole("link", { name: /Adding one/ }).click();
  await lesson(page).getByRole("heading", { name: "The number that should be, the number that is" }).waitFor();
  assert.equal(await page.locator(".drawer").count(), 0, "nothing lies over it");
});

browserTest("an address leads to a page, and Back returns to the one before", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections&page=3`);
  const heading = (name) => lesson(page).getByRole("heading", { name, level: 2 }).waitFor();
  await heading("Take the leader away");
  // What comes before was done for the learner.
  await nodes(page, /^n5, leader/).waitFor();
  await button(page, "Skip").click();
  await heading("How many may fail?");
  assert.match(page.url(), /lesson=elections&page=4/);
  await page.goBack();
  await heading("Take the leader away");
  assert.match(page.url(), /lesson=elections&page=3/);
  // The language changes in the middle of a lesson.
  await page.getByRole("button", { name: "中文" }).click();
  await heading("拿走领导者");
});

browserTest("a term tells what it means, in both languages", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  const card = page.locator("#term-card");
  await lesson(page).locator("[data-term=leader]").first().hover();
  await card.getByText("The one server that speaks for all").waitFor();
  await card.getByText("领导者").waitFor();
  await card.getByText("Ongaro & Ousterhout 2014").waitFor();
  await lesson(page).locator("[data-term=follower]").first().focus();
  await card.getByText("does what the leader says").waitFor();
  await screenshot(page, "glossary");
});

browserTest("start here: the leader is killed on the front page, and in a minute", WIDE, async ({ page, host }) => {
  await open(page, host.url);
  const caption = page.locator(".live .caption");
  await caption.getByText(/leads term 1\. What if it dies\?/).waitFor();
  await screenshot(page, "front with a leader");
  await caption.getByRole("button", { name: /^Kill n\d$/ }).click();
  await caption.getByText(/is dead\. The others do not know it yet/).waitFor();
  await caption.getByText(/is dead, n\d leads: \d+ ms later/).waitFor();
  await assertAccessible(page);
  await caption.getByRole("link", { name: "See it step by step" }).click();
  await lesson(page).getByRole("heading", { name: "Five servers, one in charge" }).waitFor();
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await screenshot(page, "start here");
  // Neither the task nor what is told after it stands there before the step before is done.
  await lesson(page).getByText("The page goes on once this step is done.").waitFor();
  assert.ok(await lesson(page).getByText("Take it away").isHidden());
  assert.equal(await lesson(page).getByText("there is no leader").count(), 0);
  await button(page, "Watch them talk").click();
  await stateWhere(page, "time to pass by itself", ({ playing }) => playing);
  await button(page, "To the end").click();
  await lesson(page).locator("section.step.now").waitFor();
  await lesson(page).getByText("there is no leader").waitFor();
  await lesson(page).getByText(/^Stop the leader: press n5 on the stage, then Kill/).waitFor();
  await lesson(page).getByText("What you may do now: kill.").waitFor();
  await act(page, "n5", "Kill");
  await lesson(page).getByText("It is dead, and nobody leads").waitFor();
  await turn(page, "And now?");
  assert.ok(await lesson(page).getByText("may I lead?").isHidden(), "the answer comes after the step");
  await button(page, "Let time pass").click();
  await nodes(page, /, leader/).waitFor();
  await lesson(page).getByText("may I lead?").waitFor();
  await turn(page, "You broke it, and it mended itself");
  // The way on comes first; the code is for who asks for one.
  assert.ok(await lesson(page).getByLabel("Your name").isHidden());
  await screenshot(page, "start here, the end");
  await button(page, "Next lesson: Who leads?").click();
  await lesson(page).getByRole("heading", { name: "Five servers, and nobody leads" }).waitFor();
  await button(page, "Leave").click();
  await lesson(page).waitFor({ state: "detached" });
  assert.equal((await state(page)).lab, "raft", "the run stays");
});

browserTest("a page that there is not is said, and one that is only opened is not done", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start&page=99`);
  await lesson(page).getByRole("heading", { name: "You broke it, and it mended itself" }).waitFor();
  await page.locator(".notice:not(.rest)").getByText("This lesson has no page 99; its last one, 3, is shown.").waitFor();
  assert.match(page.url(), /lesson=start&page=3/);
  assert.equal(await lesson(page).locator(".dot.done").count(), 0);
  await page.evaluate(() => (location.hash = "#/"));
  await lesson(page).waitFor({ state: "detached" });
  await page.evaluate(() => (location.hash = "#/raft?lesson=nope&page=1"));
  await page.locator(".notice:not(.rest)").getByText("There is no lesson “raft/nope”.").waitFor();
  await until(page, "the address of the front page", () => page.url(), (url) => url.endsWith("#/"));
});

browserTest("the articles lead to what there is, and say what is to come", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/articles`);
  await page.getByRole("link", { name: /How a leader is elected/ }).waitFor();
  assert.equal(await page.getByRole("link", { name: /Chain replication/ }).count(), 0);
  await page.getByText("Chain replication").waitFor();
  await assertAccessible(page);
  await screenshot(page, "articles");
  await page.getByRole("link", { name: /Raft: a leader, a log/ }).click();
  await stateWhere(page, "the lab", ({ lab }) => lab === "raft");
});

browserTest("progress is saved as a file, forgotten, and taken from a file", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start`);
  await watched(page);
  await act(page, "n5", "Kill");
  await lesson(page).getByText("It is dead, and nobody leads").waitFor();
  await page.goto(`${host.url}#/lessons`);
  const row = page.getByRole("link", { name: /Start here: kill the leader/ });
  await row.getByText("1 of 3 pages").waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save it" }).click();
  const file = await (await (await coming).createReadStream()).toArray();
  await page.getByRole("button", { name: "Forget it" }).click();
  await until(page, "nothing", () => row.textContent(), (text) => !text.includes("pages"));
  await drop(page, "splitbrain-progress.txt", Buffer.concat(file).toString());
  await row.getByText("1 of 3 pages").waitFor();
});

browserTest("a lesson on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await assertFits(page);
  await assertAccessible(page);
  await screenshot(page, "lesson phone");
  await watched(page);
  const ends = (part) => page.locator(part).evaluate((element) => element.getBoundingClientRect().bottom);
  const below = async () => (await ends("section.step.now")) - (await ends(".lessonbody"));
  await until(page, "what comes next in the sheet", below, (by) => by <= 1);
  await screenshot(page, "lesson phone next");
  await act(page, "n5", "Kill");
  await lesson(page).getByText("It is dead, and nobody leads").waitFor();
  await screenshot(page, "lesson phone done");
  await open(page, host.url);
  await assertFits(page);
  await screenshot(page, "front phone");
});

browserTest("on a phone the words leave the stage to who acts, and come back when it is done", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=start`);
  await stateWhere(page, "the stage to be set", ({ time_us, works }) => time_us > 100_000 && !works);
  await watched(page);
  const shown = () => page.locator(".lessonbody").isVisible();
  await button(page, "To the stage").click();
  await until(page, "the words to be folded", shown, (seen) => !seen);
  assert.ok(await lesson(page).locator(".lessonhead").getByText("Stop the leader").isVisible(), "the task stays");
  assert.equal(await page.evaluate(() => document.activeElement.id), "lesson-fold");
  await screenshot(page, "lesson phone folded");
  await button(page, "The words of the lesson").click();
  await until(page, "the words again", shown, (seen) => seen);
  await nodes(page, /^n5,/).click();
  await until(page, "the words to be folded by who acts", shown, (seen) => !seen);
  await button(page, "The words of the lesson").click();
  await until(page, "the words once more", shown, (seen) => seen);
  const kill = actions(page).getByRole("button", { name: "Kill", exact: true });
  const bottom = (part) => part.evaluate((element) => element.getBoundingClientRect().bottom);
  const words = await lesson(page).evaluate((element) => element.getBoundingClientRect().top);
  assert.ok((await bottom(kill)) <= words, "Kill is whole above the words");
  assert.ok((await bottom(page.locator(".field canvas").first())) <= words, "and so is the diagram");
  await button(page, "The words of the lesson").click();
  await until(page, "the words to be folded by hand", shown, (seen) => !seen);
  await page.setViewportSize({ width: 844, height: 390 });
  await until(page, "the words beside the stage", shown, (seen) => seen);
  await page.setViewportSize({ width: 390, height: 844 });
  await until(page, "the words to be folded again", shown, (seen) => !seen);
  await kill.click();
  await until(page, "the words of what was done", shown, (seen) => seen);
  await lesson(page).getByText("It is dead, and nobody leads").waitFor();
  await turn(page, "And now?");
  // Where time has only to pass there is nothing to be done on the stage.
  assert.equal(await button(page, "To the stage").count(), 0);
  await button(page, "The words of the lesson").click();
  await until(page, "the words to be folded by hand", shown, (seen) => !seen);
  await page.evaluate(() => (location.hash = "#/raft?lesson=elections"));
  await lesson(page).getByRole("heading", { name: "Five servers, and nobody leads" }).waitFor();
  assert.ok(await shown(), "the next lesson is open");
});

browserTest("a lesson in the dark, in Chinese", { ...WIDE, locale: "zh-CN", colorScheme: "dark" }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await lesson(page).getByRole("radio").first().waitFor();
  await assertAccessible(page);
  await screenshot(page, "lesson dark chinese");
  await open(page, `${host.url}#/articles`);
  await assertAccessible(page);
});

browserTest("a lesson for a room", { viewport: { width: 1280, height: 720 } }, async ({ page, host }) => {
  await open(page, `${host.url}#/raft?lesson=elections`);
  await lesson(page).getByRole("radio").first().waitFor();
  const notes = lesson(page).getByText("Let the class look at the five arcs");
  assert.equal(await notes.count(), 0, "notes are for who presents");
  await page.keyboard.press("p");
  await notes.waitFor();
  await assertAccessible(page);
  await screenshot(page, "lesson presented");
});

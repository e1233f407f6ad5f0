// Lessons that do not ship: from a file, and from an address.

import assert from "node:assert/strict";

import { assertAccessible, browserTest, open, screenshot } from "./harness.mjs";
import { nodes } from "./lab.mjs";
import { act, actions, code, drop, lesson, turn, WIDE } from "./lectern.mjs";

const MINE = `---
id: mine
lab: raft
title: Mine
minutes: 1
paper: none
---

# A page

Some <b>prose</b>.
`;

browserTest("a lesson from a file opens, and a broken or hostile one is refused with its place", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/lessons`);
  const refused = (pattern) => page.locator(".notice:not(.rest)").getByText(pattern).waitFor();
  await drop(page, "mine.md", MINE);
  await refused(/Line 11, column 6: HTML is not allowed/);
  await drop(page, "mine.md", MINE.replace("<b>prose</b>", "<script>window.owned = true</script>"));
  await refused(/Line 11, column \d+: HTML is not allowed/);
  await drop(page, "mine.md", MINE.replace("<b>prose</b>", "[prose](javascript:window.owned=true)"));
  await refused(/Line 11, column 6: “javascript:window.owned=true” is no address/);
  await drop(page, "mine.md", MINE.replace("<b>prose</b>", "![prose](https://example.org/a.png)"));
  await refused(/Line 11, column 6: a lesson shows no pictures/);
  const step = "\n```setup\nlab raft nodes=5\nkill n9\n```\n";
  const learned = "\n```learned\n- that\n```\n";
  await drop(page, "mine.md", `${MINE.replace("<b>prose</b>", "prose")}${step}${learned}`);
  await refused(/Line 15, column 6: “n9” is no node here/);
  const escaped = MINE.replace("<b>prose</b>", "`<img src=x onerror=window.owned=true>`");
  await drop(page, "mine.md", `${escaped}${step.replace("n9", "n2")}${learned}`);
  await lesson(page).getByText("<img src=x onerror=window.owned=true>").waitFor();
  await nodes(page, /^n2, .*down/).waitFor();
  assert.equal(await page.evaluate(() => window.owned), undefined);
});

/** A lesson of somebody's: notes, a picture, a task. */
const OWN = `${MINE.replace("Some <b>prose</b>.", "Some prose.")}
\`\`\`presenter
Let them count first.
\`\`\`

\`\`\`picture
lab raft nodes=5 seed=7 rate=0
run until leader
caption: The moment of the **election**.
\`\`\`

\`\`\`setup
lab raft nodes=5 seed=7 rate=0
run until leader
run 500ms
\`\`\`

\`\`\`act
task: Press **n5**, then **Kill**.
goal: not leader
allow: kill
answer: kill n5
done: It is dead.
\`\`\`

# The end

\`\`\`learned
- that
\`\`\`
`;

browserTest("a lesson from a file has an address, and stays in its tab with what was answered", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/lessons`);
  await page.getByText("It stays in this tab").waitFor();
  await drop(page, "own.md", OWN);
  const first = () => lesson(page).getByRole("heading", { name: "A page", level: 2 }).waitFor();
  await first();
  assert.match(page.url(), /#\/lesson\?kept=[0-9a-f]+&page=1$/);
  await lesson(page).locator("section.step.now").waitFor();
  // What waits for a write that nobody makes is more than a kill, and stays closed.
  await nodes(page, /^n5,/).click();
  const torn = page.getByRole("button", { name: "Kill in mid-write" }).first();
  await torn.waitFor();
  assert.ok(await torn.isDisabled());
  await actions(page).getByRole("button", { name: "Kill", exact: true }).click();
  await lesson(page).getByText("It is dead.").waitFor();
  await turn(page, "The end");
  const handed = await code(page, "Ada 王");
  assert.equal(await lesson(page).getByLabel("Your name").inputValue(), "Ada 王", "the name stays");
  await page.reload();
  await lesson(page).getByRole("heading", { name: "The end", level: 2 }).waitFor();
  assert.equal(await lesson(page).locator(".dot.done").count(), 2, "what was done is known");
  assert.equal(await code(page, "Ada 王"), handed, "the same answers");
  await lesson(page).getByText("1 of 1 answers are in it.").waitFor();
  await page.goBack();
  await first();
  await page.goBack();
  await page.getByRole("heading", { name: "A lesson of your own" }).waitFor();
  await page.goForward();
  await first();
  // Another tab does not have it, and says so.
  const other = await page.context().newPage();
  await open(other, page.url());
  await other.locator(".notice:not(.rest)").getByText("this tab does not keep it any more").waitFor();
  assert.match(other.url(), /#\/lessons$/);
});

browserTest("where storage is denied a lesson from a file opens, and says that nothing of it is kept", WIDE, async ({ page, context, host }) => {
  await context.addInitScript(() => {
    const deny = () => {
      throw new DOMException("denied", "SecurityError");
    };
    Object.defineProperty(window, "sessionStorage", { get: deny });
    Object.defineProperty(window, "localStorage", { get: deny });
  });
  await open(page, `${host.url}#/lessons`);
  await page.getByText("This browser lets the page keep nothing of it").waitFor();
  await drop(page, "own.md", OWN);
  await lesson(page).getByRole("heading", { name: "A page", level: 2 }).waitFor();
  await page.locator(".notice:not(.rest)").getByText("lets the page keep nothing").waitFor();
  await page.reload();
  await page.locator(".notice:not(.rest)").getByText("this tab does not keep it any more").waitFor();
});

browserTest("notes for who presents are seen in presenter mode and nowhere else, and a moment is drawn", WIDE, async ({ page, host }) => {
  await open(page, `${host.url}#/lessons`);
  await drop(page, "own.md", OWN);
  const drawn = lesson(page).locator("figure img");
  await drawn.waitFor();
  assert.ok(await drawn.evaluate((image) => image.complete && image.naturalWidth > 100), "a picture of the moment");
  await lesson(page).locator("figcaption strong", { hasText: "election" }).waitFor();
  const notes = page.getByText("Let them count first.");
  assert.equal(await notes.count(), 0);
  await page.locator("body").press("p");
  await notes.waitFor();
  await screenshot(page, "notes for who presents");
  await page.locator("body").press("p");
  await notes.waitFor({ state: "detached" });
});

browserTest("a lesson from an address keeps in its tab what was answered, for as long as it is the same", WIDE, async ({ page, host }) => {
  const files = { "own.md": OWN, "other.md": OWN };
  await page.route(/\/(own|other)\.md$/, (route) => route.fulfill({ body: files[route.request().url().split("/").pop()] }));
  const from = (name) => `#/lesson?from=${encodeURIComponent(`${host.url}${name}`)}`;
  const yes = () => page.getByRole("button", { name: "Yes, load it" }).click();
  const heading = (name) => lesson(page).getByRole("heading", { name, level: 2 }).waitFor();
  await open(page, `${host.url}${from("own.md")}`);
  await yes();
  await heading("A page");
  await act(page, "n5", "Kill");
  await lesson(page).getByText("It is dead.").waitFor();
  await turn(page, "The end");
  const handed = await code(page, "Ada");
  // Back and Forward turn its pages, and ask nothing.
  await page.goBack();
  await heading("A page");
  await page.goForward();
  await heading("The end");
  // Reload asks, and finds the page and the answers.
  await page.reload();
  await yes();
  await heading("The end");
  assert.equal(await lesson(page).locator(".dot.done").count(), 2, "what was done is known");
  assert.equal(await code(page, "Ada"), handed, "the same answers");
  // They are not those of the same file elsewhere, nor of what stands here otherwise.
  const fresh = async (address) => {
    await page.goto("about:blank");
    await open(page, `${host.url}${address}`);
    await yes();
    await heading("A page");
    assert.equal(await lesson(page).locator(".dot.done").count(), 0, address);
  };
  await fresh(from("other.md"));
  files["own.md"] = OWN.replace("Some prose.", "Other prose.");
  await fresh(from("own.md"));
  await page.goto(`${host.url}#/lessons`);
  await page.getByRole("heading", { name: "A lesson of your own" }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("splitbrain.lessons")), null, "nothing among those that ship");
});

const FOREIGN = "https://example.org/a.md";
browserTest("an address of a lesson is asked about before it is fetched", { ...WIDE, expected: [/404/], extra: { "mine.md": `${MINE.replace("<b>prose</b>", "prose")}\n\`\`\`learned\n- that\n\`\`\`\n` } }, async ({ page, host }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await open(page, `${host.url}#/lesson?from=${encodeURIComponent(`${host.url}mine.md`)}`);
  await page.getByText(/This loads a file from (localhost|127)/).waitFor();
  await assertAccessible(page);
  assert.ok(!asked.some((url) => url.endsWith("mine.md")), "nothing is fetched unasked");
  await page.getByRole("button", { name: "Yes, load it" }).click();
  await lesson(page).getByRole("heading", { name: "A page" }).waitFor();
  // One that there is not is named as such, and the heading stays free.
  await open(page, `${host.url}#/lesson?from=${encodeURIComponent(`${host.url}none.md`)}`);
  await page.reload();
  await page.getByRole("button", { name: "Yes, load it" }).click();
  const none = page.locator(".notice:not(.rest)");
  await none.getByText(/^There is no file at .*none\.md: its host answers 404\.$/).waitFor();
  const top = (part) => part.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok((await top(none)) > (await top(page.getByRole("heading", { level: 1 }))) + 100, "not over the heading");
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("button", { name: "是，载入" }).waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await open(page, `${host.url}#/lesson?from=${encodeURIComponent(FOREIGN)}`);
  await page.reload();
  await page.getByText(/on another host \(example\.org\)/).waitFor();
  assert.ok(!asked.some((url) => url.startsWith("https://example.org")));
});

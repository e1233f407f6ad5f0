// The program in its parts (build/split.mjs): the front page plays without the second one, and what needs that waits. A
// lab, and what is seldom opened, has a part of its own, which comes when it is wanted.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { labs } from "../../build/labs.mjs";
import { assertAccessible, browserTest, open, started } from "./harness.mjs";
import { leader, state, stateWhere, until } from "./lab.mjs";

const DIST = join(import.meta.dirname, "../../dist");
/** The files of the parts, by their names; the first part is `bg`. */
const files = new Map(
  readdirSync(DIST).flatMap((name) => {
    const [, part] = /^splitbrain-[0-9a-f]+_([a-z-]+)\.wasm$/.exec(name) ?? [];
    return part ? [[part, name]] : [];
  }),
);
const rest = files.get("rest");
const LABS = labs("locale").map(({ id }) => id);
const SELDOM = ["embed", "experiment", "lesson", "search", "story", "study"];
const REST = `**/${rest}`;

const kill = (page) => page.locator(".live .harmful");
const lab = (page) => page.locator("a[href='#/raft']").first();
const comes = (page) => page.getByText("The rest of the program is on its way.");
const lost = (page) => page.getByRole("alert").getByText("The rest of the program did not come.");

/** Kills who leads on the front page, and sees another one lead. */
async function killOnTheFrontPage(page) {
  await kill(page).click();
  await page.locator(".live a.pbtn").waitFor();
}

// Else the copy for a start without a network would fetch it, too.
const ALONE = { serviceWorkers: "block" };

browserTest("the front page plays while the second part is under way", ALONE, async ({ page, host }) => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  let asked = 0;
  await page.route(REST, async (route) => {
    asked += 1;
    await released;
    await route.continue();
  });
  await open(page, host.url);
  await killOnTheFrontPage(page);
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await lab(page).click();
  await comes(page).waitFor();
  await assertAccessible(page);
  assert.equal(new URL(page.url()).hash, "");
  // Nothing asked for it in the middle of something else: it was fetched once, behind the page.
  assert.equal(asked, 1);
  release();
  await leader(page);
  assert.equal(await comes(page).count(), 0);
  assert.equal((await state(page)).lab, "raft");
});

const gone = { [rest]: null };
browserTest(
  "a second part that does not come is told, and asked for again",
  { ...ALONE, extra: gone, expected: [/404/] },
  async ({ page, host }) => {
    await open(page, host.url);
    await killOnTheFrontPage(page);
    await lab(page).click();
    await lost(page).waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Leave it" }).click();
    await lost(page).waitFor({ state: "hidden" });
    await lab(page).click();
    await lost(page).waitFor();
    // Still nothing; and then it is there.
    await page.getByRole("button", { name: "Try again" }).click();
    await lost(page).waitFor();
    delete gone[rest];
    await page.getByRole("button", { name: "Try again" }).click();
    await leader(page);
    gone[rest] = null;
  },
);

browserTest("a lab's address waits for both parts", ALONE, async ({ page, host }) => {
  await page.route(REST, async (route) => {
    assert.equal(await page.locator("#loading").count(), 1);
    await route.continue();
  });
  await page.goto(`${host.url}#/raft`);
  await started(page);
  await leader(page);
});

const ABORTED = { ...ALONE, expected: [/ERR_FAILED/] };
browserTest("what nobody waited for is fetched on the spot", ABORTED, async ({ page, host }) => {
  const types = [];
  await page.route(REST, async (route) => {
    types.push(route.request().resourceType());
    if (types.length === 1) await route.abort();
    else await route.continue();
  });
  await open(page, host.url);
  // An export of the second part, called without any warning.
  const said = await page.evaluate(async () => {
    const program = await import(document.getElementById("program-script").href);
    return program.storyOfLink("#/raft?story=lab%20raft");
  });
  assert.equal(said, "lab raft");
  assert.deepEqual(types, ["fetch", "xhr"]);
});

test("each lab has a part, which takes from the first one and the rest only", () => {
  assert.deepEqual([...files.keys()].sort(), ["bg", "rest", ...LABS, ...SELDOM].sort());
  for (const [part, name] of files) {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(DIST, name))));
    const from = new Set(imports.map(({ module }) => module).filter((module) => !module.startsWith("./")));
    const allowed = { bg: [], rest: ["first"] }[part] ?? ["first", "rest"];
    assert.deepEqual([...from].filter((module) => !allowed.includes(module)), [], part);
  }
});

/** Notes the parts that a page fetches, in order, and those that were fetched while the page stood still. */
function watched(page) {
  const fetched = { parts: [], still: [] };
  page.on("request", (request) => {
    const [, part] = /_([a-z-]+)\.wasm$/.exec(new URL(request.url()).pathname) ?? [];
    if (!part) return;
    if (!fetched.parts.includes(part)) fetched.parts.push(part);
    if (request.resourceType() === "xhr") fetched.still.push(part);
  });
  return fetched;
}

const opened = (page, id) => stateWhere(page, id, ({ lab, step }) => lab === id && step > 0);

browserTest("the front page fetches no lab, and a lab only its own part", ALONE, async ({ page, host }) => {
  const fetched = watched(page);
  await open(page, host.url);
  await page.locator(".cards .picture .nodes > g").first().waitFor();
  await killOnTheFrontPage(page);
  assert.deepEqual(fetched.parts.toSorted(), ["bg", "rest"]);
  await page.locator("a[href='#/counter']").first().click();
  await opened(page, "counter");
  assert.deepEqual(fetched, { parts: [...fetched.parts.slice(0, 2), "counter"], still: [] });
});

browserTest("a lab's address fetches its part, and none of another", ALONE, async ({ page, host }) => {
  const fetched = watched(page);
  for (const id of LABS) {
    fetched.parts.length = 0;
    await page.goto("about:blank");
    await page.goto(`${host.url}#/${id}`);
    await started(page);
    await opened(page, id);
    assert.deepEqual(fetched.parts.filter((part) => part !== id).toSorted(), ["bg", "rest"], id);
    assert.ok(fetched.parts.includes(id), id);
  }
  assert.deepEqual(fetched.still, []);
});

browserTest("what is seldom opened is fetched when it is, and the page goes on meanwhile", ALONE, async ({ page, host }) => {
  const fetched = watched(page);
  const comes = async (part, act) => {
    assert.ok(!fetched.parts.includes(part), part);
    await act();
    await until(page, part, () => fetched.parts, (parts) => parts.includes(part));
    assert.deepEqual(fetched.still, [], part);
  };
  const button = (name) => page.getByRole("button", { name, exact: true });
  await page.goto(`${host.url}#/raft`);
  await started(page);
  await leader(page);
  await comes("search", async () => {
    await page.getByRole("tab", { name: /^Rules/ }).click();
    await button("Find a run that breaks it").click();
    await page.locator("#seek-title").waitFor();
  });
  await page.goto("about:blank");
  await page.goto(`${host.url}#/raft`);
  await started(page);
  await comes("story", async () => {
    await button("Story").click();
    await page.locator(".drawer textarea, .drawer .editor").first().waitFor();
  });
  await comes("study", async () => {
    await button("Compare").click();
    await page.locator(".drawer").waitFor();
  });
  await button("Share").click();
  await comes("embed", async () => {
    await button("Embed…").click();
    await page.locator("#embedding-title").waitFor();
  });
  await page.goto("about:blank");
  await page.goto(`${host.url}#/lessons`);
  await started(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.ok(fetched.parts.includes("lesson"));
  await page.goto("about:blank");
  await page.goto(`${host.url}#/raft?experiment=`);
  await started(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.ok(fetched.parts.includes("experiment"));
  assert.deepEqual(fetched.still, []);
});

browserTest("a story of another lab is judged as it is written, once that lab has come", ALONE, async ({ page, host }) => {
  const fetched = watched(page);
  await page.goto(`${host.url}#/raft`);
  await started(page);
  await leader(page);
  await page.getByRole("button", { name: "Story", exact: true }).click();
  const editor = page.locator(".drawer textarea");
  await editor.fill("lab counter seed=1\nrun 1s");
  await until(page, "counter", () => fetched.parts, (parts) => parts.includes("counter"));
  await editor.fill("lab counter seed=1\nrun 1 s o");
  await page.getByText(/Line 2,/).first().waitFor();
  assert.deepEqual(fetched.still, []);
});

const cut = { [files.get("counter")]: null };
browserTest("a lab's part that does not come is told, and asked for again", { ...ALONE, extra: cut, expected: [/404/] }, async ({ page, host }) => {
  await open(page, host.url);
  await killOnTheFrontPage(page);
  const counter = page.locator("a[href='#/counter']").first();
  await counter.click();
  await page.locator(".notice:not(.rest)").getByText(/What this needs could not be fetched/).waitFor();
  assert.equal(new URL(page.url()).hash, "");
  delete cut[files.get("counter")];
  await counter.click();
  await opened(page, "counter");
});

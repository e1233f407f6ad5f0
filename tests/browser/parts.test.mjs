// The program in two parts (build/split.mjs): the front page plays without the second one, and what needs that waits.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { assertAccessible, browserTest, open, started } from "./harness.mjs";
import { leader, state } from "./lab.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const rest = readdirSync(DIST).find((name) => name.endsWith("_rest.wasm"));
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

// The program in two parts (build/split.mjs): whatever needs the second one waits.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { browserTest, started } from "./harness.mjs";
import { leader } from "./lab.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const rest = readdirSync(DIST).find((name) => name.endsWith("_rest.wasm"));
const REST = `**/${rest}`;

// Else the copy for a start without a network would fetch it, too.
const ALONE = { serviceWorkers: "block" };

browserTest("a lab's address waits for both parts", ALONE, async ({ page, host }) => {
  await page.route(REST, async (route) => {
    assert.equal(await page.locator("#loading").count(), 1);
    await route.continue();
  });
  await page.goto(`${host.url}#/raft`);
  await started(page);
  await leader(page);
});

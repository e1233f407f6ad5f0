// What other sites show of a lab: its card, its oEmbed, the page that leads into it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { hashOf, labs, read } from "../../build/cards.mjs";
import { shared } from "../../build/share.mjs";
import { browserTest } from "./harness.mjs";

test("each lab has a card of its poster", () => {
  assert.ok(labs().length >= 2);
  for (const lab of labs()) {
    const { size, source, bytes } = read(lab);
    assert.deepEqual(size, [1200, 630], lab);
    assert.ok(bytes > 10_000 && bytes < 300_000, `${lab}: ${bytes} bytes`);
    assert.equal(source, hashOf(lab), `the card of ${lab} is of an older poster: node build/cards.mjs`);
  }
});

test("with the site's address the oEmbed of each lab is whole", () => {
  const files = shared("https://play.example/some");
  for (const lab of labs()) {
    const told = JSON.parse(files.find(({ name }) => name === `oembed/${lab}.json`).text);
    assert.deepEqual([told.version, told.type], ["1.0", "rich"]);
    assert.match(told.html, new RegExp(`src="https://play.example/some/index.html#/${lab}\\?embed=1"`));
    assert.equal(told.thumbnail_url, `https://play.example/some/cards/${lab}.png`);
    const { text } = files.find(({ name }) => name === `lab/${lab}.html`);
    assert.match(text, new RegExp(`og:image" content="https://play.example/some/cards/${lab}.png"`));
    assert.match(text, new RegExp(`json\\+oembed" href="https://play.example/some/oembed/${lab}.json"`));
  }
});

browserTest("the page of a lab leads into it", {}, async ({ page, host }) => {
  const files = ["posters/raft.svg", "cards/raft.png", "oembed/raft.json"];
  for (const name of files) assert.ok(readFileSync(join(import.meta.dirname, "../../dist", name)).length > 0);
  await page.goto(`${host.url}lab/raft.html`);
  await page.locator(".stage").waitFor();
  assert.match(page.url(), /#\/raft/);
});

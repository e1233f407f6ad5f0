// Draws the cards that social networks show of each lab, `static/cards/LAB.png` (1200 x 630), from the posters
// beside them. They are committed, because drawing them needs a browser: `node build/cards.mjs` after a
// poster changed. Each carries the hash of its poster, by which `tests/browser/cards.test.mjs` notices one that is old.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";

export const POSTERS = join(import.meta.dirname, "../static/posters");
export const CARDS = join(import.meta.dirname, "../static/cards");
const KEY = "Source";
/** The length and name of the first chunk, its 13 bytes, its sum: after the signature they end here. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

/** The hash of a poster. */
export const hashOf = (lab) => createHash("sha256").update(readFileSync(join(POSTERS, `${lab}.svg`))).digest("hex");

/** The labs that have a poster. */
export const labs = () => readdirSync(POSTERS).map((name) => name.replace(/\.svg$/, "")).sort();

/** What a card says of itself. */
export function read(lab) {
  const png = readFileSync(join(CARDS, `${lab}.png`));
  const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf(`tEXt${KEY}\0`);
  return { size, source: at < 0 ? null : png.subarray(at + 5 + KEY.length).toString("latin1", 0, 64), bytes: png.length };
}

/** The picture with a line of text in it. */
function signed(png, text) {
  const data = Buffer.from(`tEXt${KEY}\0${text}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([png.subarray(0, AFTER_HEADER), length, data, sum, png.subarray(AFTER_HEADER)]);
}

function html(lab) {
  const words = readFileSync(join(import.meta.dirname, `../src/protocols/${lab}/locale/en.txt`), "utf8");
  const word = (key) => (new RegExp(`^lab\\.${key} = (.*)$`, "m").exec(words)?.[1] ?? lab).replace(/[&<]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const poster = readFileSync(join(POSTERS, `${lab}.svg`), "utf8");
  return `<style>
body{margin:0;width:1200px;height:630px;background:#f6f7f9;color:#1b2330;font-family:system-ui,sans-serif;display:flex;overflow:hidden}
main{width:400px;padding:56px 0 0 56px;box-sizing:border-box;flex:none}
b{color:#0072b2;font-size:28px}h1{font-size:46px;line-height:1.12;margin:120px 0 20px}p{font-size:24px;line-height:1.35;color:#5b6675;margin:0}
main{position:relative;z-index:1}svg{position:absolute;left:356px;top:60px;width:840px;height:508px}
</style><main><b>splitbrain</b><h1>${word("title")}</h1><p>${word("teaser")}</p></main>${poster}`;
}

async function draw() {
  const { chromium } = await import("playwright-core");
  const { findBrowser } = await import("../tests/browser/browser.mjs");
  const browser = await chromium.launch({ executablePath: findBrowser("chromium") ?? undefined, chromiumSandbox: false });
  const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
  mkdirSync(CARDS, { recursive: true });
  for (const lab of labs()) {
    await page.setContent(html(lab));
    writeFileSync(join(CARDS, `${lab}.png`), signed(await page.screenshot(), hashOf(lab)));
  }
  await browser.close();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await draw();

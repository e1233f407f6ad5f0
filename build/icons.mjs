// Draws the icons of the installed page from static/icon.svg into static/app/, where they are committed:
// `node build/icons.mjs`. It takes the Chromium of the browser tests.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { findBrowser } from "../tests/browser/browser.mjs";

const ROOT = join(import.meta.dirname, "..");
const svg = readFileSync(join(ROOT, "static/icon.svg"), "utf8");

/** `share`: of the side, what the drawing takes. A system cuts a maskable icon to a circle of 80 %. */
const ICONS = [
  { name: "icon-180", size: 180, share: 0.8, ground: "#ffffff" },
  { name: "icon-192", size: 192, share: 1, ground: "transparent" },
  { name: "icon-512", size: 512, share: 1, ground: "transparent" },
  { name: "icon-maskable-512", size: 512, share: 0.56, ground: "#ffffff" },
];

const browser = await chromium.launch({ executablePath: findBrowser("chromium") ?? undefined, chromiumSandbox: false });
for (const { name, size, share, ground } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const side = Math.round(size * share);
  const picture = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  const centred = `margin:0;height:100vh;display:grid;place-items:center;background:${ground}`;
  await page.setContent(`<body style="${centred}"><img width="${side}" height="${side}" src="${picture}"></body>`);
  await page.locator("img").evaluate((image) => image.decode());
  await page.screenshot({ path: join(ROOT, `static/app/${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();

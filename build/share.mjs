// What other sites show of a lab, for each lab: a page `lab/LAB.html` that leads into it, with the tags that
// social networks read, and `oembed/LAB.json` for editors that turn an address into an embed (oEmbed 1.0).
//
// Both need the whole address of the site, which only its owner knows: SPLITBRAIN_URL. Without it they
// hold relative addresses, which most readers of such tags ignore.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { labs } from "./labs.mjs";

const WIDTH = 860;
const HEIGHT = 480;
/** What the frame in an oEmbed may do to the page around it: nothing. */
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** A text of a lab in English. */
function word({ id, folder }, key) {
  const text = readFileSync(join(folder, "locale/en.txt"), "utf8");
  return new RegExp(`^${key.replace(".", "\\.")} = (.*)$`, "m").exec(text)?.[1] ?? id;
}

const SAFE = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const safe = (text) => text.replace(/[&<>"]/g, (sign) => SAFE[sign]);

function oembed(lab, base) {
  const title = `Splitbrain: ${word(lab, "lab.title")}`;
  const frame = `${base}index.html#/${lab.id}?embed=1`;
  return {
    version: "1.0",
    type: "rich",
    provider_name: "Splitbrain",
    provider_url: base,
    title,
    thumbnail_url: `${base}cards/${lab.id}.png`,
    thumbnail_width: 1200,
    thumbnail_height: 630,
    width: WIDTH,
    height: HEIGHT,
    html: `<iframe src="${safe(frame)}" title="${safe(title)}" width="${WIDTH}" height="${HEIGHT}" loading="lazy" sandbox="${SANDBOX}"></iframe>`,
  };
}

function page(lab, base) {
  const [title, teaser] = [safe(`Splitbrain: ${word(lab, "lab.title")}`), safe(word(lab, "lab.teaser"))];
  const here = safe(base);
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="refresh" content="1; url=../#/${lab.id}">
  <link rel="icon" type="image/svg+xml" href="../posters/${lab.id}.svg">
  <title>${title}</title>
  <meta name="description" content="${teaser}">
  <meta property="og:type" content="website">
  <meta property="og:title" content="${title}">
  <meta property="og:description" content="${teaser}">
  <meta property="og:image" content="${here}cards/${lab.id}.png">
  <meta property="og:image:width" content="1200">
  <meta property="og:image:height" content="630">
  <meta property="og:url" content="${here}lab/${lab.id}.html">
  <meta name="twitter:card" content="summary_large_image">
  <link rel="alternate" type="application/json+oembed" href="${here}oembed/${lab.id}.json" title="${title}">
</head>
<body>
  <main>
    <h1>${title}</h1>
    <p>${teaser}</p>
    <p><a href="../#/${lab.id}">Open the lab</a></p>
    <img src="../posters/${lab.id}.svg" alt="" width="${WIDTH}" height="520">
  </main>
</body>
</html>
`;
}

/** Every such file: its name, and what is in it. */
export function shared(address = process.env.SPLITBRAIN_URL) {
  const base = address ? address.replace(/\/*$/, "/") : "../";
  return labs("locale").flatMap((lab) => [
    { name: `oembed/${lab.id}.json`, text: `${JSON.stringify(oembed(lab, base), null, 2)}\n` },
    { name: `lab/${lab.id}.html`, text: page(lab, base) },
  ]);
}

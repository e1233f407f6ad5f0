// Trunk's post-build hook: finishes what Trunk has staged before it becomes dist/.
//
// Every build: lays the texts out (build/texts.mjs), renders the lessons (build/lessons.mjs), writes what other
// sites show of the labs (build/share.mjs), the script of the search's workers, and the size of the Wasm for the loading bar.
// A release, besides: optimises the Wasm, names it and its glue by their content, puts the content
// security policy in place, renders the documentation (build/book.mjs) and lists the files for the offline copy.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { book } from "./book.mjs";
import { LATE, late } from "./late.mjs";
import { lessons } from "./lessons.mjs";
import { optimise } from "./optimise.mjs";
import { POLICY } from "./policy.mjs";
import { shared } from "./share.mjs";
import { references } from "./linked.mjs";
import { recording } from "./record.mjs";
import { rules, split } from "./split.mjs";
import { texts } from "./texts.mjs";
import { functionNames, withoutNames } from "./wasm.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
const release = process.env.TRUNK_PROFILE === "release";

/** What only other sites ask for: a copy for a page without a network needs none of it. */
const OF_OTHERS = /^(cards|lab|oembed|posters)\//;

const staged = (name) => join(staging, name);
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** The file that an element of the page points at. */
function target(html, id) {
  const tag = html.match(new RegExp(`<link id="${id}"[^>]*href="\\./([^"]+)"`));
  if (!tag) throw new Error(`index.html has no link "${id}": Trunk.toml and build/site.mjs disagree`);
  return tag[1];
}

/** Gives a file a name that tells its content apart, and says which. */
function nameByContent(name, ending) {
  const named = `splitbrain-${hashOf(readFileSync(staged(name)))}${ending}`;
  renameSync(staged(name), staged(named));
  return named;
}

/** The program as the linker left it. */
function linked() {
  const folder = process.env.CARGO_TARGET_DIR ?? "target";
  return readFileSync(join(folder, "wasm32-unknown-unknown/release/splitbrain.wasm"));
}

/** Cuts the program into parts; returns the names and the files of all but the first, or nothing without binaryen. */
async function cutProgram(wasm) {
  const binaryen = await import("binaryen").catch(() => undefined);
  const bytes = readFileSync(staged(wasm));
  writeFileSync(staged(wasm), withoutNames(bytes));
  if (!binaryen) return undefined;
  if (process.env.SPLITBRAIN_RECORD) return record(binaryen.default, wasm, bytes);
  const ruled = rules(readFileSync("build/parts.txt", "utf8"));
  const names = functionNames(bytes);
  const seldom = late(readFileSync(LATE, "utf8"));
  const { first, parts } = split(binaryen.default, withoutNames(bytes), names, ruled, references(linked()), seldom);
  writeFileSync(staged(wasm), first);
  return parts.map(({ name, bytes }) => {
    writeFileSync(staged("part.wasm"), bytes);
    optimise(staged("part.wasm"));
    return [name, nameByContent("part.wasm", `_${name}.wasm`)];
  });
}

/** Leaves the program whole, and lets it note what is called; returns what tells that (build/early.mjs). */
function record(binaryen, wasm, bytes) {
  const { bytes: recorded, noted } = recording(binaryen, withoutNames(bytes), functionNames(bytes));
  writeFileSync(staged(wasm), recorded);
  return { noted };
}

/** The glue with what fetches the other parts of the program (static/rest.js) at its end. */
function withParts(glue, parts) {
  if (parts.noted) {
    return `${glue}\nconst NOTED = ${JSON.stringify(parts.noted)};\n${readFileSync("build/recorder.js", "utf8")}`;
  }
  const imports = "const import0 = {";
  if (!glue.includes(imports)) throw new Error("the glue of wasm-bindgen is not as build/site.mjs knows it");
  const lines = readFileSync("static/rest.js", "utf8");
  return `${glue.replace(imports, `${imports} splitbrainFetchPart,`)}\nconst PARTS = ${JSON.stringify(parts)};\n${lines}`;
}

/** Cuts, optimises and names the program; returns the page with the new names. */
async function finishProgram(html) {
  const script = target(html, "program-script");
  const wasm = target(html, "program-wasm");
  const parts = await cutProgram(wasm);
  if (!process.env.SPLITBRAIN_RECORD) optimise(staged(wasm));
  const newWasm = nameByContent(wasm, "_bg.wasm");
  // The glue knows the Wasm's name too, as the default of its `init`.
  const glue = readFileSync(staged(script), "utf8").replaceAll(wasm, newWasm);
  writeFileSync(staged(script), parts ? withParts(glue, parts) : glue);
  const newScript = nameByContent(script, ".js");
  return html.replaceAll(wasm, newWasm).replaceAll(script, newScript);
}

/**
 * The policy refuses inline scripts. The one that Trunk adds when it serves, for reloading, goes: a
 * release is looked at as it will be deployed. Any other is our mistake.
 */
function withoutInlineScripts(html) {
  return html.replace(/<script([^>]*)>([\s\S]*?)<\/script>/g, (whole, attributes, code) => {
    if (/\ssrc=/.test(attributes)) return whole;
    if (code.includes("/trunk/ws")) return "";
    throw new Error("index.html has an inline script, which the content security policy refuses");
  });
}

function addPolicy(html) {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return html.replace(/<meta charset="utf-8">/, (charset) => `${charset}\n  ${meta}`);
}

/**
 * Writes the service worker with the list of everything this version consists of, and its name into the page, which
 * so knows a newer one.
 */
function writeWorker(html) {
  const files = readdirSync(staging, { recursive: true })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => statSync(staged(name)).isFile() && name !== "sw.js" && !OF_OTHERS.test(name))
    .sort();
  const isHashed = (name) => /-[0-9a-f]{16}[._/]/.test(name);
  const site = {
    version: hashOf(files.map((name) => `${name} ${hashOf(readFileSync(staged(name)))}\n`).join("")),
    hashed: files.filter(isHashed),
    plain: files.filter((name) => !isHashed(name)),
  };
  writeFileSync(staged("index.html"), setAttribute(html, "program-script", `data-version="${site.version}"`));
  const worker = readFileSync("static/sw.js", "utf8");
  writeFileSync(staged("sw.js"), `const SITE = ${JSON.stringify(site)};\n${worker}`);
}

/** Puts the parser of lessons into a folder that is named by it; returns the folder's name, and the lessons. */
async function writeLessons() {
  const plain = staged("lesson");
  const sheets = await lessons(plain);
  if (!release) return { folder: "lesson/", sheets };
  optimise(join(plain, "lesson_bg.wasm"));
  const folder = `lesson-${hashOf(readFileSync(join(plain, "lesson_bg.wasm")))}/`;
  renameSync(plain, staged(folder));
  return { folder, sheets };
}

/** Writes the texts into a folder that, in a release, is named by all that is in it; returns its name. */
function writeTexts(sheets) {
  const files = [...texts(), ...sheets];
  const content = files.map(({ name, text }) => `${name} ${hashOf(text)}\n`).join("");
  const folder = release ? `texts-${hashOf(content)}/` : "texts/";
  for (const { name, text } of files) {
    mkdirSync(dirname(staged(folder + name)), { recursive: true });
    writeFileSync(staged(folder + name), text);
  }
  return folder;
}

/** Writes a script that is fetched later, which a release names by its content; returns its name. */
function writeScript(file) {
  const text = readFileSync(`static/${file}.js`, "utf8");
  const name = release ? `${file}-${hashOf(text)}.js` : `${file}.js`;
  writeFileSync(staged(name), text);
  return name;
}

function setAttribute(html, id, attribute) {
  return html.replace(`<link id="${id}"`, `<link id="${id}" ${attribute}`);
}

/** Writes what other sites show of the labs. */
function writeShared() {
  for (const { name, text } of shared()) {
    mkdirSync(dirname(staged(name)), { recursive: true });
    writeFileSync(staged(name), text);
  }
}

async function finish() {
  let html = readFileSync(staged("index.html"), "utf8");
  if (release) {
    html = setAttribute(await finishProgram(html), "program-script", 'data-worker="sw.js"');
    html = addPolicy(withoutInlineScripts(html));
  }
  const { folder, sheets } = await writeLessons();
  const files = { texts: writeTexts(sheets), lesson: folder, searcher: writeScript("searcher") };
  if (release) {
    files.offline = writeScript("offline");
    book(staged("docs"));
  }
  for (const name of readdirSync("static/app")) copyFileSync(join("static/app", name), staged(name));
  const data = Object.entries(files).map(([name, file]) => `data-${name}="${file}"`);
  html = setAttribute(html, "program-script", data.join(" "));
  const size = statSync(staged(target(html, "program-wasm"))).size;
  html = setAttribute(html, "program-wasm", `data-size="${size}"`);
  writeFileSync(staged("index.html"), html);
  writeShared();
  if (release) writeWorker(html);
}

if (!staging || !existsSync(staging)) {
  console.error("build/site.mjs is Trunk's hook: run `trunk build` or `cargo xtask build`.");
  process.exit(2);
}
await finish();

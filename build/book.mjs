// The documentation as a book: mdBook renders docs/, and what it wrote is put under the policy of the page.
//
// mdBook's pages start by scripts that stand in them. The policy refuses such scripts, so each becomes a file
// of its own, which the page fetches at the same place: what a script does and when stays as it was.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { POLICY } from "./policy.mjs";

const META = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
const INLINE = /<script(\s[^>]*)?>([\s\S]*?)<\/script>/g;

/** Renders the book into `folder`, and returns how many pages it has. */
export function book(folder) {
  const run = spawnSync("mdbook", ["build", "--dest-dir", resolve(folder)], { stdio: ["ignore", "ignore", "inherit"] });
  if (run.error?.code === "ENOENT") throw new Error("mdbook is not installed: `cargo xtask build` does that");
  if (run.status !== 0) throw new Error("mdbook build failed");
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".html"));
  for (const page of pages) underPolicy(folder, join(folder, page));
  return pages.length;
}

/** Moves the scripts of a page into files, and writes the policy into its head. */
function underPolicy(folder, page) {
  const html = readFileSync(page, "utf8").replace(INLINE, (whole, attributes = "", code) => {
    if (/\ssrc=/.test(attributes)) return whole;
    if (/\stype=/.test(attributes)) throw new Error(`${page}: a script of a kind that is not known here`);
    const name = join(folder, `start-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`);
    writeFileSync(name, code);
    const path = relative(dirname(page), name).replaceAll("\\", "/");
    return `<script src="${path}"></script>`;
  });
  if (/\son[a-z]+="/.test(html.replace(/<pre[\s\S]*?<\/pre>/g, ""))) {
    throw new Error(`${page} has a handler in an attribute, which the policy refuses`);
  }
  // The label that opens the list of chapters is a button, and tells its state; it has to be called one.
  const named = html.replace('<label id="mdbook-sidebar-toggle"', '<label role="button" id="mdbook-sidebar-toggle"');
  const head = named.replace(/<meta charset="utf-8">/i, (charset) => `${charset}\n        ${META}`);
  if (head === named) throw new Error(`${page} has no charset to put the policy behind`);
  writeFileSync(page, head);
}

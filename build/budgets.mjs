// Whether each part of the download keeps to its budget (build/budgets.txt): `node build/budgets.mjs` prints it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { sizes } from "./sizes.mjs";

/** The lines of build/budgets.txt. */
function budgets(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [part, kb, ...files] = line.split("|");
    return { part: part.trim(), most: Number(kb) * 1000, files: new RegExp(`^(?:${files.join("|").trim()})$`) };
  });
}

/** The parts of a folder: the name, the bytes with brotli, and the most that is allowed; for no budget, nothing. */
export function parts(folder, text = readFileSync(join(import.meta.dirname, "budgets.txt"), "utf8")) {
  const all = new Map();
  const table = budgets(text);
  for (const { name, brotli } of sizes(folder).slice(0, -1)) {
    const budget = table.find(({ files }) => files.test(name));
    const part = budget ? budget.part.replace(/\$(\d)/g, (_, group) => budget.files.exec(name)[group]) : name;
    const known = all.get(part) ?? { part, bytes: 0, most: budget?.most, line: table.indexOf(budget) };
    known.bytes += brotli;
    all.set(part, known);
  }
  return [...all.values()].sort((a, b) => a.line - b.line);
}

/** Whether a part is larger than it may be, or nobody said how large it may be. */
export const isOver = ({ bytes, most }) => !(bytes <= most);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const all = parts(process.argv[2] ?? "dist");
  for (const { part, bytes, most } of all) {
    console.log(part.padEnd(44), String(bytes).padStart(8), "of", String(most ?? "no budget").padStart(8));
  }
  process.exitCode = all.some(isOver) ? 1 : 0;
}

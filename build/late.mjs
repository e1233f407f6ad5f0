// The list of functions that are called late: build/early.mjs writes it, build/places.mjs goes by it.

import { createHash } from "node:crypto";

export const LATE = "build/late.txt";
const LENGTH = 6;
const PER_LINE = 20;

const hashed = (name) => createHash("sha256").update(name).digest("base64url").slice(0, LENGTH);

/** The list: of the names those that are not in `front` behind `rest`, or behind `later` where they are not in `desk` either. */
export function written(names, front, desk) {
  const late = [...new Set(names)].filter((name) => !front.has(name));
  const lines = ["rest", "later"].flatMap((part) => {
    const own = late.filter((name) => desk.has(name) === (part === "rest"));
    const hashes = [...new Set(own.map(hashed))].sort();
    const rows = Array.from({ length: Math.ceil(hashes.length / PER_LINE) }, (_, at) => hashes.slice(at * PER_LINE, (at + 1) * PER_LINE));
    return rows.map((row) => `${part} ${row.join(" ")}\n`);
  });
  return lines.join("");
}

/** Reads the list; returns what tells of a name the part before which nobody calls it, or nothing. */
export function late(text) {
  const parts = new Map();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [part, ...hashes] = line.split(" ");
    hashes.forEach((hash) => parts.set(hash, part));
  }
  return (name) => parts.get(hashed(name));
}

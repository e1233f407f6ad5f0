// What a first visit downloads: `node build/sizes.mjs` prints raw, gzip and brotli bytes of dist/.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The files of a folder with their sizes in bytes, and their sum as a last entry. */
export function sizes(folder) {
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => measure(name, readFileSync(join(folder, name))));
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return [...files, { name: "all", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") }];
}

function measure(name, bytes) {
  // Level 11 and 9 are what a host that compresses ahead of time uses.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

export function print(rows) {
  const line = (name, ...cells) => console.log(name.padEnd(40), ...cells.map((cell) => String(cell).padStart(9)));
  line("bytes", "raw", "gzip", "brotli");
  for (const { name, raw, gzip, brotli } of rows) line(name, raw, gzip, brotli);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  print(sizes(process.argv[2] ?? "dist"));
}

// Serves dist/ as the plainest static host would: from a subfolder, and under the strict policy.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { POLICY } from "../../build/policy.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const FOLDER = "/some/sub/folder/";
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Starts a host on a free port. `extra` maps names to pages that only a test has, or to null for a
 * file that is to be missing.
 * Returns the address of the index, and `stop`, after which nothing answers there any more.
 */
export async function startHost(extra = {}) {
  const server = createServer((request, response) => {
    answer(request, extra)
      .then(({ status, type, body }) => {
        response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY });
        response.end(body);
      })
      .catch((error) => response.destroy(error));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}${FOLDER}`;
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url, stop };
}

const missing = { status: 404, type: "text/plain", body: "not here" };

async function answer(request, extra) {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (!path.startsWith(FOLDER)) return missing;
  const name = path.slice(FOLDER.length) || "index.html";
  if (name in extra) {
    const type = TYPES[extname(name)] ?? "text/html";
    return extra[name] === null ? missing : { status: 200, type, body: extra[name] };
  }
  const file = normalize(join(DIST, name));
  if (!file.startsWith(DIST)) return missing;
  try {
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    return { status: 200, type, body: await readFile(file) };
  } catch {
    return missing;
  }
}

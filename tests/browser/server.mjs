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
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts a host on a free port. `extra` maps names to pages that only a test has, each a text, or
 * `{ body, headers }`; or to null for a file that is to be missing. `headers` go with every answer.
 * Returns the address of the index, the paths that were `asked` for so far, and `stop`, after which
 * nothing answers there any more.
 */
export async function startHost(extra = {}, headers = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url, "http://host").pathname.replace(FOLDER, ""));
    answer(request, extra)
      .then(({ status, type, body, own }) => {
        const policy = { "Content-Type": type, "Content-Security-Policy": POLICY };
        response.writeHead(status, { ...policy, ...headers, ...own });
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
  return { url, asked, stop };
}

const missing = { status: 404, type: "text/plain", body: "not here" };

async function answer(request, extra) {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (!path.startsWith(FOLDER)) return missing;
  const name = path.slice(FOLDER.length) || "index.html";
  if (name in extra) {
    if (extra[name] === null) return missing;
    const { body = extra[name], headers: own } = extra[name];
    return { status: 200, type: "text/html", body, own };
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

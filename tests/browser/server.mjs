// Serves dist/ as the plainest static host would: from a subfolder, and under the strict policy.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { POLICY } from "../../build/policy.mjs";

export const DIST = join(import.meta.dirname, "../../dist");
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
 * Starts a host on a free port. `extra` maps names to pages that only a test has, each a text, or
 * `{ body, headers }`; or to null for a file that is to be missing. `headers` go with every answer.
 * `places` maps folders to what lies there instead of the page: each has a `folder` of the disk, and the `policy`
 * under which its pages stand, or none.
 * Returns the address of the index, the paths that were `asked` for so far, and `stop`, after which
 * nothing answers there any more.
 */
export async function startHost(extra = {}, headers = {}, places = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url, "http://host").pathname.replace(FOLDER, ""));
    answer(request, extra, places)
      .then(({ status, type, body, own, policy = POLICY }) => {
        const policies = policy === null ? {} : { "Content-Security-Policy": policy };
        response.writeHead(status, { "Content-Type": type, ...policies, ...headers, ...own });
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

async function answer(request, extra, places) {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (!path.startsWith(FOLDER)) return missing;
  const name = path.slice(FOLDER.length) || "index.html";
  if (name in extra) {
    if (extra[name] === null) return missing;
    const { body = extra[name], headers: own } = extra[name];
    return { status: 200, type: TYPES[extname(name)] ?? "text/html", body, own };
  }
  const place = Object.keys(places).find((folder) => name.startsWith(folder));
  const { folder, policy } = place ? { policy: null, ...places[place] } : { folder: DIST, policy: POLICY };
  const within = place ? name.slice(place.length) || "index.html" : name;
  const file = normalize(join(folder, within.endsWith("/") ? `${within}index.html` : within));
  if (!file.startsWith(folder)) return missing;
  try {
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    return { status: 200, type, body: await readFile(file), policy };
  } catch {
    return missing;
  }
}

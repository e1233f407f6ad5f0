// Lets the page start without a network after its first visit. The build writes the constant `SITE`
// above these lines: `version`, `hashed` (files named by their content) and `plain` (the others).
//
// One cache is one version and is never written to after it is filled, so a page never mixes two.

const FAMILY = `splitbrain ${self.registration.scope} `;
const CACHE = FAMILY + SITE.version;

const address = (file) => new URL(file, self.registration.scope).href;
const HASHED = new Set(SITE.hashed.map(address));
const PLAIN = new Set(SITE.plain.map(address));
const NAMED_BY_CONTENT = /-[0-9a-f]{16}[._/]/;

async function fill() {
  const cache = await caches.open(CACHE);
  // A name with a hash may come from the browser's own cache; any other has to be asked for again.
  await cache.addAll([
    ...[...HASHED].map((url) => new Request(url)),
    ...[...PLAIN].map((url) => new Request(url, { cache: "no-cache" })),
  ]);
}

/** The caches of this site, the oldest first. Another copy of the site on this host has another scope. */
async function versions() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(FAMILY));
}

/**
 * Removes what older versions kept, but for the one before: another tab may still show it, and has yet to fetch
 * a lesson of it.
 */
async function tidy() {
  const old = (await versions()).filter((name) => name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** What this version keeps under an address; of a name with a hash what any version keeps, which is the same. */
async function kept(url) {
  const own = await (await caches.open(CACHE)).match(url);
  if (own || PLAIN.has(url)) return own;
  for (const name of await versions()) {
    const copy = await (await caches.open(name)).match(url);
    if (copy) return copy;
  }
  return undefined;
}

async function networkFirst(request, url) {
  try {
    // "no-cache" asks the host whether its copy is newer, so a new deploy is seen at once.
    return await fetch(request, { cache: "no-cache" });
  } catch (error) {
    const copy = await kept(url);
    if (copy) return copy;
    throw error;
  }
}

async function cacheFirst(request, url) {
  return (await kept(url)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
// What a page of this site may ask (static/offline.js).
self.addEventListener("message", ({ data, ports }) => {
  if (data === "version") ports[0]?.postMessage(SITE.version);
  if (data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.hash = "";
  url.search = "";
  // A folder and its index are one page.
  const file = url.href.endsWith("/") ? `${url.href}index.html` : url.href;
  if (HASHED.has(file) || NAMED_BY_CONTENT.test(url.pathname)) event.respondWith(cacheFirst(request, file));
  else if (PLAIN.has(file)) event.respondWith(networkFirst(request, file));
});

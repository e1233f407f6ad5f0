// Lets the page start without a network after its first visit. The build writes the constant `SITE`
// above these lines: `version`, `hashed` (files named by their content) and `plain` (the others).
//
// One cache is one version and is never written to after it is filled, so a page never mixes two.

const FAMILY = `splitbrain ${self.registration.scope} `;
const CACHE = FAMILY + SITE.version;

const address = (file) => new URL(file, self.registration.scope).href;
const HASHED = new Set(SITE.hashed.map(address));
const PLAIN = new Set(SITE.plain.map(address));
const INDEX = address("index.html");

async function fill() {
  const cache = await caches.open(CACHE);
  // A name with a hash may come from the browser's own cache; any other has to be asked for again.
  await cache.addAll([
    ...[...HASHED].map((url) => new Request(url)),
    ...[...PLAIN].map((url) => new Request(url, { cache: "no-cache" })),
  ]);
  await self.skipWaiting();
}

/** Removes what older versions kept. Another copy of the site on this host has another scope. */
async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(url) {
  const cache = await caches.open(CACHE);
  return cache.match(url);
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
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.hash = "";
  url.search = "";
  // The folder and its index are one page.
  const file = url.href === self.registration.scope ? INDEX : url.href;
  if (HASHED.has(file)) event.respondWith(cacheFirst(request, file));
  else if (PLAIN.has(file)) event.respondWith(networkFirst(request, file));
});

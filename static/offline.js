// Keeps the page for a start without a network, and says quietly when a newer version has come.
// static/loader.js fetches this after the program has started, and only in a release.
//
// A newer service worker waits until nobody has the older version open, or until somebody here asks for it:
// so a page never loses the files that it has yet to fetch.

/** How long to wait before asking the host again whether there is a newer version. */
const ASK_EVERY_MS = 60 * 60 * 1000;

/** Both languages stand in the note; the style sheet shows the one of the page. */
const WORDS = {
  en: { here: "A new version is here. Your run stays as it is.", load: "Load it", later: "Later" },
  "zh-Hans": { here: "新版本已就绪，您的运行不会丢失。", load: "立即载入", later: "稍后" },
};

let note = null;

/** Registers the worker of this version, and watches for newer ones. */
export async function keep(worker, version) {
  const registration = await navigator.serviceWorker.register(worker);
  if (registration.waiting) await offer(registration.waiting, version);
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => next.state === "installed" && offer(next, version));
  });
  let asked = performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || performance.now() - asked < ASK_EVERY_MS) return;
    asked = performance.now();
    // Without a network there is nothing newer to be had.
    registration.update().catch(() => undefined);
  });
}

/** Which version a worker holds. */
function versionOf(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage("version", [port2]);
  });
}

/** Shows the note, unless there was no version before, or the page is of the new one already. */
async function offer(worker, version) {
  if (!navigator.serviceWorker.controller || (await versionOf(worker)) === version) return;
  note?.remove();
  note = document.createElement("aside");
  note.className = "newer card";
  note.setAttribute("role", "status");
  const [load, later] = [button("load", "tbtn main"), button("later", "tbtn plain")];
  load.addEventListener("click", () => takeOver(worker));
  later.addEventListener("click", () => note.remove());
  // A status is read aloud when it changes, so it has to be there before its words are.
  document.body.append(note);
  note.append(sentence("here"), load, later);
}

function takeOver(worker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage("take over");
}

function sentence(key) {
  const all = document.createElement("span");
  for (const [lang, words] of Object.entries(WORDS)) {
    const text = document.createElement("span");
    text.lang = lang;
    text.textContent = words[key];
    all.append(text);
  }
  return all;
}

function button(key, classes) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = classes;
  made.append(sentence(key));
  return made;
}

// Fetches the program, shows how far it has come, starts it, and keeps a copy for the next time
// without a network. Where that cannot work, one of the plain sentences of index.html appears.

const element = (id) => document.getElementById(id);

/** Puts one of the sentences that wait in index.html in the place of the loading bar. */
function sayInstead(id) {
  element("loading-progress").hidden = true;
  element(id).hidden = false;
}

/** Fetches the Wasm, moving the bar with every piece that arrives. */
async function fetchProgram({ href, dataset }) {
  // The same mode as the preload in the head, so that the browser downloads the file once.
  const response = await fetch(href, { mode: "cors", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  // The build writes the size down: Content-Length tells the compressed one, or nothing.
  const total = Number(dataset.size);
  const bar = element("loading-bar");
  let arrived = 0;
  const counter = new TransformStream({
    transform(piece, controller) {
      arrived += piece.byteLength;
      if (total > 0) bar.value = Math.min(arrived / total, 1);
      controller.enqueue(piece);
    },
  });
  // Naming the type ourselves lets a host that does not know .wasm work at full speed too.
  return new Response(response.body.pipeThrough(counter), {
    headers: { "Content-Type": "application/wasm" },
  });
}

/** Whether the page opens as the front page, for which the first part of the program is enough. */
function isFront() {
  return ["", "#", "#/"].includes(location.hash) && !window.splitbrainGuard.waits();
}

/**
 * Whether this version is kept on the device, so that all of the program is at hand. It is joined before the start then:
 * what the page fetches on the spot does not come from what is kept, and there may be no network.
 */
function isKept() {
  try {
    return navigator.serviceWorker?.controller != null;
  } catch {
    // A frame without an origin of its own may not even ask.
    return false;
  }
}

/** Pages that have a part of the program of their own, by what stands in their address. */
const PAGES = {
  lesson: /^#\/(lessons|articles|compare|lesson)\b|[?&]lesson=/,
  experiment: /[?&]experiment=/,
  embed: /[?&]embed=1/,
};

/**
 * The parts of the program that the address needs: of a page, and of the lab, or whatever stands in its place. A lab's first
 * picture does without what comes later; a run that somebody sent may need any of it.
 */
function partsOfAddress() {
  const pages = Object.keys(PAGES).filter((name) => PAGES[name].test(location.hash));
  const [whole, lab] = /^#\/([a-z-]+)$/.exec(location.hash) ?? /^#\/([a-z-]+)/.exec(location.hash) ?? ["", ""];
  const isFresh = whole === location.hash && pages.length === 0;
  return ["rest", ...(isFresh && !isKept() ? [] : ["later"]), ...pages, lab];
}

/** Fetches the program and makes it ready. */
async function startProgram(script) {
  const program = await import(script.href);
  // In development the program is whole, and a release has static/rest.js in it.
  const parts = isFront() ? ["rest", "later"] : partsOfAddress();
  if (!isFront() || isKept()) parts.forEach((part) => program.splitbrainPartBegins?.(part));
  await program.default({ module_or_path: fetchProgram(element("program-wasm")) });
  window.splitbrainWorker = (number, wasm) => startWorker(program, number, wasm);
  window.splitbrainPart = (name) => {
    const comes = Promise.resolve(program.splitbrainPart?.(name));
    // Who waits for it hears of it, and may not wait yet.
    comes.catch(() => undefined);
    return comes;
  };
  window.splitbrainHas = (name) => program.splitbrainHas?.(name) ?? true;
  // The front page does without, should it not come after all.
  if (!isFront()) await Promise.all(parts.map(window.splitbrainPart));
  else if (isKept()) await Promise.all(parts.map(window.splitbrainPart)).catch(() => undefined);
  return program;
}

/**
 * Begins a worker of the search (static/searcher.js), with the program as it is compiled here. What it says
 * goes to the program under its number; that it died, as nothing.
 */
function startWorker(program, number, wasm) {
  const script = element("program-script");
  const worker = new Worker(script.dataset.searcher, { type: "module" });
  worker.onmessage = ({ data }) => program.splitbrainHeard(number, data);
  worker.onerror = worker.onmessageerror = () => program.splitbrainHeard(number);
  worker.postMessage({ script: script.href, wasm, modules: program.splitbrainModules?.() ?? [] });
  return worker;
}

/** Keeps the files of this version for a start without a network; does without where that is denied. */
async function keepForOffline({ dataset }) {
  // Only a release names a worker: in development a cache would be in the way.
  // Nor does a frame in somebody's page keep anything.
  if (embedded() || !dataset.worker || !("serviceWorker" in navigator)) return;
  try {
    const offline = await import(new URL(dataset.offline, document.baseURI));
    await offline.keep(dataset.worker, dataset.version);
  } catch {
    // Private windows, file: addresses and some policies deny it. The page works all the same.
  }
}

/**
 * Fetches one of the texts, words and stories, which are no part of the program. The program asks for
 * more of them by this, too (src/ui/assets.rs).
 */
async function fetchText(name) {
  const response = await fetch(element("program-script").dataset.texts + name);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.text();
}
window.splitbrainText = fetchText;

/**
 * Reads a lesson that somebody wrote: fetches the parser (build/lessons.mjs), which no other visitor
 * downloads, and returns what it says (lesson/src/lib.rs).
 */
async function compileLesson(markdown) {
  const folder = new URL(element("program-script").dataset.lesson, document.baseURI);
  const parser = await import(new URL("lesson.js", folder).href);
  await parser.default({ module_or_path: new URL("lesson_bg.wasm", folder) });
  return parser.compile_lesson(markdown);
}
window.splitbrainLesson = compileLesson;

/** The longest lesson, in bytes (lesson/src/lib.rs). */
const LONGEST_LESSON = 128 * 1024;

/** Fetches a lesson from an address, as the person agreed. The policy of the page allows only its own host. */
async function fetchAddress(address) {
  const response = await fetch(new URL(address, document.baseURI), { credentials: "omit", redirect: "error" });
  // The number of an answer that is no file.
  if (!response.ok) return response.status;
  const text = await response.text();
  // One character more than is allowed is enough for the parser to tell.
  return text.slice(0, LONGEST_LESSON + 1);
}

window.splitbrainAddress = fetchAddress;

/** The settings of an embedded run (src/view/embed/), where this page is the frame of one. */
function embedded() {
  const parts = new URLSearchParams(location.hash.split("?")[1]);
  return parts.get("embed") === "1" ? parts : null;
}

/** The language that was chosen here before (src/ui/settings.rs), or else the browser's. */
function chosenLanguage() {
  let chosen = embedded()?.get("lang");
  try {
    chosen ??= localStorage.getItem("splitbrain.lang");
  } catch {
    // Storage may be denied.
  }
  if (chosen === "en" || chosen === "zh-Hans") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-Hans" : "en";
}

async function start() {
  if (typeof WebAssembly !== "object") return sayInstead("no-wasm");
  const script = element("program-script");
  document.documentElement.lang = chosenLanguage();
  element("manifest").href = `app.${chosenLanguage()}.webmanifest`;
  try {
    const [program, words] = await Promise.all([startProgram(script), fetchText(`${chosenLanguage()}.txt`)]);
    await program.start(words);
  } catch (error) {
    console.error(error);
    // A trap means that the program arrived and then made a mistake: that is the guard's to tell.
    if (error instanceof WebAssembly.RuntimeError) return window.splitbrainGuard.fault(String(error));
    return sayInstead("load-failed");
  }
  element("loading").remove();
  await keepForOffline(script);
}

start();

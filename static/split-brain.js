// <split-brain lab="raft"></split-brain>: a running cluster in anybody's page. One file, no dependency;
// docs/embedding.md describes it. A poster stands in the element until it is wanted; then a frame does,
// whose address carries the settings, and which is spoken with by messages (src/ui/embed/).

const HERE = import.meta.url;
/** The attributes that go into the frame's address as they are; the frame judges them. */
const PASSED = ["story", "seed", "params", "panels", "controls", "speed", "height", "ratio"];
const FLAGS = ["readonly", "autoplay"];
const OTHERS = ["lab", "moment", "allow", "lang", "theme", "src", "poster", "loading", "isolate"];
const EVERYTHING = "play,step,seek,run,set,events";
const WORDS = {
  en: ["Start", "an interactive run of a distributed system", "This was stopped: the frame is another one now."],
  "zh-Hans": ["开始", "可操作的分布式系统运行", "已停止：框架已更换。"],
};
/** How near the screen an element is when it starts, and how long one that starts keeps the others waiting. */
const NEAR = "200px";
const PATIENCE_MS = 4000;

const STYLE = `:host{display:block;position:relative;overflow:hidden;box-sizing:border-box;border-radius:10px;width:100%}
:host([hidden]){display:none}
iframe,img,div,button{position:absolute;inset:0;width:100%;height:100%;border:0}
div{overflow:hidden}
img{object-fit:contain;background:#f6f7f9}
.dark img{filter:invert(.92) hue-rotate(180deg)}
button{background:none;cursor:pointer;font:600 16px system-ui,sans-serif;color:#fff}
button span{background:#00568a;border-radius:99px;padding:.6em 1.4em;box-shadow:0 2px 12px #0006}
button:focus-visible{outline:3px solid #7b3fb3;outline-offset:-4px}
button[hidden],.gone{display:none}`;

/** The language that the words around an element are in, as far as we have it. */
const langOf = (element) => {
  const lang = element.closest("[lang]")?.lang || navigator.language;
  return /^zh/i.test(lang) ? "zh-Hans" : "en";
};

/** Whether the words around an element are light, so that what is behind them is dark. */
function darkAround(element) {
  const color = getComputedStyle(element).color;
  const [a, b, c] = (color.match(/[\d.]+/g) ?? []).map(Number);
  if (color.startsWith("rgb")) return 3 * a + 6 * b + c > 1275;
  if (color.startsWith("ok")) return a > 0.5;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** One starts after the other, so that scrolling stays smooth. */
let turn = Promise.resolve();

class SplitBrain extends HTMLElement {
  static observedAttributes = [...PASSED, ...FLAGS, ...OTHERS];

  #frame = null;
  #ready = null;
  #asked = new Map();
  #next = 1;
  #poster = document.createElement("div");
  #button = document.createElement("button");
  #near = null;
  #watch = null;
  #state = null;
  #queued = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#button.type = "button";
    this.#button.append(document.createElement("span"));
    this.#button.onclick = () => this.#start(true);
    root.append(this.#poster, this.#button);
  }

  connectedCallback() {
    this.#reserve();
    this.#draw();
    addEventListener("message", this.#hear);
    this.#watch = new MutationObserver(() => this.#dress());
    for (const around of [document.documentElement, document.body]) this.#watch.observe(around, { attributes: true });
    this.#media.addEventListener("change", this.#dress);
    this.#wait();
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear);
    this.#media.removeEventListener("change", this.#dress);
    this.#watch?.disconnect();
    this.#near?.disconnect();
    this.#drop();
  }

  attributeChangedCallback(name, old, value) {
    if (old === value || !this.isConnected) return;
    if (name === "height" || name === "ratio") this.#reserve();
    if (name === "lang" || name === "theme") return this.#dress();
    if (name === "poster") return this.#draw();
    if (name === "loading") return this.#wait();
    // Several attributes that change at once are one change.
    if (this.#frame && !this.#queued) {
      this.#queued = true;
      queueMicrotask(() => {
        this.#queued = false;
        if (this.#frame) this.#restart();
      });
    }
  }

  /** Where the run is, as it was told last. */
  get state() {
    return this.#state;
  }

  play() {
    return this.#call("play");
  }
  pause() {
    return this.#call("pause");
  }
  step(n = 1) {
    return this.#call("step", { n });
  }
  back(n = 1) {
    return this.#call("back", { n });
  }
  seek(place) {
    return this.#call("seek", { place });
  }
  run(command) {
    return this.#call("run", { command });
  }
  /** Starts the frame, as a click does; resolves when the run is there. */
  start() {
    return this.#start(true);
  }

  #media = matchMedia("(prefers-color-scheme: dark)");

  get #folder() {
    return new URL(this.getAttribute("src") || ".", this.hasAttribute("src") ? document.baseURI : HERE);
  }

  /** Takes the room that it will need, so that nothing moves later. */
  #reserve() {
    const height = Number(this.getAttribute("height"));
    const ratio = this.getAttribute("ratio");
    const fits = height >= 120 && height <= 2000;
    this.style.height = fits ? `${height}px` : ratio ? "auto" : "480px";
    this.style.aspectRatio = !fits && ratio ? ratio : "auto";
  }

  /** The lab that is asked for: by name, by the moment, or in the first line of a story that is written out. */
  #lab() {
    const [moment, story] = ["moment", "story"].map((name) => this.getAttribute(name) ?? "");
    return this.getAttribute("lab") || /^\/?([a-z0-9-]+)/.exec(moment)?.[1] || /^\s*lab\s+([a-z0-9-]+)/.exec(story)?.[1];
  }

  /** The poster: the author's own picture within the element, or the one he names, or ours of the lab. */
  #draw() {
    const named = this.getAttribute("poster");
    const lab = this.#lab();
    const own = !named && (!lab || this.querySelector("img, picture, svg"));
    const picture = document.createElement(own ? "slot" : "img");
    if (!own) {
      picture.src = named ? new URL(named, document.baseURI) : new URL(`posters/${lab}.svg`, this.#folder);
      picture.alt = "";
      picture.loading = "lazy";
    }
    // The button stands over it: what is in it cannot be reached beside that.
    this.#poster.inert = true;
    this.#poster.replaceChildren(picture);
    this.#dress();
  }

  /** Words and colours are those of the page around. */
  #dress = () => {
    const [lang, dark] = [langOf(this), this.#dark];
    const [start, what] = WORDS[lang];
    this.#button.firstChild.textContent = `▶ ${start}`;
    this.#button.setAttribute("aria-label", `${start}: ${this.#lab() ?? ""}, ${what}`);
    this.#button.lang = lang;
    // Beside it stands whether the poster is gone.
    this.#poster.classList.toggle("dark", dark);
    if (!this.#frame) return;
    this.#frame.title = what;
    const look = { lang, theme: dark ? "dark" : "light" };
    const known = this.#look;
    if (this.#ready && (known.lang !== lang || known.theme !== look.theme)) {
      this.#look = look;
      this.#ready.promise.then(() => this.#post("set", look)).catch(() => {});
    }
  };

  #look = {};

  get #dark() {
    const theme = this.getAttribute("theme");
    return theme === "dark" || (theme !== "light" && darkAround(this));
  }

  /** Waits until it is near the screen, where that is enough. */
  #wait() {
    this.#near?.disconnect();
    const click = this.getAttribute("loading") === "click" || navigator.connection?.saveData;
    if (this.#frame || click) return;
    this.#near = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#queue(), { rootMargin: NEAR });
    this.#near.observe(this);
  }

  /** Starts when it is its turn, if it is still near the screen then. */
  #queue() {
    this.#near.disconnect();
    turn = turn.then(() => {
      const { top, bottom } = this.getBoundingClientRect();
      const margin = parseInt(NEAR);
      if (!this.isConnected || this.#frame) return undefined;
      if (bottom < -margin || top > innerHeight + margin) return this.#wait();
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      return Promise.race([this.#start(false), late]).catch(() => {});
    });
  }

  /** The address of the frame, with all settings behind the `#`. */
  #address() {
    const [path, parts] = (this.getAttribute("moment") ?? "").replace(/^#/, "").split("?");
    const query = new URLSearchParams({ embed: 1 });
    for (const name of PASSED) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
    for (const name of FLAGS) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name) || 1);
    this.#look = { lang: langOf(this), theme: this.#dark ? "dark" : "light" };
    query.set("lang", this.#look.lang);
    query.set("theme", this.#theme ?? this.#look.theme);
    query.set("allow", this.getAttribute("allow") ?? EVERYTHING);
    if (/^https?:/.test(location.origin)) query.set("origin", location.origin);
    const page = new URL("index.html", this.#folder);
    page.hash = `/${this.getAttribute("lab") ?? path.replace(/^\//, "")}?${query}${parts ? `&${parts}` : ""}`;
    return page;
  }

  /** A theme that there is not is the frame's to complain of. */
  get #theme() {
    const theme = this.getAttribute("theme");
    return theme && !/^(light|dark|auto)$/.test(theme) ? theme : undefined;
  }

  #start(focus) {
    if (!this.isConnected) return Promise.reject(new Error("split-brain: not in a page"));
    if (this.#frame) return this.#ready.promise;
    this.#near?.disconnect();
    const frame = document.createElement("iframe");
    const rights = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
    frame.sandbox = this.hasAttribute("isolate") ? rights : `${rights} allow-same-origin`;
    frame.allow = "fullscreen";
    this.#button.hidden = true;
    this.#ready = deferred();
    this.#ready.promise.catch(() => {});
    frame.src = this.#address();
    this.#frame = frame;
    // It stands before the poster, which covers it until the run is there.
    this.#poster.before(frame);
    frame.onload = () => setTimeout(() => this.#reveal(), PATIENCE_MS);
    if (focus) this.#ready.promise.then(() => frame.focus(), () => {});
    this.#dress();
    return this.#ready.promise;
  }

  #restart() {
    this.#drop();
    this.#draw();
    this.#start(false);
  }

  #drop() {
    if (!this.#frame) return;
    this.#frame.remove();
    this.#frame = this.#state = null;
    this.#poster.classList.remove("gone");
    this.#button.hidden = false;
    const gone = new Error(WORDS[langOf(this)][2]);
    this.#ready.reject(gone);
    for (const { reject } of this.#asked.values()) reject(gone);
    this.#asked.clear();
  }

  #reveal() {
    if (this.#frame) this.#poster.classList.add("gone");
  }

  async #call(call, rest) {
    await this.#start(false);
    return this.#post(call, rest);
  }

  #post(call, rest = {}) {
    const id = this.#next++;
    const to = this.hasAttribute("isolate") ? "*" : this.#folder.origin;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#frame.contentWindow.postMessage({ splitbrain: 1, id, call, ...rest }, to);
    });
  }

  #hear = ({ source, origin, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.splitbrain !== 1) return;
    if (!this.hasAttribute("isolate") && origin !== this.#folder.origin) return;
    if (data.event) return this.#happen(data.event, data.detail);
    const asked = this.#asked.get(data.id);
    this.#asked.delete(data.id);
    if (data.ok) {
      if (data.value) this.#state = data.value;
      asked?.resolve(data.value);
    } else {
      const { message, code, line, column } = data.error;
      // A flood is answered for all that wait.
      for (const { reject } of asked ? [asked] : this.#asked.values()) {
        reject(Object.assign(new Error(message), { code, line, column }));
      }
      if (!asked) this.#asked.clear();
    }
  };

  #happen(event, detail) {
    if (event === "ready" || event === "error") {
      this.#reveal();
      if (event === "ready") this.#state = detail.state;
      if (event === "ready") this.#ready.resolve(detail);
      else this.#ready.reject(Object.assign(new Error(detail.message), { code: "settings" }));
    }
    if (event === "step") this.#state = detail;
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

for (const name of [...PASSED, ...OTHERS.filter((name) => name !== "lang")]) {
  Object.defineProperty(SplitBrain.prototype, name, {
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}
for (const name of FLAGS) {
  Object.defineProperty(SplitBrain.prototype, name, {
    get() {
      return this.hasAttribute(name);
    },
    set(value) {
      this.toggleAttribute(name, Boolean(value));
    },
    configurable: true,
    enumerable: true,
  });
}

// A page may load the script twice.
if (!customElements.get("split-brain")) customElements.define("split-brain", SplitBrain);

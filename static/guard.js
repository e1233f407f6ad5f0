// Stands outside the program, so that a fault of ours never leaves a dead tab. The program mirrors
// its story here after every command; when it traps, this file offers to save the story and to
// reopen it before the last command. A classic script in the syntax of 2015, so that it is there
// before anything can fail and can still speak in a browser that is too old for the program.
//
//   splitbrainGuard.mirror(story)   keep this text as the run so far
//   splitbrainGuard.fault(message)  show the dialog (the panic hook calls it)
//   splitbrainGuard.handover()      the story that a reopened page should start with, or null; once
//   splitbrainGuard.waits()         whether there is one in the storage
(() => {
  "use strict";

  const KEY = "splitbrain.handover";
  const FRAGMENT = "#story=";
  // In a frame of somebody's page the address holds the settings, and stays.
  const SETTINGS = /[?&]embed=1(&|$)/.test(location.hash) ? location.hash : "";
  const WORDS = {
    en: {
      title: "Splitbrain made a mistake.",
      safe: "Your run is safe.",
      none: "There was no run to lose.",
      save: "Save the story",
      reopen: "Reopen before the last command",
      afresh: "Start afresh",
      details: "What went wrong",
    },
    zh: {
      title: "Splitbrain 出错了。",
      safe: "您的运行记录完好无损。",
      none: "没有会丢失的运行记录。",
      save: "保存故事",
      reopen: "回到最后一条命令之前",
      afresh: "重新开始",
      details: "错误详情",
    },
  };

  let story = "";
  let dialog = null;

  const words = () => WORDS[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];

  /** The story less its last command. Blank lines, comments and the first line, the lab, are no commands. */
  function withoutLastCommand(text) {
    const lines = text.split("\n");
    const isCommand = (line) => line.trim() !== "" && !line.trimStart().startsWith("#");
    const first = lines.findIndex(isCommand);
    const last = lines.findLastIndex(isCommand);
    return last > first ? lines.slice(0, last).join("\n") + "\n" : text;
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([story], { type: "text/plain" }));
    link.download = "splitbrain.story";
    link.click();
  }

  /** Loads the page again without a fragment: one that names the faulty run would bring it back. */
  function reload(fragment) {
    history.replaceState(null, "", location.pathname + location.search + (SETTINGS || fragment));
    location.reload();
  }

  function reopen() {
    const shorter = withoutLastCommand(story);
    try {
      sessionStorage.setItem(KEY, shorter);
      reload("");
    } catch (denied) {
      // Storage is denied or full: the address carries the story instead.
      reload(FRAGMENT + encodeURIComponent(shorter));
    }
  }

  function takeStored() {
    try {
      const text = sessionStorage.getItem(KEY);
      sessionStorage.removeItem(KEY);
      return text;
    } catch (denied) {
      return null;
    }
  }

  /** Whether a story waits for the page to reopen with it. */
  function waits() {
    try {
      return sessionStorage.getItem(KEY) !== null;
    } catch (denied) {
      return false;
    }
  }

  function takeFragment() {
    if (!location.hash.startsWith(FRAGMENT)) return null;
    const coded = location.hash.slice(FRAGMENT.length);
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return decodeURIComponent(coded);
    } catch (malformed) {
      // Cut short on its way: nothing that could be opened.
      return null;
    }
  }

  function handover() {
    const stored = takeStored();
    const text = stored === null ? takeFragment() : stored;
    // Should reopening trap as well, the next dialog can still save this and step back further.
    if (text !== null) story = text;
    return text;
  }

  function make(parent, name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  function addButtons(say) {
    const row = make(dialog, "div", "");
    row.className = "fault-buttons";
    const add = (text, action, enabled) => {
      const button = make(row, "button", text);
      button.type = "button";
      button.disabled = !enabled;
      button.addEventListener("click", action);
    };
    add(say.save, save, story !== "");
    add(say.reopen, reopen, story !== "");
    add(say.afresh, () => reload(""), true);
  }

  function fault(message) {
    // One mistake often brings others; the first one is the cause.
    if (dialog) return;
    const say = words();
    dialog = document.createElement("dialog");
    dialog.className = "fault";
    dialog.setAttribute("aria-labelledby", "fault-title");
    make(dialog, "h2", say.title).id = "fault-title";
    make(dialog, "p", story === "" ? say.none : say.safe);
    addButtons(say);
    const details = make(dialog, "details", "");
    make(details, "summary", say.details);
    make(details, "pre", message);
    // Nothing behind it works any more, so Escape must not uncover it. A browser may insist after the
    // second one: then it opens again.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => dialog.showModal());
    document.body.append(dialog);
    dialog.showModal();
  }

  /** Traps, and mistakes thrown by our own files; an extension's mistakes are not ours to tell. */
  function isOurs(error) {
    if (!(error instanceof Error) || error instanceof DOMException) return false;
    if (window.WebAssembly && error instanceof WebAssembly.RuntimeError) return true;
    return String(error.stack).includes(new URL(".", location.href).href);
  }

  window.addEventListener("error", (event) => {
    if (isOurs(event.error)) fault(String(event.error));
  });
  window.addEventListener("unhandledrejection", (event) => {
    if (isOurs(event.reason)) fault(String(event.reason));
  });

  // A first guess for what can go wrong before the program has said which language the person chose.
  if (/^zh/i.test(navigator.language)) document.documentElement.lang = "zh-Hans";

  // A frame that may not keep its origin can load modules only from a host that lets everybody.
  function denied({ target }) {
    if (!(target instanceof HTMLScriptElement) || window.origin !== "null") return;
    document.getElementById("loading-progress").hidden = true;
    document.getElementById("no-origin").hidden = false;
  }
  window.addEventListener("error", denied, true);

  // A browser too old for modules never runs the loader, so its sentence is shown from here.
  document.addEventListener("DOMContentLoaded", () => {
    if ("noModule" in HTMLScriptElement.prototype) return;
    document.getElementById("loading-progress").hidden = true;
    document.getElementById("no-wasm").hidden = false;
  });

  window.splitbrainGuard = {
    mirror: (text) => {
      story = text;
    },
    fault,
    handover,
    waits,
  };
})();

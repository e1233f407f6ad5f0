// Finds the browsers that the tests drive. Run by itself, with the name of one, it prints the answer.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const BROWSERS = {
  chromium: {
    variable: "CHROMIUM",
    programs: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"],
    applications: [
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    advice:
      "The browser tests need Chromium or Chrome: install one (on Debian `apt-get install chromium`), " +
      "or name yours in the variable CHROMIUM.",
  },
  firefox: {
    variable: "FIREFOX",
    programs: ["firefox-esr", "firefox", "firefox.exe"],
    applications: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    advice:
      "The tests of the page in Firefox need it: install it (on Debian `apt-get install firefox-esr`), " +
      "or name yours in the variable FIREFOX.",
  },
};

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a browser of this kind, or null. */
export function findBrowser(kind) {
  const { variable, programs, applications } = BROWSERS[kind];
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = programs.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...applications].find(runs) ?? null;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kind = process.argv[2];
  const browser = findBrowser(kind);
  console.log(browser ?? BROWSERS[kind].advice);
  process.exitCode = browser ? 0 : 1;
}

// Finds the browser that the tests drive. Run by itself it prints the answer.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const ADVICE =
  "The browser tests need Chromium or Chrome: install one (on Debian `apt-get install chromium`), " +
  "or name yours in the variable CHROMIUM.";

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium, or null. */
export function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...APPLICATIONS].find(runs) ?? null;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const browser = findBrowser();
  console.log(browser ?? ADVICE);
  process.exitCode = browser ? 0 : 1;
}

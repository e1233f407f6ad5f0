// The lessons, rendered when the site is built, so that a reader downloads no parser.
//
// The parser is the package `splitbrain-lesson`, compiled to a Wasm module of its own. It runs here, for the
// lessons that ship, and it lies beside the program for those that somebody opens from a file: the page
// fetches it only then.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { labs } from "./labs.mjs";

const LANGUAGES = ["en", "zh-Hans"];

function must(command, args) {
  const run = spawnSync(command, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (run.error?.code === "ENOENT") throw new Error(`${command} is not installed: \`cargo xtask build\` does that`);
  if (run.status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
  return run.stdout;
}

/** Compiles the parser; returns the folder with its glue and its Wasm. Who calls removes it. */
function compileParser() {
  const what = ["--package", "splitbrain-lesson", "--lib", "--crate-type", "cdylib"];
  const target = ["--target", "wasm32-unknown-unknown", "--release"];
  const messages = must("cargo", ["rustc", ...what, ...target, "--message-format", "json-render-diagnostics"]);
  const built = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .flatMap((message) => message.filenames ?? [])
    .find((name) => name.endsWith("splitbrain_lesson.wasm"));
  if (!built) throw new Error("cargo built no splitbrain_lesson.wasm");
  const folder = mkdtempSync(join(tmpdir(), "splitbrain-lesson-"));
  must("wasm-bindgen", [built, "--target", "web", "--no-typescript", "--out-dir", folder, "--out-name", "lesson"]);
  return folder;
}

/** What the parser says of a file that ships. It has none that cannot be read. */
function render(compile, file) {
  const sheet = compile(readFileSync(file, "utf8"));
  if (!sheet.startsWith("+")) throw new Error(`${file}:${sheet}: \`cargo run -- lesson check ${file}\` says it in words`);
  return sheet.slice(1);
}

/**
 * Puts the parser into `folder`, and returns as texts the sheets of all lessons, `LAB/LESSON.LANG.lesson`, and
 * the lectures of all labs, `LAB/lecture.LANG.html`.
 */
export async function lessons(folder) {
  const compiled = compileParser();
  try {
    const parser = await import(pathToFileURL(join(compiled, "lesson.js")).href);
    parser.initSync({ module: readFileSync(join(compiled, "lesson_bg.wasm")) });
    mkdirSync(folder, { recursive: true });
    for (const name of ["lesson.js", "lesson_bg.wasm"]) copyFileSync(join(compiled, name), join(folder, name));
    return [
      ...labs("lessons").flatMap((lab) => lessonsOf(lab, parser)),
      ...labs("README.md").flatMap((lab) => LANGUAGES.map((lang) => lecture(lab, lang, parser))),
    ];
  } finally {
    rmSync(compiled, { recursive: true });
  }
}

/** The lecture of a lab in a language. */
function lecture({ id, folder }, lang, parser) {
  const file = join(folder, lang === "en" ? "README.md" : `README.${lang}.md`);
  return { name: `${id}/lecture.${lang}.html`, text: render(parser.render_lecture, file) };
}

function lessonsOf({ id, folder }, parser) {
  const names = readdirSync(join(folder, "lessons")).sort();
  const ends = (name) => LANGUAGES.some((lang) => name.endsWith(`.${lang}.md`));
  return names.filter(ends).map((name) => ({
    name: `${id}/${name.replace(/\.md$/, ".lesson")}`,
    text: render(parser.compile_lesson, join(folder, "lessons", name)),
  }));
}

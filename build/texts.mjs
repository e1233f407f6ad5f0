// The texts of the page, which are no part of the program but fetched as they are needed:
//
//   LANG.txt         all words of the page itself, and of each lab its title and its teaser, as
//                    `LAB/lab.title = …`, and the titles of its lessons, for the front page
//   glossary.LANG.txt   the glossary: ID = word | meaning | paper | the word in the other language
//   pictures.txt     the small pictures of the labs on the front page
//   articles.txt     the reading paths through the articles
//   compare.txt      what was measured of protocols that are set side by side
//   LAB/LANG.txt     the words of a lab
//   LAB/STORY.story  a story
//
// The lessons, `LAB/LESSON.LANG.lesson`, and the lectures, `LAB/lecture.LANG.html`, come from build/lessons.mjs.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { labs } from "./labs.mjs";

const LANGUAGES = ["en", "zh-Hans"];
/** Of two texts for one key the later counts. */
const OF_THE_PAGE = [
  "src/lab/locale/LANG.txt",
  "src/ui/locale/panels.LANG.txt",
  "src/ui/locale/learn.LANG.txt",
  "src/ui/locale/embed.LANG.txt",
  "src/ui/locale/app.LANG.txt",
];
const ON_THE_FRONT_PAGE = /^(lab\.(title|teaser|tags)|lesson\.[a-z0-9-]+) = /;

/** The lines of a file of words that say something. */
function wordsOf(file) {
  return readFileSync(file, "utf8").split("\n").filter((line) => line.includes(" = ") && !line.startsWith("#"));
}

const wordsOfLab = ({ folder }, lang) => wordsOf(join(folder, "locale", `${lang}.txt`));

function wordsOfPage(lang) {
  const own = OF_THE_PAGE.flatMap((file) => wordsOf(file.replace("LANG", lang)));
  const fronts = labs("locale").flatMap((lab) =>
    wordsOfLab(lab, lang)
      .filter((line) => ON_THE_FRONT_PAGE.test(line))
      .map((line) => `${lab.id}/${line}`),
  );
  return [...own, ...fronts];
}

function storiesOf(lab) {
  const folder = join(lab.folder, "stories");
  const names = readdirSync(folder).filter((name) => name.endsWith(".story"));
  return names.sort().map((name) => ({ name: `${lab.id}/${name}`, text: readFileSync(join(folder, name), "utf8") }));
}

/** The glossary of a language, each line with the word of the other one. */
function glossary(lang) {
  const lines = (lang) => wordsOf(`src/ui/glossary/${lang}.txt`).map((line) => line.split(" = "));
  const other = new Map(lines(LANGUAGES.find((other) => other !== lang)).map(([id, rest]) => [id, rest.split(" | ")[0]]));
  return lines(lang).map(([id, rest]) => `${id} = ${rest} | ${other.get(id)}`);
}

/** Every file of texts: its name, and what is in it. */
export function texts() {
  const file = (name, lines) => ({ name, text: `${lines.join("\n")}\n` });
  const pages = LANGUAGES.map((lang) => file(`${lang}.txt`, wordsOfPage(lang)));
  const ofLabs = labs("locale").flatMap((lab) => [
    ...LANGUAGES.map((lang) => file(`${lab.id}/${lang}.txt`, wordsOfLab(lab, lang))),
    ...storiesOf(lab),
  ]);
  const glossaries = LANGUAGES.map((lang) => file(`glossary.${lang}.txt`, glossary(lang)));
  const articles = { name: "articles.txt", text: readFileSync("src/ui/articles.txt", "utf8") };
  const compare = { name: "compare.txt", text: readFileSync("src/ui/compare.txt", "utf8") };
  const pictures = { name: "pictures.txt", text: readFileSync("src/ui/front/pictures.txt", "utf8") };
  return [...pages, ...glossaries, articles, compare, pictures, ...ofLabs];
}

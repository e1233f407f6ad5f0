// The labs as the build finds them: a folder below src/protocols/ each, named by the lab's id.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const PROTOCOLS = "src/protocols";

/** The labs whose folder has this file or folder, in order: their id, and where they are. */
export function labs(has) {
  const names = readdirSync(PROTOCOLS).filter((name) => existsSync(join(PROTOCOLS, name, has))).sort();
  return names.map((name) => ({ id: name, folder: join(PROTOCOLS, name) }));
}

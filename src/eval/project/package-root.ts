import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the installed package: where the shipped suites, agents and environments lie. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

/** Source runs from `src/eval`, the shipped bundle from `dist`: both lie below package.json. */
function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${start}`);
  }
}

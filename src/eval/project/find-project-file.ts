import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const PROJECT_FILE = "agentctl.yaml";

/** `agentctl.yaml` in a folder or the nearest one above; `null` when there is none. */
export function findProjectFile(start: string): string | null {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

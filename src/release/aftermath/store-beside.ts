import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FILE } from "../../eval/project/find-project-file.js";
import { loadProject } from "../../eval/project/load-project.js";
import { openProjectStore } from "../../eval/run/stored-run.js";
import type { Store } from "../../store/store.js";

/** Opens the run history of the project in a folder; `null` when there is no project. */
export function storeBeside(folder: string): (() => Store) | null {
  const file = join(folder, PROJECT_FILE);
  return existsSync(file) ? () => openProjectStore(loadProject(file, folder)) : null;
}

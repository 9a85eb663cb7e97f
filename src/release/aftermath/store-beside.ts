import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FILE } from "../../eval/project/find-project-file.js";
import type { Store } from "../../store/store.js";

/** Opens the run history of the project in a folder; `null` when there is no project. */
export function storeBeside(folder: string): (() => Promise<Store>) | null {
  const file = join(folder, PROJECT_FILE);
  if (!existsSync(file)) return null;
  return async () => {
    const { loadProject } = await import("../../eval/project/load-project.js");
    const { openProjectStore } = await import("../../eval/run/stored-run.js");
    return openProjectStore(loadProject(file, folder));
  };
}

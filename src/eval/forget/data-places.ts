import { join, relative, resolve } from "node:path";
import type { Project } from "../load-project.js";

/** Folder of everything that the runtime keeps, below the project's. */
export const DATA_FOLDER = ".agentctl";

/** Where texts of users may lie, relative to the data folder. */
export interface DataPlaces {
  readonly history: string;
  /** Folders of reports and exports. */
  readonly exports: readonly string[];
  /** Golden sets, which cases are saved to from a chat. */
  readonly datasets: readonly string[];
}

export function dataFolderOf(project: Project): string {
  return join(project.root, DATA_FOLDER);
}

export function placesOf({ root, config }: Project): DataPlaces {
  const shown = (path: string) => relative(join(root, DATA_FOLDER), resolve(root, path));
  return {
    history: shown(config.store),
    exports: [shown(config.reports)],
    datasets: [...new Set(Object.values(config.suites).map(({ dataset }) => shown(dataset)))],
  };
}

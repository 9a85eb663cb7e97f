import { dirname, relative, resolve } from "node:path";
import type { Project } from "../project/load-project.js";

/** Where texts of users may lie, relative to the data folder. */
export interface DataPlaces {
  /** Folder of the project: exports may have been written anywhere in it. */
  readonly project: string;
  readonly history: string;
  /** Folders of reports and exports. */
  readonly exports: readonly string[];
  /** Golden sets, which cases are saved to from a chat. */
  readonly datasets: readonly string[];
  /** Recordings that answer for a model, of whatever cases they are. */
  readonly recordings: readonly string[];
}

/** Folder of everything that the runtime keeps: that of the run history. */
export function dataFolderOf({ root, config }: Project): string {
  return dirname(resolve(root, config.store));
}

export function placesOf(project: Project): DataPlaces {
  const { root, config } = project;
  const shown = (path: string) => relative(dataFolderOf(project), resolve(root, path));
  return {
    project: shown("."),
    history: shown(config.store),
    exports: [shown(config.reports)],
    datasets: [...new Set(Object.values(config.suites).map(({ dataset }) => shown(dataset)))],
    recordings: Object.values(config.suites).flatMap(({ recording = "" }) =>
      recording.endsWith(".jsonl") ? [shown(recording)] : [],
    ),
  };
}

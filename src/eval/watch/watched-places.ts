import { dirname, resolve } from "node:path";
import type { EvalFlags } from "../eval-flags.js";
import { findSuite, loadProject } from "../project/load-project.js";
import { isMetricFile } from "../score/load-metric-file.js";
import { moduleFiles } from "./module-files.js";
import { type NamedPlace, namedFiles } from "./named-files.js";

/** What a file is to a suite; it decides what a change of the file makes out of date. */
export type PlaceRole = "project" | "dataset" | "agent" | "metric" | "gates";

export interface WatchedPlace extends NamedPlace {
  readonly role: PlaceRole;
}

/**
 * The files that the results of a suite rest on, each once.
 *
 * @throws {ConfigError | UsageError} when the project file cannot be used
 */
export function watchedPlaces(
  flags: Pick<EvalFlags, "config" | "suite" | "dataset" | "agent" | "recording">,
  workingDirectory: string,
): readonly WatchedPlace[] {
  const project = loadProject(flags.config, workingDirectory);
  const { config, root } = findSuite(project, flags.suite);
  const within = (own: string | undefined, path: string) =>
    own === undefined ? resolve(root, path) : resolve(workingDirectory, own);
  const gates =
    config.gates === undefined ? resolve(project.root, project.config.gates) : resolve(root, config.gates);
  const metrics = (config.metrics ?? project.config.metrics)
    .filter(isMetricFile)
    .flatMap((file) => moduleFiles(resolve(config.metrics === undefined ? project.root : root, file)));
  const recording = flags.recording ?? config.recording;
  const file = (role: PlaceRole) => (path: string) => ({ path, isTree: false, role });
  const all: WatchedPlace[] = [
    file("project")(project.file),
    file("dataset")(within(flags.dataset, config.dataset)),
    ...metrics.map(file("metric")),
    ...namedFiles(gates).map((place) => ({ ...place, role: "gates" as const })),
    { path: resolve(project.root, "judges"), isTree: true, role: "gates" },
    ...namedFiles(within(flags.agent, config.agent)).map((place) => ({ ...place, role: "agent" as const })),
    ...(recording === undefined ? [] : [file("agent")(within(flags.recording, recording))]),
  ];
  const store = dirname(resolve(project.root, project.config.store));
  const byPath = new Map<string, WatchedPlace>();
  for (const place of all) {
    if (place.path !== store && !byPath.has(place.path)) byPath.set(place.path, place);
  }
  return [...byPath.values()];
}

import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { parseJudgeFile } from "../../config/judge/parse-judge-file.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { Project } from "../project/load-project.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";

/** A judge file that was read. */
export interface LoadedJudge {
  readonly config: JudgeConfig;
  /** Absolute path. */
  readonly path: string;
  /** As the user sees it, for messages. */
  readonly shown: string;
}

/**
 * Reads the judge that the user names: a path that ends in .yaml or .yml, or the name of a file in the project's `judges/`.
 *
 * @throws {UsageError} when there is no judge of this name
 * @throws {ConfigError} with every problem of the file
 */
export function loadJudgeFile(reference: string, project: Project, workingDirectory: string): LoadedJudge {
  const path = /\.ya?ml$/.test(reference)
    ? resolve(workingDirectory, reference)
    : namedJudge(reference, project);
  const shown = shownPath(path, workingDirectory);
  const text = readTextFile(path, shown, "a judge file", "`agentctl init` writes some to judges/");
  return { config: parseJudgeFile(text, shown), path, shown };
}

function namedJudge(name: string, project: Project): string {
  const folder = resolve(project.root, "judges");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /\.ya?ml$/.test(file)) : [];
  const names = files.map((file) => file.replace(/\.ya?ml$/, "")).sort();
  const found = files.find((file) => file.replace(/\.ya?ml$/, "") === name);
  if (found !== undefined) return resolve(folder, found);
  const known = names.length === 0 ? "; the folder has none" : ` (there are ${listNames(names)})`;
  throw new UsageError(
    `judge "${name}": expected a file judges/${name}.yaml${didYouMean(name, names)}${known}`,
    {
      nextStep: "name a file, or write one: docs/judges.md",
    },
  );
}

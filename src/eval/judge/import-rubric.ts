import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { Project } from "../project/load-project.js";
import { loadJudgeFile } from "./load-judge-file.js";

/** A rubric, by its judge file where the project has one. */
export interface ImportedRubric {
  readonly name: string;
  readonly config: JudgeConfig | null;
}

/**
 * The rubric that the user names: a path of a judge file, or a name, which may be that of a file in `judges/`.
 *
 * @throws {UsageError} without a name
 * @throws {ConfigError} with every problem of the file
 */
export function importedRubric(
  reference: string,
  project: Project,
  workingDirectory: string,
): ImportedRubric {
  if (reference.trim() === "") {
    throw new UsageError("--rubric: expected the name of a rubric, found none", {
      nextStep: "name it as the judge file does: docs/labels.md",
    });
  }
  const isPath = /\.ya?ml$/.test(reference);
  const files = [".yaml", ".yml"].map((extension) => resolve(project.root, "judges", reference + extension));
  if (!isPath && !files.some((file) => existsSync(file))) return { name: reference, config: null };
  const { config } = loadJudgeFile(reference, project, workingDirectory);
  return { name: config.name, config };
}

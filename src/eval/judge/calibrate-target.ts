import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Project } from "../project/load-project.js";
import { loadJudgeFile } from "./load-judge-file.js";

/** A judge that can be calibrated: one of a judge file, or one whose verdicts were imported. */
export interface CalibrationTarget {
  readonly judge: string;
  readonly judgeVersion: string;
  readonly rubric: string;
  /** `null` for an imported judge. */
  readonly config: JudgeConfig | null;
}

/**
 * Finds a judge by its file or, when there is no file of that name, by its imported verdicts. Of several imported versions
 * the newest counts.
 *
 * @throws {UsageError} when there is neither
 * @throws {ConfigError} with every problem of the file
 */
export function calibrationTarget(
  reference: string,
  project: Project,
  store: JudgementStore,
  workingDirectory: string,
): CalibrationTarget {
  if (/\.ya?ml$/.test(reference) || judgeFileOf(reference, project) !== null) {
    const { config } = loadJudgeFile(reference, project, workingDirectory);
    return {
      judge: config.name,
      judgeVersion: versionOfJudge(config),
      rubric: config.name,
      config,
    };
  }
  const known = store.judgesWithVerdicts();
  const newest = known
    .filter(({ judge }) => judge === reference)
    .reduce<(typeof known)[number] | null>(
      (best, one) => (best === null || Date.parse(one.lastAt) >= Date.parse(best.lastAt) ? one : best),
      null,
    );
  if (newest !== null) {
    return {
      judge: reference,
      judgeVersion: newest.judgeVersion,
      rubric: newest.rubric,
      config: null,
    };
  }
  const names = [...new Set(known.map(({ judge }) => judge))].sort();
  const found = names.length === 0 ? "; none has verdicts" : `; with verdicts: ${listNames(names)}`;
  throw new UsageError(
    `judge ${JSON.stringify(reference)}: expected a file judges/${reference}.yaml or a judge with imported verdicts${didYouMean(reference, names)}${found}`,
    { nextStep: "name one, write a judge file (docs/rubrics.md), or `agentctl import verdicts`" },
  );
}

/** Absolute path of the judge file of that name in the project; `null` without one. */
function judgeFileOf(name: string, project: Project): string | null {
  const paths = [".yaml", ".yml"].map((extension) => resolve(project.root, "judges", `${name}${extension}`));
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * The judge file of a rubric in the project, whose scale imported labels and verdicts keep to; `null` without one.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function rubricConfig(rubric: string, project: Project, workingDirectory: string): JudgeConfig | null {
  return judgeFileOf(rubric, project) === null
    ? null
    : loadJudgeFile(rubric, project, workingDirectory).config;
}

import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { MetricFacts } from "../../core/score.js";
import { judgeMetricFacts } from "../../judge/run/score-of-verdict.js";
import type { Project } from "../project/load-project.js";
import { loadJudgeFile } from "./load-judge-file.js";

/**
 * Metrics that the judge files of a project give.
 *
 * @throws {ConfigError} with every problem of the first file that cannot be used
 */
export function projectJudgeMetrics(project: Project, workingDirectory: string): readonly MetricFacts[] {
  const folder = resolve(project.root, "judges");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => judgeMetricFacts(loadJudgeFile(resolve(folder, file), project, workingDirectory).config));
}

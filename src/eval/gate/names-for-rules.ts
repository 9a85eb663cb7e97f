import type { GatesNames } from "../../config/gates/parse-gates-file.js";
import { metricOfJudge } from "../../config/judge/scale-categories.js";
import type { MetricFacts } from "../../core/score.js";
import { judgeMetrics } from "../../judge/claim-metrics.js";
import { metricByName, metricNames } from "../../metrics/registry.js";
import { projectJudgeMetrics } from "../judge/run-metrics.js";
import type { Project } from "../project/load-project.js";

/**
 * The metrics that gate rules may name: those of agentctl, of the project's judges, and of the run.
 *
 * @param text - of the gate file
 * @param own - metrics that the run has beside those of agentctl
 * @throws {ConfigError} when a rule names a judge and a judge file is wrong
 */
export function namesForRules(
  text: string,
  project: Project,
  workingDirectory: string,
  own: readonly MetricFacts[],
): Required<Pick<GatesNames, "metrics" | "unitOf" | "directionOf">> {
  // Rules for a judge must not keep runs from being judged that no judge has seen: they are inconclusive there. A judge
  // file that is wrong concerns only rules that name a judge.
  const judges = text.includes(metricOfJudge("")) ? projectJudgeMetrics(project, workingDirectory) : [];
  const custom = [...own, ...judges, ...judgeMetrics];
  const known = (name: string) => custom.find((metric) => metric.name === name) ?? metricByName(name);
  return {
    metrics: [...metricNames, ...custom.map((metric) => metric.name)],
    unitOf: (name) => known(name)?.unit,
    directionOf: (name) => known(name)?.direction,
  };
}

import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { JudgeEstimateReport } from "../../judge/correction/estimate-report.js";
import { loadProject, type Project } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { casesOfRun } from "../score/score-cases.js";
import { type CalibrationTarget, calibrationTarget } from "./calibrate-target.js";
import { correctedItems } from "./correct-items.js";
import { importedRubric } from "./import-rubric.js";
import { openProjectJudgements } from "./project-judgements.js";
import { trialItems } from "./run-items.js";

/** Flags of `agentctl judge estimate`. */
export interface EstimateFlags {
  readonly config?: string;
  readonly judge: string;
  readonly rubric?: string;
}

/**
 * `agentctl judge estimate`: the mean of a judge over a run, and the same corrected for the errors that labels show.
 *
 * @throws {UsageError} when there is no such run or judge, or an imported judge's rubric has no judge file
 * @throws {ConfigError} with every problem of a judge file
 * @throws {StoreError} when runs or judgements cannot be read
 */
export function estimateRun(
  reference: string,
  flags: EstimateFlags,
  workingDirectory: string,
): JudgeEstimateReport {
  const project = loadProject(flags.config, workingDirectory);
  const runs = openProjectStore(project);
  try {
    const run = requireRun(runs, reference);
    const source = trialItems(runs, run, casesOfRun(runs, run));
    const items = source.plan.flatMap((planned) => {
      const subject = source.subjectOf(planned);
      return "reason" in subject ? [] : [subject.item];
    });
    const store = openProjectJudgements(project);
    try {
      const target = calibrationTarget(flags.judge, project, store, workingDirectory);
      const config = configOf(target, project, workingDirectory);
      const { judge, judgeVersion } = target;
      const rubric = flags.rubric ?? target.rubric;
      const whose = { judge, judgeVersion, rubric, config, isImported: target.config === null };
      return { runId: run.id, judge, judgeVersion, rubric, ...correctedItems(items, whose, store) };
    } finally {
      store.close();
    }
  } finally {
    runs.close();
  }
}

function configOf(
  { config, rubric, judge }: CalibrationTarget,
  project: Project,
  workingDirectory: string,
): JudgeConfig {
  if (config !== null) return config;
  const ofRubric = importedRubric(rubric, project, workingDirectory).config;
  if (ofRubric !== null) return ofRubric;
  throw new UsageError(
    `judge ${judge}: expected a judge file for its rubric ${rubric}, which says what labels pass; found none`,
    { nextStep: `write judges/${rubric}.yaml with the scale of the labels` },
  );
}

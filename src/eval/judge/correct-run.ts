import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import { schemeOf, schemeOfRubric } from "../../judge/comparison/judge-scheme.js";
import { correctedEstimate } from "../../judge/correction/corrected-estimate.js";
import type { JudgeEstimateReport } from "../../judge/correction/estimate-report.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { loadProject, type Project } from "../load-project.js";
import { casesOfRun } from "../score-cases.js";
import { openProjectStore, requireRun } from "../stored-run.js";
import { type CalibrationTarget, calibrationTarget } from "./calibrate-target.js";
import { truthsOf } from "./compare-labels.js";
import { itemsToEstimate } from "./correct-items.js";
import { importedRubric } from "./import-rubric.js";
import { openProjectJudgements } from "./project-judgements.js";
import { trialItems } from "./run-items.js";

/** Flags of `agentctl judge estimate`. */
export interface EstimateFlags {
  readonly config?: string;
  readonly judge: string;
  readonly rubric?: string;
}

const LEVEL = 0.95;

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
      return { runId: run.id, ...estimateItems(items, target, config, flags, store) };
    } finally {
      store.close();
    }
  } finally {
    runs.close();
  }
}

function estimateItems(
  items: readonly string[],
  target: CalibrationTarget,
  config: JudgeConfig,
  flags: EstimateFlags,
  store: JudgementStore,
): Omit<JudgeEstimateReport, "runId"> {
  const { judge, judgeVersion } = target;
  const rubric = flags.rubric ?? target.rubric;
  const scheme = schemeOf(config);
  const reading = target.config === null ? schemeOfRubric(config) : scheme;
  const { truths } = truthsOf(store, rubric, scheme.rules.categories);
  const ofRun = new Set(items);
  const entries = store.verdicts(judge).filter((entry) => entry.judgeVersion === judgeVersion);
  const joined = itemsToEstimate(entries, truths, reading, {
    store,
    isOfRun: (item) => ofRun.has(firstOf(item)),
  });
  const judged = new Set(joined.run.map(({ item }) => firstOf(item)));
  return {
    judge,
    judgeVersion,
    rubric,
    notJudged: items.filter((item) => !judged.has(item)).length,
    ...correctedEstimate({ scale: config.scale, ...joined, minLabels: scheme.minLabels, level: LEVEL }),
  };
}

/** A pair of trials is named after both. */
function firstOf(item: string): string {
  return /^(.*?@[0-9a-f]{12}) vs /s.exec(item)?.[1] ?? item;
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

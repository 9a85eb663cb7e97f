import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { VerdictEntry } from "../../core/judgement.js";
import { compareJudges, type TwiceJudged } from "../../judge/comparison/compare-judges.js";
import type { ComparedJudge, JudgeComparisonReport } from "../../judge/comparison/comparison-report.js";
import {
  currentVerdicts,
  type JudgeScheme,
  schemeOf,
  schemeOfLabels,
  schemeOfRubric,
} from "../../judge/comparison/judge-scheme.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { loadProject } from "../project/load-project.js";
import { type CalibrationTarget, calibrationTarget } from "./calibrate-target.js";
import { truthsOf } from "./compare-labels.js";
import { itemTexts } from "./compare-texts.js";
import { importedRubric } from "./import-rubric.js";
import { openProjectJudgements } from "./project-judgements.js";

/** Flags of `agentctl judge compare`. */
export interface CompareJudgesFlags {
  readonly config?: string;
  readonly rubric?: string;
}

const LEVEL = 0.95;
const SEED = 1;

/**
 * `agentctl judge compare`: two judges on the same items against the same labels.
 *
 * @throws {UsageError} when there is no such judge, or the two have different rubrics or scales
 * @throws {ConfigError} with every problem of a judge file
 * @throws {StoreError} when the judgements cannot be read
 */
export function compareTwoJudges(
  references: readonly [first: string, second: string],
  flags: CompareJudgesFlags,
  workingDirectory: string,
): JudgeComparisonReport {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectJudgements(project);
  try {
    const [first, second] = references.map((reference) =>
      calibrationTarget(reference, project, store, workingDirectory),
    ) as [CalibrationTarget, CalibrationTarget];
    const rubric = rubricOf(first, second, flags.rubric);
    const ofRubric = importedRubric(rubric, project, workingDirectory).config;
    return compare(first, second, { rubric, ofRubric, store });
  } finally {
    store.close();
  }
}

interface LabelsOfRubric {
  readonly rubric: string;
  /** Judge file of the rubric; `null` without one. */
  readonly ofRubric: JudgeConfig | null;
  readonly store: JudgementStore;
}

function compare(
  first: CalibrationTarget,
  second: CalibrationTarget,
  { rubric, ofRubric, store }: LabelsOfRubric,
): JudgeComparisonReport {
  if (first.judge === second.judge && first.judgeVersion === second.judgeVersion) {
    throw new UsageError(`expected two judges, found ${first.judge} twice in the same version`, {
      nextStep: "give the second rubric a judge file of its own, or change the rubric of one of them",
    });
  }
  const votes = [first, second].map((target) => votesOf(target, store)) as [
    readonly VerdictEntry[],
    readonly VerdictEntry[],
  ];
  const seen = () => [
    ...truthsOf(store, rubric, null).truths.values(),
    ...votes.flat().flatMap(({ value }) => value ?? []),
  ];
  const scheme =
    commonScheme(first, second) ?? (ofRubric === null ? schemeOfLabels(seen()) : schemeOfRubric(ofRubric));
  const { categories } = scheme.rules;
  const { truths, ...left } = truthsOf(store, rubric, categories);
  const [firsts, seconds] = [
    currentVerdicts(votes[0], readingOf(first, categories)),
    currentVerdicts(votes[1], readingOf(second, categories)),
  ];
  const usable = (value: string | null | undefined) =>
    value !== null && value !== undefined && categories.includes(value) ? value : null;
  const both = [...truths].flatMap(([item, truth]): TwiceJudged[] =>
    firsts.has(item) && seconds.has(item)
      ? [{ item, truth, first: usable(firsts.get(item)?.value), second: usable(seconds.get(item)?.value) }]
      : [],
  );
  const only = (own: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...truths.keys()].filter((item) => own.has(item) && !other.has(item)).length;
  const rules = {
    categories,
    weights: scheme.weights,
    level: LEVEL,
    minLabels: scheme.minLabels,
    seed: SEED,
  };
  const compared = compareJudges(both, rules);
  const [onlyFirst, onlySecond] = [only(firsts, seconds), only(seconds, firsts)];
  return {
    rubric,
    judges: { first: judgeOf(first, firsts), second: judgeOf(second, seconds) },
    categories,
    weights: scheme.weights,
    level: LEVEL,
    minLabels: scheme.minLabels,
    items: {
      labelled: truths.size,
      onlyFirst,
      onlySecond,
      neither: truths.size - both.length - onlyFirst - onlySecond,
      ...left,
    },
    ...compared,
    changed: compared.changed.map((changed) => ({ ...changed, ...itemTexts(store, changed.item) })),
  };
}

/** An imported judge is read by its own votes, whatever the scale of the other judge says of votes. */
function readingOf({ config }: CalibrationTarget, categories: readonly string[]): JudgeScheme {
  return config === null ? schemeOfLabels(categories) : schemeOf(config);
}

function rubricOf(first: CalibrationTarget, second: CalibrationTarget, flag: string | undefined): string {
  if (flag !== undefined) return flag;
  if (first.rubric === second.rubric) return first.rubric;
  throw new UsageError(
    `expected the labels of one rubric, found judges of two: ${first.rubric} and ${second.rubric}`,
    { nextStep: "say whose labels count with --rubric" },
  );
}

/**
 * Two judge files need one scale; an imported judge is read by the scale of the other one's file. `null` when both are
 * imported.
 */
function commonScheme(first: CalibrationTarget, second: CalibrationTarget): JudgeScheme | null {
  const [one, other] = [first, second].flatMap(({ config }) => (config === null ? [] : [schemeOf(config)]));
  if (one === undefined) return null;
  const scale = ({ rules, weights }: JudgeScheme) => JSON.stringify([rules.categories, weights]);
  if (other !== undefined && scale(one) !== scale(other)) {
    const labelsOf = ({ rules, weights }: JudgeScheme) =>
      `${rules.categories.join(", ")} (weights ${weights})`;
    throw new UsageError(
      `expected two judges of one scale, found ${first.judge} with ${labelsOf(one)} and ${second.judge} with ${labelsOf(other)}`,
      { nextStep: "compare judges that give the same labels, with the same weights of kappa" },
    );
  }
  return one;
}

function votesOf({ judge, judgeVersion }: CalibrationTarget, store: JudgementStore): readonly VerdictEntry[] {
  return store.verdicts(judge).filter((vote) => vote.judgeVersion === judgeVersion);
}

function judgeOf(
  { judge, judgeVersion }: CalibrationTarget,
  verdicts: ReadonlyMap<string, unknown>,
): ComparedJudge {
  return { judge, judgeVersion, judged: verdicts.size };
}

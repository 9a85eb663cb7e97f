import { quoteShort } from "../../config/found-and-wanted.js";
import { CALIBRATION_DEFAULTS, type JudgeConfig } from "../../config/judge/judge-schema.js";
import { categoriesOf, kappaWeightsOf, metricOfJudge } from "../../config/judge/scale-categories.js";
import { UsageError } from "../../core/errors.js";
import type { LabelEntry, VerdictEntry } from "../../core/judgement.js";
import type { CalibrationRules } from "../../judge/calibration/calibration-report.js";
import type { VerdictChoice } from "../../judge/calibration/join-judgements.js";
import type { VerdictRules } from "../../judge/final-verdicts.js";
import { pairReader, tieOf } from "../../judge/pair-labels.js";
import { labelsOf } from "../../judge/rated-items.js";
import type { KappaWeights } from "../../stats/cohen-kappa.js";
import type { CalibrationTarget } from "./calibrate-target.js";

/** Flags of `agentctl judge calibrate`. */
export interface CalibrateFlags {
  readonly config?: string;
  readonly rubric?: string;
  readonly categories?: readonly string[];
  readonly weights?: KappaWeights;
  readonly floor?: number;
  readonly holdout?: boolean;
  readonly verdict?: VerdictChoice;
  readonly expiresDays?: number;
  readonly html?: string;
}

const LEVEL = 0.95;
/** More different labels are texts, not labels. */
const MOST_CATEGORIES = 100;

/** How a judge is measured, and how its votes become verdicts. */
export interface CalibrationPlan {
  readonly rules: CalibrationRules;
  readonly verdictRules: VerdictRules;
  /** Votes that make one judgement; `null`: all. */
  readonly votes: number | null;
}

/**
 * The rules of the judge file; for an imported judge those of the file of its rubric, else the flags and the labels seen.
 *
 * @param rubricOf - judge file of an imported judge's rubric
 * @throws {UsageError} for flags that do not fit the judge
 */
export function calibrationPlan(
  target: CalibrationTarget,
  flags: CalibrateFlags,
  seen: { readonly labels: readonly LabelEntry[]; readonly votes: readonly VerdictEntry[] },
  rubricOf: JudgeConfig | null = null,
): CalibrationPlan {
  const { config } = target;
  const rubric = flags.rubric ?? target.rubric;
  const source = config ?? rubricOf;
  if (config !== null && flags.categories !== undefined) {
    throw new UsageError("--categories is for imported judges: the scale of the judge file says the labels");
  }
  const declared = declaredCategories(source, flags, seen);
  const isPair = source === null ? pairReader(declared) !== null : source.scale.kind === "pairwise";
  const asksBoth = config !== null && isPair && config.both_orders;
  const choice = flags.verdict ?? (asksBoth ? "combined" : "first");
  if (choice === "combined" && !isPair) {
    throw new UsageError(
      `--verdict combined: expected labels of a pair and \`tie\` if need be, found ${declared.join(", ")}`,
    );
  }
  const tie = tieOf(declared);
  const categories = choice === "combined" && !declared.includes(tie) ? [...declared, tie] : declared;
  const weights = flags.weights ?? (source === null ? "none" : kappaWeightsOf(source));
  const kind = source?.scale.kind;
  const declaredCalibration = source?.calibration ?? CALIBRATION_DEFAULTS;
  const { floor, min_labels: minLabels, expires_days: expiresDays } = declaredCalibration;
  return {
    rules: {
      judge: target.judge,
      judgeVersion: target.judgeVersion,
      kind: config === null ? "imported" : "file",
      rubric,
      metric: metricOfJudge(config === null ? rubric : target.judge),
      model: config?.model === undefined ? null : `${config.model.provider}/${config.model.name}`,
      categories,
      isOrdered: kind === undefined ? weights !== "none" : ["binary", "ordinal", "claims"].includes(kind),
      weights,
      choice,
      onlyHoldout: flags.holdout ?? false,
      floor: flags.floor ?? floor,
      minLabels,
      expiresDays: flags.expiresDays ?? expiresDays,
      level: LEVEL,
    },
    verdictRules: {
      aggregation: config?.aggregation ?? "majority",
      categories,
      flipIs: choice === "combined" ? tie : null,
    },
    votes: config?.votes ?? null,
  };
}

function declaredCategories(
  source: JudgeConfig | null,
  { categories }: CalibrateFlags,
  { labels, votes }: Parameters<typeof calibrationPlan>[2],
): readonly string[] {
  const given = categories ?? (source === null ? seenLabels(labels, votes) : categoriesOf(source.scale));
  const twice = given.find((category, index) => given.indexOf(category) !== index);
  if (twice !== undefined) {
    throw new UsageError(`--categories names ${quoteShort(twice)} twice; name each category once`);
  }
  if (given.length > MOST_CATEGORIES) {
    throw new UsageError(
      `found ${given.length} different labels, expected at most ${MOST_CATEGORIES}; name those that count with --categories`,
    );
  }
  return given;
}

function seenLabels(labels: readonly LabelEntry[], votes: readonly VerdictEntry[]): readonly string[] {
  return labelsOf(
    [...labels, ...votes].map(({ value }) => ({ group: [], a: value, b: undefined, swapped: undefined })),
  );
}

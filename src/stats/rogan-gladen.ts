import { normalUpperQuantile } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireLevel } from "./validate.js";

/** A judge's verdicts on many items, and how often it was right on the labelled ones. */
export interface RoganGladenInput {
  /** Items that the judge called positive, of `n`. */
  readonly positives: number;
  /** Items that the judge gave a verdict on, other ones than the labelled items below. */
  readonly n: number;
  /** Labelled items that people and the judge called positive. */
  readonly truePositives: number;
  /** Labelled items that people called positive. */
  readonly conditionPositives: number;
  /** Labelled items that people and the judge called negative. */
  readonly trueNegatives: number;
  /** Labelled items that people called negative. */
  readonly conditionNegatives: number;
  /** Confidence in (0, 1), default 0.95. */
  readonly level?: number;
}

/** A share of positives, corrected for the judge's errors. `null`: not defined for this data. */
export interface RoganGladen {
  /** Share that the judge called positive, in [0, 1]. */
  readonly raw: number | null;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  /** Corrected share, clipped to [0, 1]. */
  readonly corrected: number | null;
  /** The same before clipping: outside [0, 1] by chance, or because the judge errs otherwise on these items. */
  readonly unclipped: number | null;
  /** Confidence limits, in [0, 1], that hold the uncertainty of all three shares. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly method: "lang-reiczigel";
  /** Why there is no corrected share, or none with an interval; `null` when there are both. */
  readonly reason: string | null;
}

/**
 * Share of positives corrected by the judge's measured sensitivity and specificity (Rogan and Gladen), with the
 * interval of Lang and Reiczigel: the three samples are independent, their shares are pulled towards a half, and the
 * uncertainty of all three is in it. Chosen over the plain delta interval, which knows of no error that ten labels
 * did not show: simulated at 95 % with ten labels of each class, sensitivity and specificity 0.95 and a share of 0.1,
 * that one held the truth 43 times in 100 and this one 99.
 *
 * @returns `corrected` and limits `null` with a reason without items or labels of either class, and when the judge is
 *   no better than a coin (sensitivity + specificity at most 1: its verdicts say nothing about the share). Limits alone
 *   `null` with a reason when the whole interval lies outside [0, 1]: the judge then errs otherwise here than on the
 *   labelled items, and an interval of no width at the edge would be a lie
 * @throws {StatisticsError} if a number is no count, a part is above its whole, or the level is outside (0, 1)
 * @see Rogan and Gladen 1978, Am J Epidemiol 107(1):71; Lang and Reiczigel 2014, Prev Vet Med 113(1):13
 */
export function roganGladen(input: RoganGladenInput): RoganGladen {
  const { positives, n, truePositives, conditionPositives, trueNegatives, conditionNegatives } = input;
  const level = input.level ?? 0.95;
  requireLevel(level);
  requirePart("positives", positives, "n", n);
  requirePart("truePositives", truePositives, "conditionPositives", conditionPositives);
  requirePart("trueNegatives", trueNegatives, "conditionNegatives", conditionNegatives);
  const raw = n === 0 ? null : positives / n;
  const sensitivity = conditionPositives === 0 ? null : truePositives / conditionPositives;
  const specificity = conditionNegatives === 0 ? null : trueNegatives / conditionNegatives;
  const shares = { raw, sensitivity, specificity, method: "lang-reiczigel" } as const;
  const none = (reason: string, unclipped: number | null = null): RoganGladen => ({
    ...shares,
    corrected: unclipped === null ? null : clip(unclipped),
    unclipped,
    lower: null,
    upper: null,
    reason,
  });
  if (raw === null) return none("the judge gave no verdict");
  if (sensitivity === null) return none("no labelled item is positive: sensitivity is not known");
  if (specificity === null) return none("no labelled item is negative: specificity is not known");
  // Whole numbers, so that a judge at exactly 1 is not let through by rounding.
  const gain = truePositives * conditionNegatives - (conditionNegatives - trueNegatives) * conditionPositives;
  if (gain <= 0) {
    return none("sensitivity + specificity is at most 1: the judge is no better than a coin");
  }
  const excess = positives * conditionNegatives - (conditionNegatives - trueNegatives) * n;
  const unclipped = (conditionPositives * excess) / (n * gain);
  const limits = langReiczigel(input, level);
  if (limits === null) return none("too few labels to tell the judge from a coin", unclipped);
  if (limits.upper < 0) {
    return none("the judge calls fewer items positive than its measured errors alone would", unclipped);
  }
  if (limits.lower > 1) {
    return none("the judge calls more items positive than its measured sensitivity allows", unclipped);
  }
  const [lower, upper] = [clip(limits.lower), clip(limits.upper)];
  return { ...shares, corrected: clip(unclipped), unclipped, lower, upper, reason: null };
}

function langReiczigel(input: RoganGladenInput, level: number) {
  const z = normalUpperQuantile((1 - level) / 2);
  const apparent = shrunk(input.positives, input.n, (z * z) / 2);
  const sensitivity = shrunk(input.truePositives, input.conditionPositives, 1);
  const specificity = shrunk(input.trueNegatives, input.conditionNegatives, 1);
  const gain = sensitivity.share + specificity.share - 1;
  // The pull can bring a judge that was just above a coin down to it.
  if (gain <= 1e-12) return null;
  const centre = (apparent.share + specificity.share - 1) / gain;
  const ofSensitivity = centre * sensitivity.variance;
  const ofSpecificity = (1 - centre) * specificity.variance;
  const shift = 2 * z * z * (ofSensitivity - ofSpecificity);
  const variance = apparent.variance + centre * ofSensitivity + (1 - centre) * ofSpecificity;
  const half = (z * Math.sqrt(variance)) / gain;
  return { lower: centre + shift - half, upper: centre + shift + half };
}

/** A share after adding `each` successes and as many failures, and its variance. */
function shrunk(successes: number, trials: number, each: number) {
  const share = (successes + each) / (trials + 2 * each);
  return { share, variance: (share * (1 - share)) / (trials + 2 * each) };
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function requirePart(name: string, part: number, wholeName: string, whole: number): void {
  requireCount(name, part);
  requireCount(wholeName, whole);
  if (part > whole)
    throw new StatisticsError(`expected ${name} of at most ${wholeName} = ${whole}, found ${part}`);
}

import type { TestResult } from "../../comparison/comparison.js";
import type { Direction, Verdict } from "../../core/score.js";
import type { GateResult } from "../gate-report.js";
import {
  type BaselineDifference,
  gainOf,
  measuredSentence,
  moreCases,
  shownDifference,
  worsenedCases,
} from "./baseline-difference.js";
import type { Contrast } from "./contrast.js";
import { formatMargin } from "./margin.js";

/** Rounding of a sum must not move a limit over a margin that it equals. */
const ROUNDING = 1e-12;

/** The difference, in the unit of the contrast, that is a loss of the margin. */
export function lossOf(margin: number, direction: Direction): number {
  return direction === "higher" ? -margin : margin;
}

/**
 * Non-inferiority: `pass` when the (1 - 2·alpha) interval excludes a loss of the margin or more, `fail` when it holds only
 * larger losses, else `inconclusive`; without the limit that would decide, too.
 *
 * @param margin - at least 0, in the unit of the contrast
 * @param alpha - one-sided, in (0, 0.5)
 */
export function verdictOnLoss(
  contrast: Pick<Contrast, "limitsAt">,
  direction: Direction,
  margin: number,
  alpha: number,
): Exclude<Verdict, "error"> {
  const { lower, upper } = gainOf(contrast.limitsAt(1 - 2 * alpha), direction);
  const slack = ROUNDING * Math.max(1, margin);
  if (lower !== null && lower > -margin + slack) return "pass";
  return upper !== null && upper < -margin - slack ? "fail" : "inconclusive";
}

/** One-sided p that the loss is less than the margin (`none`), and that it is more (`harm`). */
function lossTests(
  contrast: Contrast,
  direction: Direction,
  margin: number,
): { readonly none: number | null; readonly harm: number | null } {
  const loss = lossOf(margin, direction);
  const [good, bad] = direction === "higher" ? (["above", "below"] as const) : (["below", "above"] as const);
  return { none: contrast.pBeyond(loss, good), harm: contrast.pBeyond(loss, bad) };
}

/** The parts of a result that follow from a verdict on a loss. */
export function judgedLoss(
  found: BaselineDifference,
  margin: number,
  alpha: number,
): Pick<GateResult, "difference" | "verdict" | "reason" | "toSettle" | "cases"> {
  const { contrast, compared, scale } = found;
  const { direction } = compared.metric;
  const verdict = verdictOnLoss(contrast, direction, margin, alpha);
  const level = 1 - 2 * alpha;
  const { none, harm } = lossTests(contrast, direction, margin);
  const test: TestResult | null =
    none === null
      ? null
      : { name: `non-inferiority (${contrast.method})`, statistics: { pOfHarm: harm }, p: none };
  const toSettle = verdict === "inconclusive" ? moreCases(found, lossOf(margin, direction), alpha) : null;
  const limit = formatMargin(margin, scale);
  const conclusion =
    verdict === "pass"
      ? `a loss of ${limit} or more is excluded`
      : verdict === "fail"
        ? `the loss is more than ${limit}`
        : openEnd(contrast, level, limit, toSettle);
  return {
    difference: shownDifference(found, level, margin, test),
    verdict,
    reason: `${measuredSentence(found, level, margin)}; ${conclusion}.`,
    toSettle,
    cases: verdict === "pass" ? [] : worsenedCases(found),
  };
}

/** Why nothing is decided, and what would decide it. */
export function openEnd(contrast: Contrast, level: number, limit: string, toSettle: string | null): string {
  const { lower, upper } = contrast.limitsAt(level);
  const what =
    lower === null && upper === null
      ? `there is no interval: ${contrast.reason ?? "too little evidence"}`
      : `more and less than ${limit} are both possible`;
  return toSettle === null
    ? `${what}, and how many more cases would settle it cannot be said`
    : `${what}; ${toSettle} in the same proportions would settle it`;
}

/**
 * What non-inferiority asks, in words.
 *
 * @param limit - the margin in words
 */
export function requiredOf(limit: string, direction: Direction, reference: string, alpha: number): string {
  const side = direction === "higher" ? "below" : "above";
  return `less than ${limit} ${side} ${reference}, with ${Number(((1 - alpha) * 100).toPrecision(6))} % confidence`;
}

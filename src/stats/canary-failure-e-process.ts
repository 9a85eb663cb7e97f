import { StatisticsError } from "./statistics-error.js";
import { requireLevel } from "./validate.js";

/** One failed request: who served it, and how traffic was split at that moment. */
export interface ArmFailure {
  readonly arm: "canary" | "baseline";
  /** The canary's share of traffic when it happened, in (0, 1); known before the request was routed. */
  readonly share: number;
}

/** Running evidence that a canary fails more often than its baseline. */
export interface CanaryFailureEvidence {
  /** E-value after the last failure; 1 without failures. Capped at the largest double. */
  readonly final: number;
  /** Largest e-value so far, at least 1: the evidence before any failure. */
  readonly maximum: number;
  /** Natural logarithm of `final`. */
  readonly logFinal: number;
  /** 0-based failure at which the e-value first reached 1/alpha: roll back. `null` if it never did. */
  readonly rejectedAt: number | null;
}

/**
 * Canary against baseline by their failures alone. If both fail alike, each failure is the canary's with
 * probability `share`; at risk ratio ρ it is sρ/(sρ + 1 - s). The likelihood ratios are averaged over several ρ.
 * Valid at every moment while assignment is random; the share may change from step to step. It needs no request
 * counts, and no failure is no evidence: a promotion also needs bake time and a minimum of requests.
 *
 * @param failures - in the order in which they happened
 * @param options.riskRatios - each ρ, positive; default 1.5, 2 and 4
 * @param options.alpha - tolerated probability of ever rejecting a good canary, default 0.05
 * @throws {StatisticsError} if a share lies outside (0, 1), an arm is unknown, or an option is out of range
 */
export function canaryFailureEProcess(
  failures: readonly ArmFailure[],
  options: { readonly riskRatios?: readonly number[]; readonly alpha?: number } = {},
): CanaryFailureEvidence {
  const { riskRatios = [1.5, 2, 4], alpha = 0.05 } = options;
  requireLevel(alpha);
  if (riskRatios.length === 0 || !riskRatios.every((ratio) => ratio > 0 && Number.isFinite(ratio))) {
    throw new StatisticsError(`expected positive risk ratios, found [${riskRatios.join(", ")}]`);
  }
  let logs = riskRatios.map(() => 0);
  let logFinal = 0;
  let logMaximum = 0;
  let rejectedAt: number | null = null;
  for (const [index, failure] of failures.entries()) {
    requireFailure(failure, index);
    logs = logs.map((log, at) => log + logLikelihoodRatio(failure, riskRatios[at] ?? 1));
    logFinal = logMeanExp(logs);
    logMaximum = Math.max(logMaximum, logFinal);
    if (rejectedAt === null && logFinal >= -Math.log(alpha)) rejectedAt = index;
  }
  return { final: cappedExp(logFinal), maximum: cappedExp(logMaximum), logFinal, rejectedAt };
}

function requireFailure({ arm, share }: ArmFailure, index: number): void {
  if (arm !== "canary" && arm !== "baseline") {
    throw new StatisticsError(`expected failures[${index}] on arm canary or baseline, found ${String(arm)}`);
  }
  if (!(share > 0 && share < 1)) {
    throw new StatisticsError(`expected a share between 0 and 1 for failures[${index}], found ${share}`);
  }
}

/** log of q/s for the canary or (1 - q)/(1 - s) for the baseline, with q = sρ/(sρ + 1 - s). */
function logLikelihoodRatio({ arm, share }: ArmFailure, ratio: number): number {
  const total = Math.log1p(share * (ratio - 1));
  return arm === "canary" ? Math.log(ratio) - total : -total;
}

function logMeanExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
}

function cappedExp(log: number): number {
  return Math.min(Number.MAX_VALUE, Math.exp(log));
}

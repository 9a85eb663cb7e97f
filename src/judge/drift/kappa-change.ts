import { cohenKappa } from "../../stats/cohen-kappa.js";
import { normalUpperQuantile, normalUpperTail } from "../../stats/normal.js";
import { kappaGain } from "../comparison/compare-judges.js";
import type { JudgeScheme } from "../comparison/judge-scheme.js";
import type { ChangedAnchor, KappaChange } from "./drift-report.js";

interface Verdict {
  readonly item: string;
  readonly value: string;
}

interface KappaChangeOptions {
  readonly truths: ReadonlyMap<string, string>;
  readonly scheme: JudgeScheme;
  readonly level: number;
  readonly seed: number;
}

/**
 * How the judge's kappa with people changed: by a paired bootstrap over the labelled items that were judged in both
 * periods, else over different items, whose kappas are independent. `null` when neither has enough labels, or when
 * kappa is not defined.
 *
 * @param both - anchors that were judged in both periods
 */
export function kappaChange(
  last: readonly Verdict[],
  current: readonly Verdict[],
  both: readonly ChangedAnchor[],
  options: KappaChangeOptions,
): KappaChange | null {
  const labelled = both.filter(({ item }) => options.truths.has(item));
  if (labelled.length >= options.scheme.minLabels) return paired(labelled, options);
  // Items that both periods share are not independent, whether or not they are anchors.
  const apart = (verdicts: readonly Verdict[], others: readonly Verdict[]) => {
    const known = new Set(others.map(({ item }) => item));
    return verdicts.filter(({ item }) => !known.has(item));
  };
  return independent(apart(last, current), apart(current, last), options);
}

function paired(
  items: readonly ChangedAnchor[],
  { truths, scheme, level, seed }: KappaChangeOptions,
): KappaChange | null {
  const { estimate, lower, upper, p } = kappaGain(
    items.map(({ item }) => truths.get(item) ?? ""),
    items.map(({ last }) => last),
    items.map(({ current }) => current),
    { categories: scheme.rules.categories, weights: scheme.weights, level, seed },
  );
  if (estimate === null) return null;
  return {
    method: "paired",
    last: items.length,
    current: items.length,
    difference: estimate,
    lower,
    upper,
    p,
  };
}

function independent(
  last: readonly Verdict[],
  current: readonly Verdict[],
  options: KappaChangeOptions,
): KappaChange | null {
  const [before, now] = [kappaOf(last, options), kappaOf(current, options)];
  const fewest = Math.min(before.n, now.n);
  if (fewest < options.scheme.minLabels) return null;
  if (before.kappa === null || before.se === null || now.kappa === null || now.se === null) return null;
  const difference = now.kappa - before.kappa;
  const se = Math.hypot(before.se, now.se);
  const half = normalUpperQuantile((1 - options.level) / 2) * se;
  return {
    method: "independent",
    last: before.n,
    current: now.n,
    difference,
    lower: Math.max(-2, difference - half),
    upper: Math.min(2, difference + half),
    // Two perfect weeks differ by nothing; any other difference without an error cannot be tested.
    p: se > 0 ? Math.min(1, 2 * normalUpperTail(Math.abs(difference) / se)) : difference === 0 ? 1 : null,
  };
}

function kappaOf(verdicts: readonly Verdict[], { truths, scheme, level }: KappaChangeOptions) {
  const labelled = verdicts.filter(({ item }) => truths.has(item));
  return cohenKappa(
    labelled.map(({ item }) => truths.get(item) ?? ""),
    labelled.map(({ value }) => value),
    { categories: scheme.rules.categories, weights: scheme.weights, level },
  );
}

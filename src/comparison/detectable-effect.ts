import { mdeMcnemar } from "../stats/mde-mcnemar.js";
import { mdeTwoProportions } from "../stats/mde-two-proportions.js";
import { designQuantiles, type TestDesign } from "../stats/test-design.js";
import type { CaseValues } from "./case-values.js";
import type { Change } from "./compare-means.js";
import type { Design, DetectableEffect } from "./comparison.js";
import { TANGO_CLUSTERS } from "./rate-limits.js";

const POWER = 0.8;
const HALVINGS = 50;

/**
 * The least drop of a rate that a comparison of this size would show, two-sided as its verdicts are, with power 80 %.
 *
 * - paired outcomes: McNemar with as many discordant cases as were seen, or the fewest with which any drop shows;
 * - several trials or groups: from the standard error that the interval implies;
 * - different cases: two proportions at the baseline's rate.
 */
export function detectableEffect(
  change: Change,
  before: CaseValues,
  design: Design,
  level: number,
): DetectableEffect | null {
  const plan: TestDesign = { alpha: 1 - level, power: POWER, sides: 2 };
  const { n, value, lower, upper, clusters } = change.difference;
  if (n === 0) return null;
  if (change.pairs !== null && change.difference.method === "tango") {
    const seen = (change.pairs.lost + change.pairs.won) / n;
    const found = pairedDrop(seen, n, plan);
    return effectOf(found?.drop ?? null, found?.discordantRate ?? seen, n, "cases");
  }
  if (value !== null && change.difference.method === TANGO_CLUSTERS) {
    const found = pairedDrop(Math.abs(value), clusters, plan);
    return effectOf(found?.drop ?? null, found?.discordantRate ?? 0, clusters, "clusters");
  }
  if (design.kind === "unpaired" && change.difference.method === "newcombe") {
    const rates = [...before.values()].map(({ sum, count }) => sum / count);
    const rate = rates.reduce((sum, one) => sum + one, 0) / rates.length;
    const groups = new Set([...before.values()].map(({ group }) => group)).size;
    const size = Math.min(groups, clusters - groups);
    const noun = size < n ? "clusters a run" : "cases a run";
    return effectOf(mdeTwoProportions(rate, size, plan), 0, size, noun);
  }
  if (value === null || lower === null || upper === null) return null;
  const { za, zb } = designQuantiles(plan);
  const { za: half } = designQuantiles({ alpha: 1 - level, sides: 2 });
  const drop = (za + zb) * ((change.halfWidth ?? (upper - lower) / 2) / half);
  return effectOf(drop > 1 || drop === 0 ? null : drop, 0, clusters, "clusters");
}

/** With few discordant cases no drop would show: then as many are assumed as the smallest visible drop needs. */
function pairedDrop(
  seen: number,
  n: number,
  plan: TestDesign,
): { readonly drop: number; readonly discordantRate: number } | null {
  const at = (rate: number) => mdeMcnemar(rate, n, plan);
  const drop = at(seen);
  if (drop !== null) return { drop, discordantRate: seen };
  if (at(1) === null) return null;
  let [none, some] = [seen, 1];
  for (let round = 0; round < HALVINGS; round += 1) {
    const middle = (none + some) / 2;
    if (at(middle) === null) none = middle;
    else some = middle;
  }
  return { drop: at(some) ?? 1, discordantRate: some };
}

function effectOf(drop: number | null, discordantRate: number, n: number, noun: string): DetectableEffect {
  const size = `with ${n} ${n === 1 ? noun.replace(/s$/, "") : noun}`;
  const sentence =
    drop === null
      ? `${size} no drop would be seen, however large`
      : `${size} you can see a drop of ${Number((drop * 100).toPrecision(2))} points (power 80 %)`;
  return { drop, discordantRate, sentence };
}

import { wilson } from "../../stats/wilson.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, sampleOf, whyUnscored } from "../sample.js";
import { scored } from "../scores.js";

/**
 * Share of all trials that infrastructure broke. Unlike scores, such failures are taken as independent of the
 * case, so every trial counts for itself.
 */
export const errorRate = runMetric(
  {
    name: "error_rate",
    layer: "operations",
    unit: "proportion",
    direction: "lower",
    description:
      "Share of trials that could not run because infrastructure failed (provider, network, store).",
    needs: ["a trial"],
    source: "Wilson 1927, over trials",
    range: "0 to 1",
    rules: { empty: "A run without trials: no estimate.", refusal: null, unsupportedClaim: null },
    agreesWith: "Inspect AI counts sample errors alike; promptfoo adds errors to failures",
  },
  (rows, level) => {
    const sample = sampleOf(rows, (row) => scored(row.status === "error" ? 1 : 0), { withErrors: true });
    const errors = sample.values.reduce((sum, value) => sum + value, 0);
    const { estimate, lower, upper } = wilson(errors, sample.values.length, level);
    const limits = { value: estimate, lower, upper, method: "wilson", clusters: new Set(sample.groups).size };
    const reason = whyUnscored(sample.unscored);
    return estimateOf(estimate === null ? { ...limits, reason } : limits, sample, level);
  },
);

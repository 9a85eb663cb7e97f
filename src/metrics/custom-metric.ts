import { z } from "zod";
import type { Score } from "../core/score.js";
import { caseMetric } from "./case-metric.js";
import type { CaseMetric, ScoredInput } from "./metric.js";
import { scored, unscored } from "./scores.js";

/**
 * A metric of a project: what the default export of a metric file holds. `score` gives a number, or `null` when the
 * trial has no score, or an object with `value` and `detail` or `reason`.
 */
const customMetricSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, "expected lower-case words joined by `_` and `.`"),
  description: z.string().min(1),
  layer: z.enum(["retrieval", "generation", "agent", "operations", "safety"]).default("generation"),
  unit: z.enum(["proportion", "ms", "usd", "count", "tokens", "score"]),
  direction: z.enum(["higher", "lower"]),
  aggregate: z.enum(["proportion", "mean", "sum"]).default("mean"),
  score: z.custom<(input: ScoredInput) => unknown>((value) => typeof value === "function", {
    message: "expected a function ({ goldenCase, trial, trace }) => number | null",
  }),
});

/** What a metric file exports by default. */
export type CustomMetric = z.input<typeof customMetricSchema>;

/**
 * Makes a metric of what a metric file exports. A score that throws, or is no finite number, is no score: the reason
 * says why, and the run goes on.
 */
export function customMetric(
  exported: unknown,
): { readonly metric: CaseMetric } | { readonly problems: readonly string[] } {
  const parsed = customMetricSchema.safeParse(exported);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(({ path, message }) => {
        const place = path.length === 0 ? "default export" : `"${path.join(".")}"`;
        return `${place}: ${message}`;
      }),
    };
  }
  const { score, ...facts } = parsed.data;
  const metric = caseMetric({
    ...facts,
    needs: [],
    source: "the project's own",
    range: "as its file says",
    rules: { empty: "as its file says", refusal: null, unsupportedClaim: null },
    agreesWith: "no peer",
    score: (input) => {
      try {
        return scoreOf(score(input));
      } catch (error) {
        return unscored(`the metric threw: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  });
  return { metric };
}

function scoreOf(given: unknown): Score {
  if (typeof given === "number") return scored(given);
  if (typeof given === "boolean") return scored(given ? 1 : 0);
  if (given === null || given === undefined) return unscored("the metric gives this trial no score");
  if (typeof given === "object" && "value" in given) {
    const text = (key: "detail" | "reason") => {
      const value = (given as Record<string, unknown>)[key];
      return typeof value === "string" ? value : undefined;
    };
    if (typeof given.value === "number") return scored(given.value, text("detail"));
    if (given.value === null) return unscored(text("reason") ?? "the metric gives this trial no score");
  }
  return unscored(`the metric gave ${typeof given}, expected a number or null`);
}

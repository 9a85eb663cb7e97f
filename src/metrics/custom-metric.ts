import { z } from "zod";
import type { Aggregate, Direction, MetricLayer, MetricUnit, Score } from "../core/score.js";
import { caseMetric } from "./case-metric.js";
import type { CaseMetric, ScoredInput } from "./metric.js";
import { scored, unscored } from "./scores.js";

/** What `score` of a {@link CustomMetric} may give. */
export type CustomScore =
  | number
  | boolean
  | null
  | undefined
  | { readonly value: number; readonly detail?: string }
  | { readonly value: null; readonly reason?: string };

/** A metric of a project: the default export of a metric file. */
export interface CustomMetric {
  /** Lower-case words joined by `_` and `.`, as gates.yaml names it; not that of another metric, nor `judge.…`. */
  readonly name: string;
  /** One sentence: what the number means. */
  readonly description: string;
  /** Default: `generation`. */
  readonly layer?: MetricLayer;
  /** `proportion` and `score` lie in [0, 1]; the others are 0 or more. */
  readonly unit: MetricUnit;
  readonly direction: Direction;
  /** How scores become an estimate; default: `mean`. `proportion` wants scores of 0 and 1. */
  readonly aggregate?: Aggregate;
  /**
   * Scores one trial, at once and from what it is given alone. `true` is 1, `false` is 0; `null` means that the
   * trial has no score. It is not asked about trials that infrastructure broke.
   */
  readonly score: (input: ScoredInput) => CustomScore;
}

const customMetricSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, "expected lower-case words joined by `_` and `.`")
    .refine((name) => !name.startsWith("judge."), "names that begin with `judge.` are those of judges"),
  description: z.string().min(1, "expected a sentence"),
  layer: z.enum(["retrieval", "generation", "agent", "operations", "safety"]).default("generation"),
  unit: z.enum(["proportion", "ms", "usd", "count", "tokens", "score", "rating"]),
  direction: z.enum(["higher", "lower"]),
  aggregate: z.enum(["proportion", "mean", "sum"]).default("mean"),
  score: z.custom<CustomMetric["score"]>((value) => typeof value === "function", {
    message: "expected a function ({ goldenCase, trial, trace }) => number | null",
  }),
});

/** Reasons are counted in reports: a long one is cut. */
const MOST_REASON_LETTERS = 160;

/**
 * Makes a metric of what a metric file exports. A score that throws, or is no number in the range of its unit, is no
 * score: the reason says why, and the run goes on.
 */
export function customMetric(
  exported: unknown,
): { readonly metric: CaseMetric } | { readonly problems: readonly string[] } {
  const parsed = customMetricSchema.safeParse(exported);
  if (!parsed.success) return { problems: parsed.error.issues.map(problemOf) };
  const { score, ...facts } = parsed.data;
  const range = rangeOf(facts);
  const metric = caseMetric({
    ...facts,
    needs: [],
    source: "the project's own",
    range: range.name,
    rules: { empty: "As its file says; `null` is no score.", refusal: null, unsupportedClaim: null },
    agreesWith: "no peer",
    score: (input) => {
      try {
        return within(range, scoreOf(score(input)));
      } catch (error) {
        return unscored(
          shorten(`the metric threw: ${error instanceof Error ? error.message : String(error)}`),
        );
      }
    },
  });
  return { metric };
}

function problemOf({ code, path, message, ...issue }: z.core.$ZodIssue): string {
  if (code === "unrecognized_keys" && "keys" in issue) {
    return `unknown field ${(issue.keys as string[]).map((key) => `"${key}"`).join(", ")}`;
  }
  return path.length === 0
    ? `expected the default export to be an object with name, description, unit, direction and score: ${message}`
    : `"${path.join(".")}": ${message}`;
}

interface Range {
  readonly name: string;
  readonly holds: (value: number) => boolean;
}

/** Gates refuse thresholds outside the range of a unit, and intervals of shares are cut to [0, 1]. */
function rangeOf({ unit, aggregate }: Pick<CaseMetric, "unit" | "aggregate">): Range {
  if (aggregate === "proportion") return { name: "0 or 1", holds: (value) => value === 0 || value === 1 };
  if (aggregate === "mean" && (unit === "proportion" || unit === "score")) {
    return { name: "0 to 1", holds: (value) => value >= 0 && value <= 1 };
  }
  if (unit === "rating") return { name: "a number", holds: () => true };
  return { name: "0 and up", holds: (value) => value >= 0 };
}

const NOT_FINITE = "the metric gave no finite number";

function within({ name, holds }: Range, score: Score): Score {
  if (score.value === null || holds(score.value)) return score;
  return unscored(`the metric gave ${score.value}, expected ${name}`);
}

function scoreOf(given: CustomScore): Score {
  if (typeof given === "number") return Number.isFinite(given) ? scored(given) : unscored(NOT_FINITE);
  if (typeof given === "boolean") return scored(given ? 1 : 0);
  if (given === null || given === undefined) return unscored("the metric gives this trial no score");
  if (typeof given !== "object")
    return unscored(`the metric gave a ${typeof given}, expected a number or null`);
  if ("then" in given) {
    // Its failure would otherwise end the process.
    Promise.resolve(given).catch(() => {});
    return unscored("the metric gave a promise, expected a number or null at once");
  }
  if (typeof given.value === "number") {
    if (!Number.isFinite(given.value)) return unscored(NOT_FINITE);
    return scored(given.value, typeof given.detail === "string" ? given.detail : undefined);
  }
  if (given.value !== null)
    return unscored("the metric gave an object without a `value` that is a number or null");
  return unscored(shorten(given.reason));
}

function shorten(reason: unknown): string {
  const text = typeof reason === "string" ? reason : "the metric gives this trial no score";
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MOST_REASON_LETTERS ? line : `${line.slice(0, MOST_REASON_LETTERS)}…`;
}

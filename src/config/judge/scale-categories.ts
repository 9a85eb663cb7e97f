import type { JudgeConfig, JudgeScale } from "./judge-schema.js";

/** Labels of a pair: the answer that is better, in the first order. */
export const PAIR = { first: "A", second: "B", tie: "tie" } as const;

/** Labels of claims as a whole: all supported, or not. */
export const CLAIMS = { fail: "no", pass: "yes" } as const;

/** All labels of a scale, from the worst to the best where they have an order. */
export function categoriesOf(scale: JudgeScale): readonly string[] {
  switch (scale.kind) {
    case "binary":
      return [scale.fail, scale.pass];
    case "ordinal":
      return scale.levels.map(({ value }) => String(value));
    case "categorical":
      return scale.categories.map(({ value }) => value);
    case "pairwise":
      // Without ties of its own a judge still ties with itself when its verdict flips.
      return [PAIR.first, PAIR.second, PAIR.tie];
    case "claims":
      return [CLAIMS.fail, CLAIMS.pass];
  }
}

/** Weights of kappa that a judge is measured by. */
export function kappaWeightsOf({ scale, calibration }: JudgeConfig): "none" | "linear" | "quadratic" {
  return calibration.weights ?? (scale.kind === "ordinal" ? "quadratic" : "none");
}

/** Name of the metric that a judge gives. */
export function metricOfJudge(judge: string): string {
  return `judge.${judge}`;
}

import type { Score } from "../../core/score.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, MetricRules } from "../metric.js";
import { scored, unscored } from "../scores.js";

/** A comparison with the reference: a number in [0, 1], or why it cannot be made. */
export type Comparison = number | { readonly unscored: string };

type Definition = Pick<CaseMetric, "name" | "description" | "source" | "agreesWith"> & {
  readonly aggregate?: "proportion" | "mean";
  readonly range?: string;
  /** What else a reader must know of empty texts; the common rule comes first. */
  readonly emptyReference: string;
};

function rulesOf(emptyReference: string): MetricRules {
  return {
    empty: `No \`expect.answer\` in the case: no score. No answer of the agent: 0. ${emptyReference}`,
    refusal: "A refusal is compared with the reference like any other text.",
    unsupportedClaim: null,
  };
}

/**
 * A metric that compares the final answer with the case's reference answer. Without a reference there is no score;
 * an agent that gave no answer scores 0.
 *
 * @param compare - how near the answer comes to the reference; is asked only when both are there
 */
export function referenceMetric(
  definition: Definition,
  compare: (answer: string, reference: string) => Comparison,
): CaseMetric {
  const { emptyReference, aggregate = "mean", range = "0 to 1", ...rest } = definition;
  return caseMetric({
    ...rest,
    layer: "generation",
    unit: "proportion",
    direction: "higher",
    needs: ["expect.answer in the case"],
    range,
    rules: rulesOf(emptyReference),
    aggregate,
    score: ({ goldenCase, trace }): Score => {
      const reference = goldenCase.expect.answer;
      if (reference === null) return unscored("the case states no reference answer");
      if (trace.answer === null) return scored(0, "the agent gave no answer");
      const compared = compare(trace.answer, reference);
      return typeof compared === "number" ? scored(compared) : unscored(compared.unscored);
    },
  });
}

/** Harmonic mean of precision and recall from counts; 0 when nothing is shared. */
export function f1(shared: number, found: number, wanted: number): number {
  return shared === 0 ? 0 : (2 * shared) / (found + wanted);
}

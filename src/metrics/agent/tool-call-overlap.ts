import type { Score } from "../../core/score.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { maximumMatching } from "./bipartite-matching.js";
import { callsMade } from "./calls-made.js";
import { callMatches } from "./match-arguments.js";

const NOT_STATED = "the case states no tool calls";

/** Calls expected, calls made and how many of them can be paired. */
interface Overlap {
  readonly expected: number;
  readonly made: number;
  readonly common: number;
}

/** @returns `null` when the case states nothing of tool calls */
function overlapOf(input: ScoredInput, byName: boolean): Overlap | null {
  const { toolCalls, tools } = input.goldenCase.expect;
  if (toolCalls === null) return null;
  const made = callsMade(input);
  const common = maximumMatching(toolCalls.length, made.length, (i, j) =>
    byName ? toolCalls[i]!.name === made[j]!.name : callMatches(toolCalls[i]!, made[j]!, tools),
  );
  return { expected: toolCalls.length, made: made.length, common };
}

const MEASURES = {
  precision: {
    what: "Share of the calls made that the case expects",
    empty: "No call made: no score. None expected and some made: 0.",
    of: ({ made, common }) => (made === 0 ? unscored("the agent made no tool call") : scored(common / made)),
  },
  recall: {
    what: "Share of the expected calls that were made",
    empty: "No call expected: no score. Some expected and none made: 0.",
    of: ({ expected, common }) =>
      expected === 0 ? unscored("the case expects no tool call") : scored(common / expected),
  },
  f1: {
    what: "Harmonic mean of precision and recall of the calls made, 2 × common / (expected + made)",
    empty: "No call expected and none made: no score. One of the two: 0.",
    of: ({ expected, made, common }) =>
      expected + made === 0
        ? unscored("no tool call was expected and none made")
        : scored((2 * common) / (expected + made)),
  },
} as const satisfies Record<
  string,
  { readonly what: string; readonly empty: string; readonly of: (overlap: Overlap) => Score }
>;

function overlapMetric(measure: keyof typeof MEASURES, byName: boolean): CaseMetric {
  const { what, empty, of } = MEASURES[measure];
  return caseMetric({
    name: `tool_calls.${byName ? "name_" : ""}${measure}`,
    layer: "agent",
    unit: "proportion",
    direction: "higher",
    description: `${what}, ${byName ? "by name alone" : "by name and arguments, as the case compares them"}; order is ignored.`,
    needs: ["expect.tool_calls in the case"],
    source: "set precision and recall over calls, each paired once at most (maximum matching)",
    range: "0 to 1",
    rules: {
      empty: `${empty} A case that states nothing of tool calls: no score.`,
      refusal: "A refusal makes no call, and is scored by that.",
      unsupportedClaim: null,
    },
    agreesWith: byName
      ? "ragas ToolCallF1 where arguments agree; it and others count a repeated name once, this counts each call"
      : "ragas ToolCallF1 with unrepeated calls and exact arguments",
    aggregate: "mean",
    score: (input) => {
      const overlap = overlapOf(input, byName);
      return overlap === null ? unscored(NOT_STATED) : of(overlap);
    },
  });
}

/** Precision, recall and F1 of the calls made: by name and arguments, then by name alone. */
export const toolCallOverlaps: readonly CaseMetric[] = [
  overlapMetric("precision", false),
  overlapMetric("recall", false),
  overlapMetric("f1", false),
  overlapMetric("precision", true),
  overlapMetric("recall", true),
  overlapMetric("f1", true),
];

import type { ExpectedToolCall, OfferedTool, ToolCallsMode } from "../../core/golden-case.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { excerpt } from "../text.js";
import { maximumMatching } from "./bipartite-matching.js";
import { callsMade } from "./calls-made.js";
import { longestInOrder } from "./longest-in-order.js";
import { type ActualCall, callMatches } from "./match-arguments.js";

/**
 * How far the calls made agree with the calls expected, in [0, 1]; 1 means that the case's demand is met.
 *
 * - `exact`: the same calls in the same order and nothing else; calls equal at their place, over the longer list.
 * - `ordered`: the expected calls occur in their order, others may lie between; longest common subsequence over
 *   the expected calls.
 * - `unordered`: the same calls in any order and nothing else; calls in common over the longer list.
 * - `subset`: every expected call occurs, others may too; calls in common over the expected calls.
 *
 * Whether two calls are the same is the expected call's own matter: {@link callMatches}. Each call made stands for one
 * expected call at most, and calls in common are the most that can be paired so. Without expected calls, in every
 * mode, any call scores 0.
 *
 * @param tools - what the case offers
 */
export function toolCallAgreement(
  expected: readonly ExpectedToolCall[],
  actual: readonly ActualCall[],
  mode: ToolCallsMode,
  tools: readonly OfferedTool[] = [],
): number {
  if (expected.length === 0) return actual.length === 0 ? 1 : 0;
  const longer = Math.max(expected.length, actual.length);
  const fits = (i: number, j: number) => callMatches(expected[i]!, actual[j]!, tools);
  switch (mode) {
    case "exact":
      return expected.filter((_, index) => index < actual.length && fits(index, index)).length / longer;
    case "ordered":
      return longestInOrder(expected.length, actual.length, fits) / expected.length;
    case "unordered":
      return maximumMatching(expected.length, actual.length, fits) / longer;
    case "subset":
      return maximumMatching(expected.length, actual.length, fits) / expected.length;
  }
}

/** A call as `name({"key":"value"})`, cut for messages. */
export function renderCall(name: string, args: unknown): string {
  return `${name}(${excerpt(JSON.stringify(args), 80)})`;
}

/** At most five calls, then how many more. */
export function renderCalls(calls: readonly ActualCall[]): string {
  if (calls.length === 0) return "no call";
  const shown = calls
    .slice(0, 5)
    .map((call) =>
      call.isMalformed === true
        ? `${renderCall(call.name, call.arguments)} with malformed arguments`
        : renderCall(call.name, call.arguments),
    );
  return calls.length > 5 ? `${shown.join(", ")} and ${calls.length - 5} more` : shown.join(", ");
}

/** Agreement of the trial's tool calls with those that the case expects, in the case's mode. */
export const toolCallAccuracy: CaseMetric = caseMetric({
  name: "tool_calls.accuracy",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "How far the agent's tool calls (name and arguments) agree with the case's, in its mode: exact, ordered, unordered or subset; 1 is full agreement. When none is allowed, any call scores 0.",
  needs: ["expect.tool_calls in the case"],
  source:
    "trajectory match as in LangSmith agentevals; arguments by `args_mode` of each call: as JSON values, as a subset, as BFCL's lists of acceptable values, or by patterns",
  range: "0 to 1",
  rules: {
    empty:
      "No call expected and none made: 1; none expected and any made: 0. A case that states nothing of tool calls: no score.",
    refusal: "A refusal makes no call, and is scored by that.",
    unsupportedClaim: null,
  },
  agreesWith:
    "the checker of BFCL v4 for calls with `args_mode: any_of`; trajectory match of LangSmith agentevals by mode; DeepEval ToolCorrectness compares names alone unless told otherwise",
  aggregate: "mean",
  score: (input) => {
    const { toolCalls, toolCallsMode, tools } = input.goldenCase.expect;
    if (toolCalls === null) return unscored("the case states no tool calls");
    const calls = callsMade(input);
    const agreement = toolCallAgreement(toolCalls, calls, toolCallsMode, tools);
    return agreement === 1 ? scored(1) : scored(agreement, `came: ${renderCalls(calls)}`);
  },
});

/** Whether the trial's tool calls meet the case's demand in full: the verdict that BFCL counts. */
export const toolCallsCorrect: CaseMetric = caseMetric({
  name: "tool_calls.correct",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of trials whose tool calls agree in full with the case's, in its mode: `tool_calls.accuracy` without part marks.",
  needs: ["expect.tool_calls in the case"],
  source: "1 where tool_calls.accuracy is 1, else 0",
  range: "0 or 1 a trial",
  rules: toolCallAccuracy.rules,
  agreesWith:
    "accuracy of BFCL v4 for calls with `args_mode: any_of`; of several that could be paired it tries all, BFCL the first",
  aggregate: "proportion",
  score: (input) => {
    const score = toolCallAccuracy.score(input);
    return score.value === null || score.value === 1 ? score : { ...score, value: 0 };
  },
});

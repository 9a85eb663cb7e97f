import type { ExpectedToolCall, ToolCallsMode } from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { ToolCallSpan } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { excerpt } from "../text.js";

type ActualCall = Pick<ToolCallSpan, "name" | "arguments">;

/** Equality of JSON values: numbers by value (1 is 1.0), keys in any order, arrays in order, no coercion. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index]));
  }
  const left = a as { readonly [key: string]: Json };
  const right = b as { readonly [key: string]: Json };
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key]!, right[key]!))
  );
}

function matches(expected: ExpectedToolCall, actual: ActualCall): boolean {
  return expected.name === actual.name && sameJson(expected.args, actual.arguments);
}

/**
 * How far the calls made agree with the calls expected, in [0, 1]; 1 means that the case's demand is met.
 *
 * - `exact`: the same calls in the same order and nothing else; calls equal at their place, over the longer list.
 * - `ordered`: the expected calls occur in their order, others may lie between; longest common subsequence over
 *   the expected calls.
 * - `unordered`: the same calls in any order and nothing else; calls in common over the longer list.
 * - `subset`: every expected call occurs, others may too; calls in common over the expected calls.
 *
 * Calls are counted as often as they occur. Without expected calls, in every mode, any call scores 0.
 */
export function toolCallAgreement(
  expected: readonly ExpectedToolCall[],
  actual: readonly ActualCall[],
  mode: ToolCallsMode,
): number {
  if (expected.length === 0) return actual.length === 0 ? 1 : 0;
  const longer = Math.max(expected.length, actual.length);
  switch (mode) {
    case "exact":
      return (
        expected.filter((call, index) => index < actual.length && matches(call, actual[index]!)).length /
        longer
      );
    case "ordered":
      return commonSubsequence(expected, actual) / expected.length;
    case "unordered":
      return (expected.length - missingCalls(expected, actual).length) / longer;
    case "subset":
      return (expected.length - missingCalls(expected, actual).length) / expected.length;
  }
}

/** Expected calls without a partner of their own among the calls made. */
function missingCalls(
  expected: readonly ExpectedToolCall[],
  actual: readonly ActualCall[],
): ExpectedToolCall[] {
  const left = [...actual];
  return expected.filter((call) => {
    const at = left.findIndex((candidate) => matches(call, candidate));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function commonSubsequence(expected: readonly ExpectedToolCall[], actual: readonly ActualCall[]): number {
  let row = new Array<number>(actual.length + 1).fill(0);
  for (const call of expected) {
    const next = [0];
    actual.forEach((made, index) => {
      next.push(matches(call, made) ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!));
    });
    row = next;
  }
  return row[actual.length]!;
}

/** A call as `name({"key":"value"})`, cut for messages. */
export function renderCall(name: string, args: unknown): string {
  return `${name}(${excerpt(JSON.stringify(args), 80)})`;
}

/** At most five calls, then how many more. */
export function renderCalls(calls: readonly ActualCall[]): string {
  if (calls.length === 0) return "no call";
  const shown = calls.slice(0, 5).map((call) => renderCall(call.name, call.arguments));
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
  source: "trajectory match as in LangSmith agentevals; arguments compared as JSON values",
  range: "0 to 1",
  rules: {
    empty:
      "No call expected and none made: 1; none expected and any made: 0. A case that states nothing of tool calls: no score.",
    refusal: "A refusal makes no call, and is scored by that.",
    unsupportedClaim: null,
  },
  agreesWith:
    "trajectory match of LangSmith agentevals by mode; DeepEval ToolCorrectness compares names alone unless told otherwise",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const { toolCalls, toolCallsMode } = goldenCase.expect;
    if (toolCalls === null) return unscored("the case states no tool calls");
    const agreement = toolCallAgreement(toolCalls, trace.toolCalls, toolCallsMode);
    return agreement === 1 ? scored(1) : scored(agreement, `came: ${renderCalls(trace.toolCalls)}`);
  },
});

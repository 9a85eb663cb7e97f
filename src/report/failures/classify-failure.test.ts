import { describe, expect, it } from "vitest";
import type { Expectation } from "../../core/golden-case.js";
import type { Trace } from "../../core/trace.js";
import { sampleCase } from "../../store/testing/store-samples.js";
import { sampleTrace } from "../testing/report-samples.js";
import { classifyFailure, type FailedTrial } from "./classify-failure.js";
import { FAILURE_KINDS } from "./failure-kinds.js";

const TRIAL: FailedTrial["trial"] = {
  status: "completed",
  stopReason: "answered",
  error: null,
  scores: {},
  check: null,
};
const CHECK = {
  reward: 0,
  stateMatches: false,
  stateHash: "1",
  expectedStateHash: "2",
  missingOutputs: [],
  stateDifferences: ["orders.W1.status"],
} as const;

function calling(
  ...calls: readonly (readonly [string, object?, Partial<Trace["toolCalls"][number]>?])[]
): Trace {
  const { toolCalls, ...trace } = sampleTrace("x", 0);
  return {
    ...trace,
    retrievals: [],
    guardrails: [],
    toolCalls: calls.map(([name, args = {}, changes = {}], sequence) => ({
      ...toolCalls[0]!,
      sequence,
      name,
      arguments: args as never,
      ...changes,
    })),
  };
}

function guarded(rule: string, action: Trace["guardrails"][number]["action"], trace = calling()): Trace {
  return { ...trace, guardrails: [{ rule, action, detail: "x" }] };
}

function classify(
  expectation: Partial<Expectation>,
  trial: Partial<FailedTrial["trial"]>,
  trace: Trace | null = calling(),
): string {
  const goldenCase = sampleCase("x", {
    expect: { ...sampleCase("x").expect, mustInclude: [], ...expectation },
  });
  const { kind, because } = classifyFailure({ goldenCase, trial: { ...TRIAL, ...trial }, trace });
  return `${kind}: ${because}`;
}

const call = (name: string, args = {}) => ({ name, args });
const score = (name: string, value: number) => ({ scores: { [name]: { value } } });

describe("the kind of a failure", () => {
  it.each([
    [
      "a provider that failed",
      {},
      { status: "error", error: { code: "PROVIDER_TIMEOUT", message: "", isRetryable: true } },
      undefined,
      "infrastructure: PROVIDER_TIMEOUT",
    ],
    ["an error without a name", {}, { status: "error" }, undefined, "infrastructure: could not be executed"],
    ["a deadline", {}, { stopReason: "deadline" }, undefined, "limit: reached its deadline"],
    ["a step limit", {}, { stopReason: "step_limit" }, undefined, "limit: reached its step limit"],
    ["a loop", {}, { stopReason: "tool_loop" }, undefined, "limit: made the same failing call three times"],
    [
      "a guardrail that stopped it",
      {},
      { stopReason: "guardrail" },
      guarded("input.injection", "block"),
      "policy: input.injection stopped it",
    ],
    ["a guardrail without a trace", {}, { stopReason: "guardrail" }, null, "policy: a guardrail ended it"],
    [
      "a side effect against the case",
      {},
      score("safety.violations", 2),
      undefined,
      "policy: safety.violations is 2",
    ],
    [
      "an answer where it had to decline",
      { refusal: true },
      score("refusal_correctness", 0),
      undefined,
      "policy: did not decline",
    ],
    ["a refused call", {}, {}, guarded("tool.permission", "block"), "policy: tool.permission refused a call"],
    [
      "a source that was not found",
      { sources: ["refund-policy", "b"] },
      {},
      sampleTrace("x", 0),
      "retrieval-miss: never retrieved b",
    ],
    ["no retrieval at all", { sources: ["b"] }, {}, undefined, "retrieval-miss: retrieved nothing"],
    [
      "no relevant one of graded documents",
      { sources: ["b", "c"], grades: { b: 2, c: 1 } },
      {},
      sampleTrace("x", 0),
      "retrieval-miss: retrieved no relevant document",
    ],
    [
      "no hit, without a trace",
      { sources: ["b"] },
      score("retrieval.hit_rate", 0),
      null,
      "retrieval-miss: retrieval.hit_rate is 0",
    ],
    [
      "a tool that was never called",
      { toolCalls: [call("cancel")] },
      {},
      calling(["find"]),
      "wrong-tool: never called cancel",
    ],
    [
      "a tool too many",
      { toolCalls: [call("a")], toolCallsMode: "exact" },
      {},
      calling(["a"], ["b"]),
      "wrong-tool: also called b",
    ],
    [
      "tools in another order",
      { toolCalls: [call("a"), call("b")], toolCallsMode: "ordered" },
      {},
      calling(["b"], ["a"]),
      "wrong-tool: called the tools in another order",
    ],
    [
      "a call where none was due",
      { toolCalls: [] },
      {},
      calling(["a"]),
      "wrong-tool: called a, and no call was expected",
    ],
    [
      "calls that differ, without a trace",
      { toolCalls: [call("a")] },
      score("tool_calls.accuracy", 0.5),
      null,
      "wrong-tool: tool_calls.accuracy is 0.5",
    ],
    [
      "a gold action left out",
      { state: { actions: [call("cancel")] } },
      { check: CHECK },
      calling(["find"]),
      "wrong-tool: cancel was not carried out",
    ],
    [
      "an action that failed",
      { state: { actions: [call("cancel")] } },
      { check: CHECK },
      calling(["cancel", {}, { isError: true }]),
      "wrong-tool: cancel was not carried out",
    ],
    [
      "an action too many",
      { state: { actions: [] } },
      { check: CHECK },
      calling(["cancel", {}, { sideEffect: true }]),
      "wrong-tool: also carried out cancel",
    ],
    [
      "the right tool, other arguments",
      { toolCalls: [call("a", { id: 1 })] },
      {},
      calling(["a", { id: 2 }]),
      "wrong-arguments: called a with other arguments",
    ],
    [
      "the right actions, another state",
      { state: { actions: [call("a", { id: 1 })] } },
      { check: CHECK },
      calling(["a", { id: 2 }, { sideEffect: true }]),
      "wrong-arguments: the same actions left another state",
    ],
    [
      "arguments of no form",
      {},
      {},
      guarded("tool.schema", "block", calling(["a", {}, { isError: true }])),
      "wrong-arguments: the arguments of a call do not fit its schema",
    ],
    ["an unsupported claim", {}, score("faithfulness", 0.75), undefined, "ungrounded: faithfulness is 0.75"],
    [
      "a contradicted claim",
      {},
      score("claims.contradicted", 1),
      undefined,
      "ungrounded: claims.contradicted is 1",
    ],
    ["a wrong citation", {}, score("citation_accuracy", 0), undefined, "ungrounded: citation_accuracy is 0"],
    [
      "a missing output",
      {},
      { check: { ...CHECK, stateMatches: true, missingOutputs: ["10"] } },
      undefined,
      "other: did not say what the case expects",
    ],
    ["a wrong answer", {}, score("faithfulness", 1), undefined, "other: no other kind fits"],
  ] as const)("%s", (_, expectation, trial, trace, expected) => {
    expect(classify(expectation, trial as Partial<FailedTrial["trial"]>, trace)).toBe(expected);
  });

  it("is the earliest on the way to the answer", () => {
    const all = {
      expectation: { sources: ["b"], toolCalls: [call("cancel")], refusal: true },
      scores: { faithfulness: { value: 0 }, refusal_correctness: { value: 0 } },
    };
    const kinds = [
      classify(all.expectation, { scores: all.scores, status: "error", stopReason: "deadline" }),
      classify(all.expectation, { scores: all.scores, stopReason: "deadline" }),
      classify(all.expectation, { scores: all.scores }),
      classify(all.expectation, {}),
      classify({ ...all.expectation, sources: [] }, {}),
      classify({ toolCalls: [call("cancel", { id: 1 })] }, { scores: all.scores }, calling(["cancel"])),
      classify({}, { scores: all.scores }),
      classify({}, {}),
    ].map((text) => text.split(":")[0]);
    expect(kinds).toEqual(FAILURE_KINDS.map(({ kind }) => kind));
  });

  it("takes what an agent did not tell for unknown, not for none", () => {
    const silent = { ...calling(), unreported: ["retrievals", "toolCalls"] as const };
    expect(classify({ sources: ["b"], toolCalls: [call("a")] }, {}, silent)).toBe(
      "other: no other kind fits",
    );
  });
});

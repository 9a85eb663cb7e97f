import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToolCallsMode } from "../../core/golden-case.js";
import type { EnvironmentCheck } from "../../core/trial.js";
import { BROKEN, inputOf } from "../testing/trial-builder.js";
import { retryRate, steps } from "./effort.js";
import { sameJson } from "./match-arguments.js";
import { failuresOf, taskSuccess } from "./task-success.js";
import { toolCallAccuracy, toolCallAgreement } from "./tool-calls.js";

const call = (name: string, args: { [key: string]: string | number } = {}) => ({
  name,
  args,
  arguments: args,
});

describe("tool calls", () => {
  const [a, b, c] = [call("a"), call("b", { id: 1 }), call("c")];

  it.each<[ToolCallsMode, readonly ReturnType<typeof call>[], readonly ReturnType<typeof call>[], number]>([
    ["exact", [a, b], [a, b], 1],
    ["exact", [a, b], [b, a], 0],
    ["exact", [a, b], [a, b, c], 2 / 3],
    ["exact", [a, b], [a], 1 / 2],
    ["ordered", [a, b], [a, c, b], 1],
    ["ordered", [a, b], [b, a], 1 / 2],
    ["unordered", [a, b], [b, a], 1],
    ["unordered", [a, b], [b, a, c], 2 / 3],
    ["subset", [a, b], [c, b, a], 1],
    ["subset", [a, a], [a, b], 1 / 2],
    ["subset", [a], [], 0],
    ["subset", [], [], 1],
    ["subset", [], [a], 0],
    ["exact", [], [a], 0],
  ])("%s agreement", (mode, expected, actual, wanted) => {
    expect(toolCallAgreement(expected, actual, mode)).toBeCloseTo(wanted, 12);
  });

  it("compare arguments as JSON values", () => {
    expect(sameJson({ a: 1, b: [1.0, { c: null }] }, { b: [1, { c: null }], a: 1.0 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: "1" })).toBe(false);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
    expect(sameJson({ a: null }, {})).toBe(false);
    expect(sameJson([], {})).toBe(false);
    expect(sameJson({ toString: 1 }, { valueOf: 1 })).toBe(false);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(sameJson(one as never, JSON.parse(JSON.stringify(one)))).toBe(true);
        expect(sameJson(one as never, other as never)).toBe(sameJson(other as never, one as never));
      }),
    );
  });

  it("agreement is bounded, full for equal lists, and modes are ordered by strictness", () => {
    const calls = fc.array(fc.constantFrom(a, b, c), { maxLength: 6 });
    fc.assert(
      fc.property(calls, calls, (expected, actual) => {
        const at = (mode: ToolCallsMode) => toolCallAgreement(expected, actual, mode);
        for (const mode of ["exact", "ordered", "unordered", "subset"] as const) {
          expect(at(mode) >= 0 && at(mode) <= 1).toBe(true);
          expect(toolCallAgreement(actual, actual, mode)).toBe(1);
        }
        expect(at("exact")).toBeLessThanOrEqual(at("unordered"));
        expect(at("unordered")).toBeLessThanOrEqual(at("subset"));
        expect(at("ordered")).toBeLessThanOrEqual(at("subset"));
        expect(toolCallAgreement(expected, [...actual].reverse(), "unordered")).toBe(at("unordered"));
      }),
    );
  });

  it("tell what came instead", () => {
    const expectation = { toolCalls: [{ name: "get_order", args: { order_id: "#W1" } }] };
    const tools = [{ name: "get_order", args: { order_id: "#W2" } }];
    expect(toolCallAccuracy.score(inputOf({ expect: expectation, tools }))).toEqual({
      value: 0,
      detail: 'came: get_order({"order_id":"#W2"})',
    });
    expect(toolCallAccuracy.score(inputOf({ tools })).value).toBeNull();
  });
});

describe("task.success", () => {
  const failed: EnvironmentCheck = {
    reward: 0,
    stateMatches: false,
    stateHash: "a",
    expectedStateHash: "b",
    missingOutputs: ["327"],
    stateDifferences: ["users.mia.balance"],
  };

  it("needs JSON that satisfies the schema of the case", () => {
    const schema = { type: "object", required: ["id"] };
    const good = inputOf({ expect: { schema }, answer: '{"id": 1}' });
    expect(taskSuccess.score(good)).toEqual({ value: 1 });
    const bad = inputOf({ expect: { schema }, answer: "{}" });
    expect(taskSuccess.score(bad)).toEqual({ value: 0 });
    expect(failuresOf(bad)[0]).toMatch(/^expected JSON that satisfies the case's schema; /);
    const judged = inputOf({ expect: { schema }, answer: "{}", trial: { check: { ...failed, reward: 1 } } });
    expect(taskSuccess.score(judged)).toEqual({ value: 1 });
  });

  it("says of a recorded verdict that it is one", () => {
    const check = { ...failed, stateMatches: null, stateHash: null, missingOutputs: [] };
    expect(failuresOf(inputOf({ trial: { check } }))).toEqual([
      "expected success; the recording says that the trial failed",
    ]);
  });

  it("needs all that the case states, and says what is missing", () => {
    const expectation = {
      mustInclude: ["identity verification", "portal"],
      mustNotInclude: ["password"],
      sources: ["security-runbook"],
      toolCalls: [{ name: "find", args: {} }],
      refusal: false,
    };
    const retrievals = [
      [
        ["security-runbook", "x"],
        ["faq", "y"],
      ],
    ] as const;
    const tools = [{ name: "find" }];
    const good = inputOf({
      expect: expectation,
      retrievals,
      tools,
      answer: "Pass identity verification in the portal [security-runbook].",
    });
    expect(taskSuccess.score(good)).toEqual({ value: 1 });
    expect(failuresOf(good)).toEqual([]);
    const bad = inputOf({
      expect: expectation,
      retrievals,
      answer: "Send your password to the portal [faq].",
    });
    expect(taskSuccess.score(bad)).toEqual({ value: 0 });
    expect(failuresOf(bad)).toEqual([
      'expected the answer to contain "identity verification"; it says "Send your password to the portal [faq]."',
      'expected the answer not to contain "password"; it does',
      "expected the answer to rest on security-runbook; it cites faq",
      "expected tool calls (subset) find({}); came no call",
    ]);
  });

  it("takes retrieved documents as sources only when nothing is cited", () => {
    const expectation = { sources: ["a-doc", "b-doc"] };
    const both = [
      [
        ["a-doc", "x"],
        ["b-doc", "y"],
      ],
    ] as const;
    expect(taskSuccess.score(inputOf({ expect: expectation, retrievals: both, answer: "Yes." })).value).toBe(
      1,
    );
    expect(
      taskSuccess.score(inputOf({ expect: expectation, retrievals: both, answer: "Yes [a-doc]." })).value,
    ).toBe(0);
    expect(failuresOf(inputOf({ expect: expectation, answer: "Yes." }))).toEqual([
      "expected the answer to rest on a-doc, b-doc; it retrieved nothing",
    ]);
  });

  it("follows the environment's check", () => {
    const expectation = { state: { actions: [] }, outputs: ["327"] };
    expect(
      taskSuccess.score(inputOf({ expect: expectation, trial: { check: { ...failed, reward: 1 } } })).value,
    ).toBe(1);
    expect(
      failuresOf(inputOf({ expect: expectation, trial: { check: failed, stopReason: "step_limit" } })),
    ).toEqual([
      'expected a reply with "327"; none has it',
      "expected the final state of the gold actions; it differs at users.mia.balance",
      "expected the agent to finish; it reached its step limit",
    ]);
    expect(taskSuccess.score(inputOf({ expect: expectation }))).toEqual({
      value: null,
      reason: "the case states a final state but the trial has no state check",
    });
  });

  it("looks for outputs in every reply when there is no environment, commas aside", () => {
    const story = { expect: { outputs: ["1,327"] }, replies: ["It costs $1327."], answer: "Bye." };
    expect(taskSuccess.score(inputOf(story)).value).toBe(1);
    expect(taskSuccess.score(inputOf({ ...story, replies: [] })).value).toBe(0);
  });

  it("has no score when nothing can be checked or infrastructure failed", () => {
    expect(taskSuccess.score(inputOf({ answer: "x" }))).toEqual({
      value: null,
      reason: "the case states nothing to check",
    });
    expect(taskSuccess.score(inputOf({ expect: { answer: "42" }, answer: "42" }))).toEqual({
      value: null,
      reason: "the case states only a reference answer, which needs a judge",
    });
    const broken = inputOf({ expect: { mustInclude: ["x"] }, trial: BROKEN });
    expect(taskSuccess.score(broken)).toEqual({
      value: null,
      reason: "infrastructure error: PROVIDER_TIMEOUT",
    });
    expect(failuresOf(broken)).toEqual([]);
  });

  it("declining is demanded or forbidden as stated", () => {
    const declined = "I'm sorry, I can't share that.";
    expect(taskSuccess.score(inputOf({ expect: { refusal: true }, answer: declined })).value).toBe(1);
    expect(failuresOf(inputOf({ expect: { refusal: true }, answer: "It is 42." }))).toEqual([
      'expected the agent to decline; it says "It is 42."',
    ]);
    expect(failuresOf(inputOf({ expect: { refusal: false }, answer: declined }))).toHaveLength(1);
  });
});

describe("effort", () => {
  it("counts answered calls of the agent, and attempts beyond the first", () => {
    const input = inputOf({
      modelCalls: [{ ended: false }, { attempt: 2 }, {}, {}, { speaker: "user" }],
    });
    expect(steps.score(input)).toEqual({ value: 3 });
    expect(retryRate.score(input)).toEqual({ value: 1 / 4 });
    const others = inputOf({
      modelCalls: [
        {},
        { attempt: 2, again: "fallback" },
        { attempt: 3, again: "hedge" },
        { attempt: 4, again: "retry" },
      ],
    });
    expect(retryRate.score(others)).toEqual({ value: 1 / 4 });
    expect(steps.score(inputOf()).value).toBeNull();
    expect(retryRate.score(inputOf({ modelCalls: [{ speaker: "user" }] })).value).toBeNull();
  });
});

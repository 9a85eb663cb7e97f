import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expectation } from "../../core/golden-case.js";
import type { EnvironmentCheck } from "../../core/trial.js";
import { BROKEN, inputOf, type TrialStory } from "../testing/trial-builder.js";
import { agentOnRequest } from "./on-request.js";

type Tools = NonNullable<TrialStory["tools"]>;

function score(name: string, story: TrialStory) {
  const metric = agentOnRequest.find((one) => one.name === name);
  if (metric?.level !== "case") throw new Error(`no metric ${name}`);
  return metric.score(inputOf(story));
}

function worth(name: string, story: TrialStory): number | null {
  return score(name, story).value;
}

function calls(...names: string[]): NonNullable<Expectation["toolCalls"]> {
  return names.map((name) => ({ name, args: {} }));
}

function made(...names: string[]): Tools {
  return names.map((name) => ({ name }));
}

const CHECK: EnvironmentCheck = {
  reward: 1,
  stateMatches: true,
  stateHash: null,
  expectedStateHash: null,
  missingOutputs: [],
  stateDifferences: [],
};

describe("precision, recall and F1 of tool calls", () => {
  const story: TrialStory = {
    expect: { toolCalls: [{ name: "find", args: { id: 1 } }, ...calls("cancel")] },
    tools: [{ name: "find", args: { id: 2 } }, { name: "cancel" }, { name: "cancel" }],
  };

  it("counts calls in common over those made and those expected", () => {
    expect(worth("tool_calls.precision", story)).toBe(1 / 3);
    expect(worth("tool_calls.recall", story)).toBe(1 / 2);
    expect(worth("tool_calls.f1", story)).toBe(2 / 5);
    expect(worth("tool_calls.name_precision", story)).toBe(2 / 3);
    expect(worth("tool_calls.name_recall", story)).toBe(1);
    expect(worth("tool_calls.name_f1", story)).toBe(4 / 5);
  });

  it.each([
    [[], [], null, null, null],
    [["a"], [], null, 0, 0],
    [[], ["a"], 0, null, 0],
  ])(
    "gives no number to what has no denominator: %j expected, %j made",
    (wanted, came, precision, recall, f1) => {
      const none = { expect: { toolCalls: calls(...wanted) }, tools: made(...came) };
      expect(worth("tool_calls.precision", none)).toBe(precision);
      expect(worth("tool_calls.recall", none)).toBe(recall);
      expect(worth("tool_calls.f1", none)).toBe(f1);
    },
  );

  it("F1 is the harmonic mean, names never agree less than calls, and order is nothing", () => {
    const list = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(list, list, (wanted, came) => {
        const one = { expect: { toolCalls: calls(...wanted) }, tools: made(...came) };
        const turned = { ...one, tools: made(...came.toReversed()) };
        const [p, r, f] = ["precision", "recall", "f1"].map((name) => worth(`tool_calls.${name}`, one) ?? -1);
        expect(f).toBeCloseTo(p! + r! === 0 ? 0 : (2 * p! * r!) / (p! + r!), 12);
        for (const name of ["precision", "recall", "f1"]) {
          expect(worth(`tool_calls.${name}`, turned)).toBe(worth(`tool_calls.${name}`, one));
          expect(worth(`tool_calls.name_${name}`, one)).toBeGreaterThanOrEqual(
            worth(`tool_calls.${name}`, one)!,
          );
        }
      }),
    );
  });
});

describe("tool_calls.correct", () => {
  it("gives no part marks", () => {
    const story = { expect: { toolCalls: calls("a", "b") }, tools: made("a") };
    expect(score("tool_calls.correct", story)).toEqual({ value: 0, detail: "came: a({})" });
    expect(worth("tool_calls.correct", { ...story, tools: made("b", "a") })).toBe(1);
    expect(worth("tool_calls.correct", {})).toBeNull();
  });
});

describe("trajectory.order_match", () => {
  it.each([
    [["a", "b", "c"], ["a", "x", "b", "c"], 1],
    [["a", "b", "c"], ["c", "b", "a"], 1 / 3],
    [["a", "b"], [], 0],
    [[], ["a"], null],
  ])("%j expected, %j made: %s", (wanted, came, value) => {
    expect(
      worth("trajectory.order_match", { expect: { toolCalls: calls(...wanted) }, tools: made(...came) }),
    ).toBe(value);
  });
});

describe("goal_progress", () => {
  const expectation: Partial<Expectation> = {
    state: { actions: [{ name: "cancel", args: { id: 1 } }, ...calls("refund")] },
    outputs: ["1,234"],
    mustInclude: ["sorry"],
  };

  it("counts actions, outputs and phrases, each once", () => {
    const story = {
      expect: expectation,
      tools: [{ name: "cancel", args: { id: 1 } }],
      answer: "It is 1234.",
    };
    expect(score("goal_progress", story)).toEqual({ value: 0.5, detail: "2 of 4 reached" });
  });

  it("counts no action that failed, and all of them where the final state is right", () => {
    const failed = { expect: { state: expectation.state! }, tools: [{ name: "refund", isError: true }] };
    expect(worth("goal_progress", failed)).toBe(0);
    expect(worth("goal_progress", { ...failed, trial: { check: CHECK } })).toBe(1);
  });

  it("has no score for a case that asks for nothing", () => {
    expect(worth("goal_progress", { expect: { mustNotInclude: ["x"], toolCalls: [] } })).toBeNull();
  });
});

describe("redundant_calls", () => {
  it.each<[string, Tools, number | null]>([
    ["no call", [], null],
    [
      "a repeat",
      [
        { name: "find", args: { a: 1, b: 2 } },
        { name: "find", args: { b: 2, a: 1 } },
      ],
      1 / 2,
    ],
    [
      "other arguments",
      [
        { name: "find", args: { a: 1 } },
        { name: "find", args: { a: 2 } },
      ],
      0,
    ],
    ["a change in between", [{ name: "find" }, { name: "set", sideEffect: true }, { name: "find" }], 0],
    [
      "a change that failed",
      [{ name: "find" }, { name: "set", sideEffect: true, isError: true }, { name: "find" }],
      1 / 3,
    ],
    [
      "a change done twice",
      [
        { name: "add", sideEffect: true },
        { name: "add", sideEffect: true },
      ],
      0,
    ],
  ])("%s", (_, tools, value) => {
    expect(worth("redundant_calls", { tools })).toBe(value);
  });
});

describe("recovery_rate", () => {
  const failure = { name: "find", isError: true };

  it.each<[string, TrialStory, number | null]>([
    ["no error", { tools: made("find") }, null],
    ["a later success", { tools: [failure, { name: "find" }] }, 1],
    ["another tool", { tools: [failure, { name: "list" }] }, 0],
    ["one of two", { tools: [failure, { name: "set", isError: true }, { name: "find" }] }, 1 / 2],
    ["a call that never ended", { tools: [failure, { name: "find", result: null }] }, 0],
    ["the task succeeded", { tools: [failure], expect: { mustInclude: ["done"] }, answer: "done" }, 1],
  ])("%s", (_, story, value) => {
    expect(worth("recovery_rate", story)).toBe(value);
  });
});

describe("escalation_rate", () => {
  it("knows hand-overs by name and by the case's tag", () => {
    expect(worth("escalation_rate", { tools: made("transfer_to_human_agents") })).toBe(1);
    expect(worth("escalation_rate", { tools: made("open_ticket") })).toBe(0);
    expect(
      worth("escalation_rate", { tools: made("open_ticket"), tags: ["escalation-tool:open_ticket"] }),
    ).toBe(1);
    expect(worth("escalation_rate", { tools: [{ name: "transfer_to_human", isError: true }] })).toBe(0);
    expect(worth("escalation_rate", {})).toBe(0);
  });
});

describe("plan_validity", () => {
  const parameters = { type: "dict", properties: { id: { type: "integer" } }, required: ["id"] };
  const expectation = { tools: [{ name: "find", parameters }] };

  it.each<[string, Tools, number | null]>([
    ["no call", [], null],
    ["arguments that fit", [{ name: "find", args: { id: 1 } }], 1],
    [
      "arguments that do not",
      [
        { name: "find", args: { id: 1 } },
        { name: "find", args: { id: "1" } },
      ],
      0,
    ],
    ["a missing argument", [{ name: "find" }], 0],
    ["an unknown tool", [{ name: "search", args: { id: 1 } }], 0],
  ])("%s", (_, tools, value) => {
    expect(worth("plan_validity", { expect: expectation, tools })).toBe(value);
  });

  it("has no score where the case does not state its tools", () => {
    expect(score("plan_validity", { tools: made("find") })).toEqual({
      value: null,
      reason: "the case does not state its tools",
    });
  });
});

describe("every one of them", () => {
  it("has no score for a trial that infrastructure broke, and stays within 0 to 1", () => {
    const names = fc.constantFrom("a", "b", "transfer_to_human");
    const story = fc.record({
      wanted: fc.option(fc.array(names, { maxLength: 4 })),
      tools: fc.array(fc.record({ name: names, isError: fc.boolean(), sideEffect: fc.boolean() }), {
        maxLength: 5,
      }),
    });
    fc.assert(
      fc.property(story, ({ wanted, tools }) => {
        const full = { expect: { toolCalls: wanted === null ? null : calls(...wanted) }, tools };
        for (const { name } of agentOnRequest) {
          const value = worth(name, full);
          if (value !== null) expect(value >= 0 && value <= 1).toBe(true);
          expect(worth(name, { ...full, trial: BROKEN })).toBeNull();
        }
      }),
    );
  });
});

describe("malformed arguments", () => {
  it("belong to the call that the model wrote, by name and order", () => {
    const story = inputOf({
      expect: { toolCalls: calls("find"), tools: [{ name: "find", parameters: {} }] },
      modelCalls: [{}],
      tools: made("find"),
    });
    const events = story.trial.events.map((event) =>
      event.event_type === "llm_call_end"
        ? {
            ...event,
            payload: {
              ...event.payload,
              toolCalls: [{ id: "x", name: "find", arguments: {}, malformedArguments: "{" }],
            },
          }
        : event,
    );
    const broken = { ...story, trial: { ...story.trial, events } };
    for (const name of ["plan_validity", "tool_calls.correct", "tool_calls.precision"]) {
      const metric = agentOnRequest.find((one) => one.name === name);
      if (metric?.level !== "case") throw new Error(`no metric ${name}`);
      expect(metric.score(story).value).toBe(1);
      expect(metric.score(broken).value).toBe(0);
    }
  });
});

import { describe, expect, it } from "vitest";
import { toolOf } from "../testing/world.js";
import type { PlanAnswer } from "./plan-json-schema.js";
import { readPlan } from "./read-plan.js";

const rules = {
  tools: [
    toolOf("look", () => ({})),
    toolOf("cancel", () => ({}), {
      spec: { name: "cancel", description: "", parameters: { type: "object", required: ["order_id"] } },
    }),
  ],
  doneIds: new Set(["old"]),
  maxSteps: 3,
};

const read = (steps: PlanAnswer["steps"]) => readPlan({ thought: "t", steps }, rules);
const problems = (steps: PlanAnswer["steps"]) => {
  const reading = read(steps);
  return "problems" in reading ? reading.problems : [];
};

describe("readPlan", () => {
  it("adds what a step refers to to what it waits for", () => {
    const reading = read([
      { id: "a", tool: "look", arguments: {} },
      { id: "b", tool: "look", arguments: {} },
      {
        id: "c",
        tool: "cancel",
        arguments: { order_id: { $from: "a", path: "id" }, more: [{ $from: "old" }] },
        preconditions: [{ from: "b", path: "status", op: "exists" }],
      },
    ]);
    expect("value" in reading && reading.value.steps[2]?.after).toEqual(["a", "old", "b"]);
  });

  it.each([
    ["a cycle", [step("a", ["b"]), step("b", ["a"])], "steps a, b wait for one another"],
    ["a step that waits for itself", [step("a", ["a"])], "steps a wait for one another"],
    ["an unknown tool", [{ ...step("a"), tool: "fly" }], "step a: there is no tool fly"],
    ["an unknown step", [step("a", ["z"])], "step a: there is no step z"],
    [
      "a reference to an unknown step",
      [{ ...step("a"), arguments: { x: { $from: "z" } } }],
      "step a: there is no step z",
    ],
    ["an id twice", [step("a"), step("a")], "step a: the id is taken"],
    ["the id of a step that is done", [step("old")], "step old: the id is taken"],
    ["a missing argument", [{ ...step("a"), tool: "cancel" }], "step a: cancel needs the argument order_id"],
    ["too many steps", [step("a"), step("b"), step("c"), step("d")], "4 steps; at most 3 are allowed"],
  ])("refuses %s", (_name, steps, problem) => {
    expect(problems(steps)).toEqual([problem]);
  });
});

function step(id: string, after: readonly string[] = []) {
  return { id, tool: "look", arguments: {}, after };
}

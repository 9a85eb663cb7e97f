import { describe, expect, it } from "vitest";
import type { Json } from "../../core/hash.js";
import { compensationArguments } from "./compensation-arguments.js";

describe("arguments of a compensation", () => {
  const call = { args: { order: "A-1", items: [{ id: 7 }] }, result: '{"refund":{"id":"r-1"},"cents":250}' };
  it.each<[string, Json, Json | null]>([
    ["values keep their type", "$result.cents", 250],
    ["paths go through objects and lists", ["$args.items.0.id", "$result.refund.id"], [7, "r-1"]],
    ["the whole", { all: "$args" }, { all: call.args as Json }],
    ["other texts stay", ["costs $5", "$argsx", "$", 1, null], ["costs $5", "$argsx", "$", 1, null]],
    ["what stands for nothing gives none", { a: "$result.missing" }, null],
    ["nor does a property of all objects", "$args.constructor", null],
    ["nor one inside a list", ["$args.order", "$args.nothing"], null],
  ])("%s", (_, given, wanted) => {
    const filled = compensationArguments({ tool: "undo", args: { x: given } }, call);
    expect(filled).toEqual(wanted === null ? null : { x: wanted });
  });

  it("a result that is no JSON is its text", () => {
    const args = { said: "$result" };
    expect(compensationArguments({ tool: "u", args }, { args: {}, result: "ok 1" })).toEqual({
      said: "ok 1",
    });
  });
});

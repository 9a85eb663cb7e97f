import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/hash.js";
import type { Comparison } from "./plan.js";
import { holds, resolveReferences } from "./references.js";

const results: Readonly<Record<string, Json>> = {
  s1: { order: { total: 20, items: [{ sku: "A" }], note: null }, status: "shipped" },
  s2: "plain text",
};
const resultOf = (id: string) => results[id];

describe("resolveReferences", () => {
  it("puts results in at any depth, whole or by path", () => {
    expect(
      resolveReferences(
        { a: { $from: "s1", path: "order.items.0.sku" }, b: [{ $from: "s2" }], c: 1 },
        resultOf,
      ),
    ).toEqual({ a: "A", b: ["plain text"], c: 1 });
  });

  it.each(["order.missing", "order.items.7", "constructor", "status.length"])(
    "says that there is no %s",
    (path) => {
      expect(() => resolveReferences({ a: { $from: "s1", path } }, resultOf)).toThrow(path);
    },
  );
});

describe("holds", () => {
  it.each<[string, Comparison, Json, boolean]>([
    ["status", "eq", "shipped", true],
    ["status", "ne", "shipped", false],
    ["status", "in", ["shipped", "delivered"], true],
    ["status", "in", "shipped", false],
    ["order.total", "lte", 20, true],
    ["order.total", "lt", 20, false],
    ["order.total", "gt", 19.5, true],
    ["order.total", "gte", "20", false],
    ["order", "gt", 1, false],
    ["order.note", "exists", null, false],
    ["order.missing", "exists", null, false],
    ["order.missing", "ne", 1, false],
    ["order.items", "eq", [{ sku: "A" }], true],
  ])("%s %s %j: %s", (path, op, value, expected) => {
    expect(holds({ from: "s1", path, op, value }, resultOf)).toBe(expected);
  });
});

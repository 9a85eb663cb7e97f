import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, listNames, nearest } from "./nearest.js";

describe("nearest", () => {
  test.each([
    ["moddel", ["name", "model", "tools"], "model"],
    ["hit_rate", ["retrieval.hit_rate", "latency.p95_ms"], "retrieval.hit_rate"],
    ["retreival.hit_rate", ["retrieval.hit_rate", "retrieval.mrr"], "retrieval.hit_rate"],
    ["latency.p95ms", ["latency.p50_ms", "latency.p95_ms"], "latency.p95_ms"],
    ["MustInclude", ["must_not_include", "must_include"], "must_include"],
    ["opena", ["embedded", "openai", "anthropic"], "openai"],
    ["inptu", ["id", "input"], "input"],
    ["minimum", ["metric", "max", "min"], "min"],
    ["desc", ["name", "description"], "description"],
    ["banana", ["embedded", "openai", "anthropic"], undefined],
    ["a", ["b"], undefined],
    ["", ["b"], undefined],
    ["x", [], undefined],
  ])("%s", (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  test("a name that exists is its own nearest", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,20}$/),
        fc.array(fc.stringMatching(/^[a-z]{1,20}$/)),
        (name, others) => {
          expect(nearest(name, [...others, name])).toBe(name);
        },
      ),
    );
  });
});

test("didYouMean is empty when nothing is close", () => {
  expect(didYouMean("moddel", ["model"])).toBe("; did you mean `model`?");
  expect(didYouMean("banana", ["model"])).toBe("");
});

test("listNames says how many it left out", () => {
  expect(listNames(["a", "b"])).toBe("`a`, `b`");
  expect(listNames(["a", "b", "c"], 2)).toBe("`a`, `b` and 1 more");
});

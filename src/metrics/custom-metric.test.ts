import { expect, it } from "vitest";
import { type CustomScore, customMetric } from "./custom-metric.js";
import { inputOf } from "./testing/trial-builder.js";

function scoreWith(given: unknown, fields: object = {}) {
  const made = customMetric({
    name: "own.metric",
    description: "A number.",
    unit: "proportion",
    direction: "higher",
    score: () => given as CustomScore,
    ...fields,
  });
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  return made.metric.score(inputOf());
}

it.each([
  [true, 1],
  [false, 0],
  [0.25, 0.25],
  [{ value: 0.5, detail: "half" }, 0.5],
])("%j is a score", (given, value) => {
  expect(scoreWith(given).value).toBe(value);
});

it.each([
  [1.5, {}, "the metric gave 1.5, expected 0 to 1"],
  [0.5, { aggregate: "proportion" }, "the metric gave 0.5, expected 0 or 1"],
  [4, { unit: "score" }, "the metric gave 4, expected 0 to 1"],
  [-1, { unit: "ms" }, "the metric gave -1, expected 0 and up"],
  [Number.POSITIVE_INFINITY, { unit: "count" }, "the metric gave no finite number"],
  [{ value: Number.NaN }, {}, "the metric gave no finite number"],
  [{ score: 1 }, {}, "the metric gave an object without a `value` that is a number or null"],
  [undefined, {}, "the metric gives this trial no score"],
])("%j with %j is none", (given, fields, reason) => {
  expect(scoreWith(given, fields)).toEqual({ value: null, reason });
});

it("is not asked about a trial that infrastructure broke", () => {
  const made = customMetric({
    name: "own.metric",
    description: "A number.",
    unit: "count",
    direction: "lower",
    score: () => 1,
  });
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  const input = inputOf();
  const broken = { ...input, trial: { ...input.trial, status: "error" as const } };
  expect(made.metric.score(broken).value).toBeNull();
});

it("names every field that is wrong at once", () => {
  const made = customMetric({ name: "Own Metric", unit: "percent", direction: "up", score: 1 });
  expect("problems" in made ? made.problems.map((problem) => problem.split(":")[0]) : []).toEqual([
    '"name"',
    '"description"',
    '"unit"',
    '"direction"',
    '"score"',
  ]);
});

import { expect, test } from "vitest";
import { ConfigError } from "../../core/errors.js";
import type { MetricUnit } from "../../core/score.js";
import { parseGatesFile } from "./parse-gates-file.js";

const UNITS: Readonly<Record<string, MetricUnit>> = {
  error_rate: "proportion",
  "task.success": "proportion",
  "retrieval.mrr": "score",
  "latency.p95_ms": "ms",
  "cost.total_usd": "usd",
  steps: "count",
  "tokens.total": "tokens",
  "judge.helpfulness": "rating",
};

function problemsOf(rules: readonly string[]): readonly string[] {
  const text = `version: 1\ngates:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
  try {
    parseGatesFile(text, "gates.yaml", { unitOf: (name) => UNITS[name] });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line, message }) => `${line} ${message}`);
    throw error;
  }
}

test("a threshold that no value can reach or miss is a problem at its line", () => {
  expect(
    problemsOf([
      "{metric: error_rate, max: 5}",
      "{metric: task.success, min: 80}",
      "{metric: task.success, min: -0.1}",
      "{metric: task.success, min: 57.5, max: 250}",
      "{metric: retrieval.mrr, min: 70}",
      "{metric: latency.p95_ms, max: -1}",
      "{metric: cost.total_usd, max: -0.5}",
      "{metric: steps, min: -2}",
      "{metric: tokens.total, max: -3}",
    ]),
  ).toEqual([
    expect.stringMatching(/^3 .*`max` 5 is outside 0 to 1, the range of a proportion; write 0.05 for 5 %$/),
    expect.stringMatching(/^4 .*`min` 80 is outside 0 to 1, the range of a proportion; write 0.8 for 80 %$/),
    expect.stringMatching(/^5 .*`min` -0.1 is outside 0 to 1, the range of a proportion$/),
    expect.stringMatching(/^6 .*`min` 57.5 .*write 0.575 for 57.5 %$/),
    expect.stringMatching(/^6 .*`max` 250 is outside 0 to 1, the range of a proportion$/),
    expect.stringMatching(/^7 .*`min` 70 is outside 0 to 1, the range of a score; write 0.7 for 70 %$/),
    expect.stringMatching(/^8 .*`max` -1 is below 0, the least that a time can be$/),
    expect.stringMatching(/^9 .*`max` -0.5 is below 0, the least that a cost can be$/),
    expect.stringMatching(/^10 .*`min` -2 is below 0, the least that a count can be$/),
    expect.stringMatching(/^11 .*`max` -3 is below 0, the least that a number of tokens can be$/),
  ]);
});

test("thresholds at the ends of the range, and of metrics without a known unit, are fine", () => {
  expect(
    problemsOf([
      "{metric: error_rate, min: 0, max: 1}",
      "{metric: steps, max: 0}",
      "{metric: latency.p95_ms, max: 3500}",
      "{metric: unknown, max: -7}",
      "{metric: judge.helpfulness, min: 4.0}",
      "{metric: judge.helpfulness, min: -2, max: 100}",
    ]),
  ).toEqual([]);
});

import { expect, it } from "vitest";
import type { TrialRow } from "../metrics/metric.js";
import { RowReader, rowToText } from "./row-text.js";

function row(caseId: string): TrialRow {
  return {
    caseId,
    group: caseId,
    trial: 0,
    status: "completed",
    errorCode: null,
    durationMs: 1,
    untimed: null,
    costUsd: 0,
    samples: { turn_ms: [1, 2] },
    scores: {
      a: { value: 1 },
      b: { value: null, reason: "no sources" },
      c: { value: 1, detail: "two of two" },
    },
  };
}

it("gives rows back as they were, and lets equal scores be one object", () => {
  const reader = new RowReader();
  const first = reader.read(rowToText(row("x")));
  const second = reader.read(rowToText(row("y")));
  expect(first).toEqual(row("x"));
  expect(second).toEqual(row("y"));
  expect(Object.keys(second.scores)).toEqual(["a", "b", "c"]);
  expect(second.scores.a).toBe(first.scores.a);
  expect(second.scores.b).toBe(first.scores.b);
});

it("reads rows of earlier versions, which hold whole scores", () => {
  expect(new RowReader().read(JSON.stringify(row("x")))).toEqual(row("x"));
});

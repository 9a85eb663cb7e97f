import { expect, it } from "vitest";
import type { TrialRow } from "../metrics/metric.js";
import { ScorePool } from "./score-pool.js";

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
    scores: {
      a: { value: 1 },
      b: { value: null, reason: "no sources" },
      c: { value: 1, detail: "two of two" },
    },
  };
}

it("lets rows share equal scores and changes none", () => {
  const pool = new ScorePool();
  const first = pool.share(row("x"));
  const second = pool.share(row("y"));
  expect(second).toEqual(row("y"));
  expect(second.scores.a).toBe(first.scores.a);
  expect(second.scores.b).toBe(first.scores.b);
  expect(second.scores.c).not.toBe(first.scores.c);
});

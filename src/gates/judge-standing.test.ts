import { describe, expect, it } from "vitest";
import { gatesSchema } from "../config/gates/gates-schema.js";
import type { Calibration } from "../core/judgement.js";
import { judgeGates } from "./judge-gates.js";
import { COMPLETE_RUN, sampleEstimate, sampleEvidence } from "./testing/gate-samples.js";

describe("of a judge with a calibration", () => {
  const calibration: Calibration = {
    judge: "helpfulness",
    judgeVersion: "v",
    rubric: "helpfulness",
    metric: "judge.helpfulness",
    verdict: "calibrated",
    reason: "r.",
    kappa: 0.8123,
    lower: 0.74,
    upper: 0.88,
    n: 120,
    floor: 0.7,
    at: "2026-11-01T00:00:00.000Z",
    expiresAt: "2026-12-01T00:00:00.000Z",
    reportHash: "h",
  };
  const judged = (value: number, changes: Partial<Calibration> = {}, now = "2026-11-30T23:59:59.999Z") =>
    judgeGates(
      gatesSchema.parse({
        version: 1,
        defaults: { on_inconclusive: "inconclusive" },
        gates: [{ metric: "judge.helpfulness", min: 0.8, requires: "calibrated" }],
      }),
      sampleEvidence([sampleEstimate({ metric: "judge.helpfulness", value })], {
        ...COMPLETE_RUN,
        standings: { now, calibrationOf: () => ({ ...calibration, ...changes }) },
      }),
    );

  it("judges as any other metric, and says on what grounds", () => {
    expect(judged(0.9)).toMatchObject({
      verdict: "pass",
      notes: [
        "judge.helpfulness is given by the judge helpfulness, calibrated on 2026-11-01: kappa 0.81 [0.74, 0.88] on 120 labelled items, until 2026-12-01",
      ],
    });
    expect(judged(0.7).verdict).toBe("fail");
  });

  it.each([
    ["expired in this moment", {}, "2026-12-01T00:00:00.000Z", "expired on 2026-12-01"],
    [
      "advisory",
      { verdict: "advisory", reason: "The lower limit is 0.6." } as const,
      undefined,
      "is advisory: The lower limit is 0.6.",
    ],
    [
      "unusable",
      { verdict: "unusable", reason: "One label only." } as const,
      undefined,
      "is unusable: One label only.",
    ],
  ])("is inconclusive once it is %s, whatever the value", (_what, changes, now, reason) => {
    for (const value of [0.9, 0.1]) {
      const report = judged(value, changes, now);
      expect(report.verdict).toBe("inconclusive");
      expect(report.reasons.join()).toContain(reason);
      expect(report.notes).toEqual([]);
    }
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CalibrationEvidence, calibrationVerdict } from "./calibration-verdict.js";
import { moreLabels } from "./more-labels.js";

const good: CalibrationEvidence = {
  n: 100,
  clusters: 100,
  kappa: 0.8,
  lower: 0.7,
  upper: 0.9,
  observed: 0.9,
  expected: 0.5,
  baseline: 0.55,
  labelsOfPeople: 2,
  labelsOfJudge: 2,
  floor: 0.7,
  minLabels: 30,
  level: 0.95,
};
const decide = (change: Partial<CalibrationEvidence>) =>
  calibrationVerdict({ ...good, clusters: change.n ?? good.n, ...change });
const verdictOf = (change: Partial<CalibrationEvidence>) => decide(change).verdict;

describe("a judge is calibrated", () => {
  it("when the lower limit reaches the floor, not when it nearly does", () => {
    expect(decide({})).toEqual({
      verdict: "calibrated",
      reason: "the lower limit of kappa, 0.7, reaches 0.7",
    });
    expect(decide({ lower: 0.69999 })).toEqual({
      verdict: "advisory",
      reason: "the lower limit of kappa, 0.69999, does not reach 0.7",
    });
  });

  it("from the least number of different cases on", () => {
    expect(verdictOf({ clusters: 30 })).toBe("calibrated");
    expect(decide({ clusters: 29 })).toEqual({
      verdict: "advisory",
      reason:
        "100 items have a label and a verdict, but of 29 cases only; 30 different ones are the least that calibrates",
    });
  });

  it("from the least number of labels on", () => {
    expect(verdictOf({ n: 30 })).toBe("calibrated");
    expect(decide({ n: 29 })).toEqual({
      verdict: "advisory",
      reason: "29 items have a label and a verdict, 30 are the least that calibrates",
    });
  });

  it("with full agreement, when its labels are mixed enough to show it", () => {
    const perfect = { kappa: 1, lower: 1, upper: 1, observed: 1 };
    expect(verdictOf({ ...perfect, n: 30, expected: 0.5 })).toBe("calibrated");
    // 29 of one label and 1 of the other
    const rare = { ...perfect, n: 30, expected: (29 / 30) ** 2 + (1 / 30) ** 2, baseline: 29 / 30 };
    expect(decide(rare)).toMatchObject({
      verdict: "advisory",
      reason: expect.stringMatching(
        /^all 30 items agree, but rarer labels are too few to show it: kappa may/,
      ),
    });
    const { total } = moreLabels({ ...good, ...rare, se: 0 });
    expect(verdictOf({ ...rare, n: total as number })).toBe("calibrated");
    expect(verdictOf({ ...rare, n: (total as number) - 1 })).toBe("advisory");
  });
});

describe("a judge is unusable", () => {
  it("without a single item, and without a kappa", () => {
    const none = { kappa: null, lower: null, upper: null };
    expect(decide({ ...none, n: 0, observed: null, expected: null, baseline: null })).toEqual({
      verdict: "unusable",
      reason: "no item has both a label of people and a verdict of the judge",
    });
    expect(decide({ ...none, labelsOfPeople: 1, labelsOfJudge: 1, expected: 1 })).toMatchObject({
      verdict: "unusable",
      reason: expect.stringMatching(/^kappa is not defined/),
    });
  });

  it("when it gives one label only, whatever the accuracy", () => {
    const no = { kappa: 0, lower: 0, upper: 0, observed: 0.815, baseline: 0.815, labelsOfJudge: 1 };
    expect(decide(no)).toEqual({
      verdict: "unusable",
      reason: "the judge gave one label only, whatever it saw",
    });
    expect(decide({ ...no, labelsOfJudge: 2, labelsOfPeople: 1 }).reason).toMatch(
      /people gave one label only/,
    );
  });

  it("when chance is not ruled out, or a constant label does as well; but only below the floor", () => {
    const weak = { kappa: 0.2, lower: 0.01, upper: 0.5 };
    expect(verdictOf(weak)).toBe("advisory");
    expect(verdictOf({ ...weak, lower: 0 })).toBe("unusable");
    expect(verdictOf({ ...weak, lower: -0.1 })).toBe("unusable");
    expect(verdictOf({ ...weak, observed: 0.55 })).toBe("unusable");
    expect(verdictOf({ ...weak, observed: 0.551 })).toBe("advisory");
    expect(verdictOf({ ...weak, lower: -0.1, upper: 0.7 })).toBe("advisory");
    expect(verdictOf({ ...weak, lower: -0.1, upper: 0.699 })).toBe("unusable");
  });

  it("with few labels, too", () => {
    expect(verdictOf({ n: 10, kappa: 0, lower: -0.2, upper: 0.2 })).toBe("unusable");
    expect(verdictOf({ n: 10, kappa: 0.4, lower: -0.2, upper: 1 })).toBe("advisory");
  });
});

it("never is calibrated below the floor or with too few labels, and always says why in one sentence", () => {
  const limit = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(limit, limit, limit), fc.nat(60), fc.nat(3), (limits, n, labels) => {
      const [lower = 0, kappa = 0, upper = 0] = limits.toSorted((a, b) => a - b);
      const { verdict, reason } = decide({ lower, kappa, upper, n, labelsOfJudge: labels });
      if (verdict === "calibrated") expect(lower >= 0.7 - 1e-9 && n >= 30).toBe(true);
      expect(reason).toMatch(/^[a-z0-9][^\n]+[^.]$/);
      expect(reason).not.toMatch(/NaN|undefined|null/);
    }),
  );
});

describe("more labels", () => {
  it("are at least those that a calibration takes", () => {
    expect(moreLabels({ ...good, n: 10, se: 0.01 })).toMatchObject({ total: 30, more: 20 });
  });

  it("do not help below the floor, and prove no full agreement", () => {
    expect(moreLabels({ ...good, kappa: 0.6, lower: 0.5, se: 0.05 })).toMatchObject({ more: null });
    expect(moreLabels({ ...good, kappa: 1, lower: 1, floor: 1, se: 0 })).toEqual({
      more: null,
      total: null,
      reason: "no number of labels proves full agreement",
    });
  });
});

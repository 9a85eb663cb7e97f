import { describe, expect, it } from "vitest";
import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { correctedEstimate, type EstimatedItem } from "./corrected-estimate.js";

const BINARY: JudgeScale = { kind: "binary", fail: "no", pass: "yes" };
const GRADES: JudgeScale = {
  kind: "ordinal",
  levels: [1, 2, 3, 4, 5].map((value) => ({ value, anchor: String(value) })),
};

/** `count` items with the same labels; `truth` null: nobody labelled them. */
function items(
  name: string,
  count: number,
  judged: string | null,
  truth: string | null,
  slices: EstimatedItem["slices"] = {},
): readonly EstimatedItem[] {
  return Array.from({ length: count }, (_, index) => ({
    item: `${name}-${index}`,
    judged,
    truth,
    slices,
    caseId: `${name}-${index}`,
  }));
}

const estimate = (
  run: readonly EstimatedItem[],
  { scale = BINARY, elsewhere = [] }: { scale?: JudgeScale; elsewhere?: readonly EstimatedItem[] } = {},
) => correctedEstimate({ scale, run, elsewhere, minLabels: 30, level: 0.95 });

/** Sensitivity 36/40, specificity 15/20; 280 of the other 400 are called positive. */
const labelled = [
  ...items("tp", 36, "yes", "yes"),
  ...items("fn", 4, "no", "yes"),
  ...items("tn", 15, "no", "no"),
  ...items("fp", 5, "yes", "no"),
];
const run = [...labelled, ...items("pos", 280, "yes", null), ...items("neg", 120, "no", null)];

describe("correctedEstimate", () => {
  it("prints the raw share, the share corrected by the judge's errors and the powered mean beside each other", () => {
    const found = estimate([...run, ...items("refused", 3, null, null)]);
    expect(found).toMatchObject({ items: 463, unusable: 3, labels: { used: 60, inRun: 60, elsewhere: 0 } });
    expect(found.raw.estimate).toBeCloseTo(321 / 460, 12);
    // Rogan and Gladen: (0.7 + 0.75 - 1) / (0.9 + 0.75 - 1)
    expect(found.roganGladen.estimate).toBeCloseTo(0.45 / 0.65, 12);
    expect(found.roganGladen).toMatchObject({ sensitivity: 0.9, specificity: 0.75, n: 400 });
    // Mean of the judge on the others, plus its mean error: 0.7 + (40 - 41)/60
    expect(found.predictionPowered.estimate).toBeCloseTo(0.7 - 1 / 60, 12);
    expect(found.human.estimate).toBeCloseTo(40 / 60, 12);
    expect(found.tuned.lambda).toBeGreaterThan(0);
    expect(found.warnings).toEqual([]);
  });

  it("takes labels from elsewhere when the run has too few, and says so", () => {
    const found = estimate([...items("new", 70, "yes", null), ...items("old", 30, "no", null)], {
      elsewhere: labelled,
    });
    expect(found.labels).toEqual({ used: 60, inRun: 0, elsewhere: 60 });
    expect(found.roganGladen.estimate).toBeCloseTo(0.45 / 0.65, 12);
    expect(found.warnings.join()).toContain("60 of the 60 labelled items are not of this run");
    expect(estimate(run, { elsewhere: labelled }).labels.elsewhere).toBe(0);
  });

  it("corrects grades by prediction-powered inference alone, within the scale", () => {
    const found = estimate(
      [
        ...items("a", 20, "5", "4"),
        ...items("b", 20, "3", "3"),
        ...items("c", 60, "5", null),
        ...items("d", 40, "4", null),
      ],
      { scale: GRADES },
    );
    expect(found).toMatchObject({ measure: "grade", roganGladen: { estimate: null, n: 0 } });
    expect(found.roganGladen.reason).toContain("no sensitivity");
    expect(found.raw.estimate).toBeCloseTo((20 * 5 + 20 * 3 + 60 * 5 + 40 * 4) / 140, 12);
    expect(found.predictionPowered.estimate).toBeCloseTo(4.6 - 0.5, 12);
    const high = estimate([...items("a", 40, "1", "5"), ...items("b", 60, "4", null)], { scale: GRADES });
    expect(high.predictionPowered).toMatchObject({ estimate: 5, upper: 5 });
  });

  it.each([
    [
      "no labels",
      items("a", 50, "yes", null),
      "no labelled item is positive",
      "fewer than two labelled items",
    ],
    ["no verdicts", items("a", 50, null, null), "the judge gave no verdict", "fewer than two labelled items"],
    ["labels on everything", labelled, "every judged item of the run has a label", "every judged item"],
    [
      "a coin",
      [...items("a", 20, "yes", "yes"), ...items("b", 20, "yes", "no"), ...items("c", 40, "yes", null)],
      "no better than a coin",
      null,
    ],
  ])("gives null with a reason for %s", (_, given, ofShare, ofMean) => {
    const { roganGladen, predictionPowered } = estimate(given);
    expect(roganGladen.estimate).toBeNull();
    expect(roganGladen.reason).toContain(ofShare);
    if (ofMean === null) expect(predictionPowered.reason).toBeNull();
    else expect(predictionPowered.reason).toContain(ofMean);
  });

  it("warns when the labels all come from one slice, or follow the judge's verdict", () => {
    const sliced = estimate([
      ...labelled.map((one) => ({ ...one, slices: { risk: "high" } })),
      ...items("high", 100, "yes", null, { risk: "high" }),
      ...items("low", 300, "yes", null, { risk: "low" }),
    ]);
    expect(sliced.warnings.join("\n")).toContain(
      "60 of 60 of them have risk high, and 100 of the 400 others",
    );
    const picked = estimate([
      ...items("a", 20, "no", "no"),
      ...items("b", 20, "no", "yes"),
      ...items("c", 10, "no", null),
      ...items("d", 200, "yes", null),
    ]);
    expect(picked.warnings.join("\n")).toContain("40 of 40 of them have the verdict no");
  });

  it("warns of few labels, of few disagreements and of several trials of a case", () => {
    const found = estimate([
      ...items("a", 10, "yes", "yes"),
      ...items("b", 10, "no", "no"),
      ...items("c", 40, "yes", null).map((one) => ({ ...one, caseId: "one" })),
    ]).warnings.join("\n");
    expect(found).toContain("20 labels are few");
    expect(found).toContain("differ on 0 labelled items");
    expect(found).toContain("60 items belong to 21 cases");
  });
});

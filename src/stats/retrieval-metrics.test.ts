import { describe, expect, it } from "vitest";
import { compareRetrieved, rankingValues } from "./retrieval-metrics.js";

describe("compareRetrieved", () => {
  it("puts the higher score first, and of a tie the id that is greater in bytes", () => {
    expect(compareRetrieved("a", 2, "b", 1)).toBe(-1);
    expect(compareRetrieved("a", 1, "b", 1)).toBe(1);
    expect(compareRetrieved("a", 1, "a", 1)).toBe(0);
    // U+FFFD is greater than U+1F600 in UTF-16 and less in UTF-8.
    expect(compareRetrieved("\u{1f600}", 1, "\ufffd", 1)).toBe(-1);
  });

  it("takes scores that are one number in single precision for a tie", () => {
    expect(compareRetrieved("a", 0.70000001, "b", 0.7)).toBe(1);
  });
});

describe("rankingValues", () => {
  it("gives graded gains, and 0 without a relevant document", () => {
    const values = rankingValues([0, 2, -1], [2, 1, -1, 0], { cutoffs: [1, 3], gain: "exp2" });
    expect(values.ndcg_cut_3).toBeCloseTo(3 / Math.log2(3) / (3 + 1 / Math.log2(3)), 12);
    expect(values).toMatchObject({
      recip_rank: 0.5,
      recip_rank_cut_1: 0,
      P_3: 1 / 3,
      map: 0.25,
      set_recall: 0.5,
    });
    const none = rankingValues([0, 0], [0, -1], { cutoffs: [1] });
    expect(Object.values(none).every((value) => value === 0)).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retrievalMetrics } from "../../stats/retrieval-metrics.js";
import { BROKEN, inputOf } from "../testing/trial-builder.js";
import { contextPrecision, hitRate, ndcgAt, recallAt, reciprocalRank } from "./ranking-metrics.js";

const recallAt5 = recallAt(5);
const ndcgAt10 = ndcgAt(10);
const all = [hitRate, contextPrecision, recallAt5, reciprocalRank, ndcgAt10];

/** A trial that retrieved these documents in this order. */
const retrieved = (documents: readonly string[], sources: readonly string[]) =>
  inputOf({ expect: { sources }, retrievals: [documents.map((id) => [id, "text"] as const)] });

describe("ranking metrics", () => {
  it("give hand-computed values for relevant documents at ranks 2 and 4", () => {
    const input = retrieved(["x", "a", "y", "b"], ["a", "b", "c"]);
    expect(hitRate.score(input)).toEqual({ value: 1 });
    expect(contextPrecision.score(input)).toEqual({ value: (1 / 2 + 2 / 4) / 2 });
    expect(recallAt5.score(input)).toEqual({ value: 2 / 3 });
    expect(reciprocalRank.score(input)).toEqual({ value: 1 / 2 });
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(ndcgAt10.score(input).value).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / ideal, 12);
  });

  it("count a document once, where it first came, over all retrievals of the trial", () => {
    const input = inputOf({
      expect: { sources: ["b"] },
      retrievals: [
        [
          ["a", "1"],
          ["a", "2"],
        ],
        [
          ["a", "3"],
          ["b", "4"],
        ],
      ],
    });
    expect(reciprocalRank.score(input)).toEqual({ value: 1 / 2 });
  });

  it("cut recall at rank 5", () => {
    expect(recallAt5.score(retrieved(["1", "2", "3", "4", "5", "a"], ["a"]))).toEqual({ value: 0 });
    expect(hitRate.score(retrieved(["1", "2", "3", "4", "5", "a"], ["a"]))).toEqual({ value: 1 });
  });

  it("are 0 when the retrieval found nothing, and null when there was none or nothing was expected", () => {
    for (const metric of all) {
      expect(metric.score(retrieved([], ["a"]))).toEqual({ value: 0 });
      expect(metric.score(inputOf({ expect: { sources: ["a"] } }))).toMatchObject({ value: null });
      expect(metric.score(retrieved(["a"], []))).toEqual({
        value: null,
        reason: "the case states no sources",
      });
      expect(metric.score(inputOf({ ...{ expect: { sources: ["a"] } }, trial: BROKEN }))).toEqual({
        value: null,
        reason: "infrastructure error: PROVIDER_TIMEOUT",
      });
    }
  });

  it("agree with trec_eval's definitions on any ranking", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefghijklmnop"), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(ids, ids, (documents, sources) => {
        const input = retrieved(documents, sources);
        const grades = Object.fromEntries(sources.map((id) => [id, 1]));
        const scores = Object.fromEntries(documents.map((id, rank) => [id, -rank]));
        const oracle = retrievalMetrics({ q: grades }, { q: scores }, { cutoffs: [5, 10, 16] }).perQuery.q!;
        expect(ndcgAt10.score(input).value!).toBeCloseTo(oracle.ndcg_cut_10!, 12);
        expect(recallAt5.score(input).value!).toBeCloseTo(oracle.recall_5!, 12);
        expect(reciprocalRank.score(input).value!).toBeCloseTo(oracle.recip_rank!, 12);
        expect(hitRate.score(input).value!).toBe(oracle.success_16!);
        for (const metric of all) {
          const { value } = metric.score(input);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

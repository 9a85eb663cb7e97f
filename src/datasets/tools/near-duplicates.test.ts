import { describe, expect, it } from "vitest";
import type { GoldenCase } from "../../core/golden-case.js";
import { SeededRandom } from "../../stats/random.js";
import { parseDatasetLines } from "../dataset-builder.js";
import { bandingFor, minHashSignatures, SIGNATURE_LENGTH } from "./min-hash.js";
import { crossSplitDuplicates, fingerprintCases, nearDuplicates } from "./near-duplicates.js";
import { jaccardFrom, shingleSets } from "./shingle-sets.js";

const OPTIONS = { threshold: 0.8, shingleWords: 2, seed: 1 };

function casesOf(texts: readonly string[], splits: readonly string[] = []): readonly GoldenCase[] {
  const lines = texts.map((input, index) =>
    JSON.stringify({ id: `c${index}`, input, split: splits[index] ?? "dev" }),
  );
  return parseDatasetLines(lines, "golden.jsonl").cases;
}

/** Texts of 30 words of which some are taken over from an earlier text, so that all similarities occur. */
function randomTexts(count: number): readonly string[] {
  const random = new SeededRandom(7);
  const texts: string[][] = [];
  for (let index = 0; index < count; index++) {
    const fresh = Array.from({ length: 30 }, () => `w${random.nextBelow(400)}`);
    const source = index === 0 ? fresh : (texts[random.nextBelow(index)] as string[]);
    const taken = random.nextBelow(31);
    texts.push([...source.slice(0, taken), ...fresh.slice(taken)]);
  }
  return texts.map((words) => words.join(" "));
}

describe("MinHash", () => {
  it("estimates the similarity without bias", () => {
    const texts = randomTexts(300);
    const sets = shingleSets(texts, 2);
    const signatures = minHashSignatures(sets, 1);
    let sum = 0;
    let worst = 0;
    for (let index = 1; index < texts.length; index++) {
      const exact = jaccardFrom(0, sets[index - 1] as Float64Array, sets[index] as Float64Array) ?? 0;
      let equal = 0;
      for (let place = 0; place < SIGNATURE_LENGTH; place++) {
        const other = (index - 1) * SIGNATURE_LENGTH + place;
        if (signatures[other] === signatures[index * SIGNATURE_LENGTH + place]) equal++;
      }
      sum += equal / SIGNATURE_LENGTH - exact;
      worst = Math.max(worst, Math.abs(equal / SIGNATURE_LENGTH - exact));
    }
    expect(Math.abs(sum / texts.length)).toBeLessThan(0.01);
    expect(worst).toBeLessThan(0.2);
  });

  it.each([0.2, 0.5, 0.7, 0.8, 0.9, 1])("bands overlook at most one in a million at %f", (threshold) => {
    const { bands, rows } = bandingFor(threshold);
    expect(bands * rows).toBeLessThanOrEqual(SIGNATURE_LENGTH);
    expect((1 - threshold ** rows) ** bands).toBeLessThanOrEqual(1e-6);
  });
});

describe("nearDuplicates", () => {
  const texts = randomTexts(600);
  const sets = shingleSets(texts, 2);

  it.each([0.3, 0.5, 0.8, 0.95])("finds at %f what a comparison of all pairs finds", (threshold) => {
    const kept: number[] = [];
    const expected: number[] = [];
    for (const [index, set] of sets.entries()) {
      const repeats = kept.some((other) => jaccardFrom(threshold, set, sets[other] as Float64Array) !== null);
      (repeats ? expected : kept).push(index);
    }
    const found = nearDuplicates(fingerprintCases(casesOf(texts), { ...OPTIONS, threshold }));
    expect(found.map((one) => one.duplicate)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(5);
    for (const { duplicate, index, similarity } of found) {
      expect(jaccardFrom(0, sets[duplicate] as Float64Array, sets[index] as Float64Array)).toBe(similarity);
    }
  });

  it("does not depend on the seed of the hash functions", () => {
    const found = [1, 2, 99].map((seed) =>
      nearDuplicates(fingerprintCases(casesOf(texts), { ...OPTIONS, seed })),
    );
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  it("keeps the first of many equal texts", () => {
    const found = nearDuplicates(fingerprintCases(casesOf(Array(500).fill("the same words again")), OPTIONS));
    expect(found).toHaveLength(499);
    expect(found.every((one) => one.index === 0 && one.similarity === 1)).toBe(true);
  });
});

describe("crossSplitDuplicates", () => {
  it("holds test against dev, and the holdout against both", () => {
    const cases = casesOf(
      ["reset my key", "cancel my order", "reset my key", "cancel my order", "reset my key", "ship it"],
      ["test", "dev", "dev", "holdout", "dev", "holdout"],
    );
    expect(crossSplitDuplicates(cases, fingerprintCases(cases, OPTIONS))).toEqual([
      { duplicate: 0, index: 2, similarity: 1 },
      { duplicate: 3, index: 1, similarity: 1 },
    ]);
  });

  it("finds nothing within one split", () => {
    const cases = casesOf(["a b c", "a b c"], ["holdout", "holdout"]);
    expect(crossSplitDuplicates(cases, fingerprintCases(cases, OPTIONS))).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaccardFrom, shingleSets, wordsOf } from "./shingle-sets.js";

/** Jaccard similarity of word shingles as the definition says, on texts. */
function byDefinition(a: string, b: string, shingleWords: number): number {
  const shingles = (text: string) => {
    const words = [...wordsOf(text)];
    while (words.length < shingleWords) words.push("");
    return new Set(
      words.slice(shingleWords - 1).map((_, start) => words.slice(start, start + shingleWords).join("\0")),
    );
  };
  const [left, right] = [shingles(a), shingles(b)];
  const shared = [...left].filter((one) => right.has(one)).length;
  return shared / (left.size + right.size - shared);
}

function similarity(a: string, b: string, shingleWords: number, threshold = 0): number | null {
  const [left, right] = shingleSets([a, b], shingleWords);
  return jaccardFrom(threshold, left as Float64Array, right as Float64Array);
}

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 12 });
const text = words.map((list) => list.join(" "));

describe("wordsOf", () => {
  it.each([
    ["How do I reset a key?", ["how", "do", "i", "reset", "a", "key"]],
    ["Order #W123, A-1060", ["order", "w123", "a", "1060"]],
    ["Grüße  aus\nKöln", ["grüße", "aus", "köln"]],
    ["退货政策", ["退", "货", "政", "策"]],
    ["ﬁve ｆｕｌｌ", ["five", "full"]],
    ["???", ["???"]],
    ["", [""]],
  ])("%j", (source, expected) => {
    expect(wordsOf(source)).toEqual(expected);
  });
});

describe("similarity of shingles", () => {
  it("is what the definition says", () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 5 }), (a, b, shingleWords) => {
        expect(similarity(a, b, shingleWords)).toBeCloseTo(byDefinition(a, b, shingleWords), 12);
      }),
    );
  });

  it("is null exactly below the threshold", () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(0.25, 1 / 3, 0.5, 0.8, 1), (a, b, threshold) => {
        const exact = byDefinition(a, b, 2);
        expect(similarity(a, b, 2, threshold)).toBe(exact >= threshold ? exact : null);
      }),
    );
  });

  it("is 1 for the same words and 0 for none in common", () => {
    expect(similarity("Reset  my KEY!", "reset my key", 2)).toBe(1);
    expect(similarity("reset my key", "cancel order now", 2)).toBe(0);
  });

  it("tells a short text from the beginning of a longer one", () => {
    expect(similarity("a b", "a b c", 3)).toBe(0);
    expect(similarity("a", "a", 3)).toBe(1);
  });
});

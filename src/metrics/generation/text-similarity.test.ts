import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputOf } from "../testing/trial-builder.js";
import { bleu, bleuOfTokens, bleuTokens } from "./bleu.js";
import { chrF, chrFScore, editSimilarity, editSimilarityScore } from "./character-metrics.js";
import { correctnessBaseline } from "./correctness-baseline.js";
import { lcsLength } from "./longest-common-subsequence.js";
import { rouge1, rouge2, rougeL, rougeLongest, rougeN } from "./rouge.js";
import { exactMatch, normalisedMatch, squadText, tokenF1, tokenF1Score } from "./squad.js";

interface Pair {
  readonly answer: string;
  readonly reference: string;
}

/** How each part was made stands under `oracles` in the file. */
const fixture: {
  readonly bleu: readonly { answer: readonly string[]; reference: readonly string[]; bleu: number }[];
  readonly chrf: readonly (Pair & { chrf: number })[];
  readonly chrfEqualLengths: readonly (Pair & { chrf: number })[];
  readonly edits: readonly (Pair & { distance: number; longer: number })[];
  readonly ascii: readonly (Pair & {
    normalised: string;
    tokenF1: number;
    rouge1: number | null;
    rouge2: number | null;
    rougeL: number | null;
  })[];
} = JSON.parse(readFileSync(new URL("./__fixtures__/text-similarity.json", import.meta.url), "utf8"));

const metrics = [
  exactMatch,
  normalisedMatch,
  tokenF1Score,
  rouge1,
  rouge2,
  rougeLongest,
  bleu,
  chrFScore,
  editSimilarityScore,
  correctnessBaseline,
];

const scoreOf = (metric: (typeof metrics)[number], answer: string | null, reference: string | null) =>
  metric.score(inputOf({ answer, expect: { answer: reference } }));

describe("oracle vectors", () => {
  it("are there", () => {
    expect(fixture.bleu.length).toBeGreaterThan(100);
    expect(fixture.ascii.length).toBeGreaterThan(60);
  });

  it("BLEU agrees with nltk", () => {
    for (const { answer, reference, bleu: wanted } of fixture.bleu) {
      expect(bleuOfTokens(answer, reference)).toBeCloseTo(wanted, 12);
    }
  });

  it("chrF agrees with nltk's precision and recall", () => {
    for (const { answer, reference, chrf } of [...fixture.chrf, ...fixture.chrfEqualLengths]) {
      expect(chrF(answer, reference)).toBeCloseTo(chrf, 12);
    }
  });

  it("edit similarity agrees with nltk's edit distance", () => {
    for (const { answer, reference, distance, longer } of fixture.edits) {
      expect(editSimilarity(answer, reference)).toBeCloseTo(1 - distance / longer, 12);
    }
  });

  it("SQuAD and ROUGE agree with their definitions on ASCII text", () => {
    for (const { answer, reference, ...wanted } of fixture.ascii) {
      expect(squadText(answer)).toBe(wanted.normalised);
      expect(tokenF1(answer, reference)).toBeCloseTo(wanted.tokenF1, 12);
      const rouge = [rougeN(answer, reference, 1), rougeN(answer, reference, 2), rougeL(answer, reference)];
      for (const [index, value] of [wanted.rouge1, wanted.rouge2, wanted.rougeL].entries()) {
        if (value === null) expect(rouge[index]).toHaveProperty("unscored");
        else expect(rouge[index]).toBeCloseTo(value, 12);
      }
    }
  });
});

describe("published values", () => {
  it.each([
    ["a", "a", 1],
    ["a b c", "abc", 1],
    ["", "c", 0],
    ["aa", "ab", 0.25],
    ["abcdefg", "hijklmnop", 0],
  ])("chrF of sacreBLEU with effective order: %s, %s", (answer, reference, wanted) => {
    expect(chrF(answer, reference)).toBe(wanted);
  });

  it("ROUGE-L ignores gaps, ROUGE-2 does not", () => {
    expect(rougeL("testing two", "testing one two")).toBeCloseTo(0.8, 12);
    expect(rougeN("testing two", "testing one two", 2)).toBe(0);
    expect(rougeN("testing one", "testing one two", 2)).toBeCloseTo(2 / 3, 12);
  });
});

describe("tokens", () => {
  it.each([
    ["It costs $1,055.50, or so.", ["It", "costs", "$", "1,055.50", ",", "or", "so", "."]],
    ["state-of-the-art 10-day (e-mail)", ["state-of-the-art", "10", "-", "day", "(", "e-mail", ")"]],
    ["don't", ["don't"]],
    ["R&amp;D re-\nads…", ["R", "&", "D", "reads…"]],
    ["密钥 abc", ["密", "钥", "abc"]],
    ["", []],
  ])("of BLEU: %s", (text, tokens) => expect(bleuTokens(text)).toEqual(tokens));

  it.each([
    ["The  Cat—and A Dog!", "catand dog"],
    ["“Größe”：ＡＢＣ", "größeabc"],
    ["an theory the", "theory"],
  ])("of SQuAD: %s", (text, normal) => expect(squadText(text)).toBe(normal));

  it("fold what looks the same and keep what is not ASCII", () => {
    expect(tokenF1("ＡＰＩ key", "api KEY")).toBe(1);
    expect(tokenF1("密钥过期", "密钥")).toBeCloseTo(2 / 3, 12);
    expect(rougeN("clé périmée", "la clé périmée", 1)).toBeCloseTo(0.8, 12);
    expect(rougeN("हिन्दी", "हिन्दी", 1)).toBe(1);
    expect(editSimilarity("cafe\u0301", "café")).toBe(1);
    expect(editSimilarity("👍a", "👎a")).toBe(0.5);
  });
});

describe("rules", () => {
  it.each(metrics.map((metric) => [metric.name, metric] as const))("%s", (_, metric) => {
    expect(scoreOf(metric, "x", null)).toEqual({
      value: null,
      reason: "the case states no reference answer",
    });
    expect(scoreOf(metric, null, "Keys expire.")).toEqual({ value: 0, detail: "the agent gave no answer" });
    expect(scoreOf(metric, "", "Keys expire.").value).toBe(0);
    expect(scoreOf(metric, "Keys expire.", "Keys expire.").value).toBeCloseTo(1, 12);
    expect(scoreOf(metric, "qqq", "Keys expire.").value).toBe(0);
  });

  it("exact match counts white space, the normalised one does not", () => {
    expect(scoreOf(exactMatch, "Paris\n", "Paris").value).toBe(0);
    expect(scoreOf(normalisedMatch, "the PARIS.\n", "Paris").value).toBe(1);
  });

  it("texts of which nothing is left", () => {
    for (const metric of [exactMatch, normalisedMatch, tokenF1Score, editSimilarityScore]) {
      expect(scoreOf(metric, "", "").value).toBe(1);
    }
    for (const metric of [rouge1, rouge2, rougeLongest, bleu, chrFScore, correctnessBaseline]) {
      expect(scoreOf(metric, "x", " ").value).toBeNull();
    }
    expect(scoreOf(rouge2, "yes", "yes").value).toBeNull();
  });

  it("the correctness baseline reads inflected words and spelled numbers alike", () => {
    expect(
      scoreOf(correctnessBaseline, "Cancelled orders cost $1,055.00", "cancel order: costs 1055").value,
    ).toBe(1);
    expect(scoreOf(correctnessBaseline, "Orders cost 10", "Orders cost 20").value).toBeCloseTo(2 / 3, 12);
  });
});

describe("any two texts", () => {
  const word = fc.constantFrom("a", "the", "key", "keys", "90", "don't", "密钥", "é", "😀", ".", "[x]", "\n");
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 40 }).map((words) => words.join(" ")),
  );

  it("give a number in [0, 1] or a reason, and 1 against themselves", () => {
    fc.assert(
      fc.property(text, text, (answer, reference) => {
        for (const metric of metrics) {
          const { value } = scoreOf(metric, answer, reference);
          if (value !== null) expect(value >= 0 && value <= 1).toBe(true);
          const same = scoreOf(metric, reference, reference).value;
          if (same !== null) expect(same).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it("are as near one way as the other, where precision and recall weigh the same", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const metric of [exactMatch, normalisedMatch, tokenF1Score, editSimilarityScore]) {
          expect(scoreOf(metric, a, b).value).toBe(scoreOf(metric, b, a).value);
        }
        for (const metric of [rouge1, rouge2, rougeLongest, correctnessBaseline]) {
          const there = scoreOf(metric, a, b).value;
          const back = scoreOf(metric, b, a).value;
          if (there !== null && back !== null) expect(there).toBe(back);
        }
      }),
    );
  });

  it("share a longest common subsequence as the plain programme finds it", () => {
    const tokens = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 100 });
    fc.assert(
      fc.property(tokens, tokens, (a, b) => {
        let row = new Array<number>(b.length + 1).fill(0);
        for (const token of a) {
          const next = [0];
          for (const [index, other] of b.entries()) {
            next.push(token === other ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!));
          }
          row = next;
        }
        expect(lcsLength(a, b)).toBe(row[b.length]);
      }),
    );
  });
});

describe("long texts", () => {
  const long = Array.from({ length: 17_000 }, (_, index) => `w${(index * 7919) % 5000}`).join(" ");

  it("of 100 KB are compared in bounded time, or say that they are too long", () => {
    for (const metric of metrics) {
      const started = performance.now();
      const against = scoreOf(metric, long, "Keys expire after 90 days.").value;
      expect(against).not.toBeNull();
      const { value } = scoreOf(metric, long, `${long} more`);
      expect(performance.now() - started).toBeLessThan(5000);
      if (metric === editSimilarityScore) expect(value).toBeNull();
      else expect(value).not.toBeNull();
    }
  });

  it("beyond the limit of ROUGE-L have no score", () => {
    expect(rougeL("a ".repeat(30_000), "a ".repeat(20_000))).toEqual({
      unscored: "answer and reference are too long for ROUGE-L",
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACT_KINDS } from "./fact.js";
import { chooseFacts, type RecallSettings } from "./recall.js";
import { recallScore } from "./recall-score.js";
import { storedFact } from "./testing/facts.js";

const NOW = 10_000;
const SETTINGS: RecallSettings = { alpha: 0.5, halfLifeMs: 1_000, topK: 2, minScore: 0.3, profileK: 0 };

const anyFact = fc
  .record({
    kind: fc.constantFrom(...FACT_KINDS),
    observedAtMs: fc.integer({ min: 0, max: NOW }),
    similarity: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ similarity, ...part }) => ({ similarity, part }));

describe("chooseFacts", () => {
  it("gives the best scores first, at most so many, none below the least score", () => {
    const facts = ["old", "alike", "new", "neither"].map((id) =>
      storedFact({ id, observedAtMs: id === "new" || id === "alike" ? NOW : 0 }),
    );
    const chosen = chooseFacts(facts, [0.9, 0.8, 0, 0], SETTINGS, NOW);
    expect(chosen.map(({ fact }) => fact.id)).toEqual(["alike", "new"]);
    expect(chosen.map(({ score }) => score)).toEqual([0.9, 0.5]);
    const more = chooseFacts(facts, [0.9, 0.8, 0, 0], { ...SETTINGS, topK: 9 }, NOW);
    expect(more.map(({ fact }) => fact.id)).toEqual(["alike", "new", "old"]);
  });

  it("adds what should be known whatever is asked: profile, preferences, open issues", () => {
    const kinds = ["summary", "profile", "fact", "preference", "satisfaction", "issue"] as const;
    const facts = kinds.map((kind) => storedFact({ id: kind, kind, observedAtMs: 0 }));
    const settings = { ...SETTINGS, profileK: 9 };
    const chosen = chooseFacts(facts, [0, 0, 0, 0, 0, 0], settings, NOW);
    expect(chosen.map(({ fact }) => fact.id).sort()).toEqual(["issue", "preference", "profile"]);
  });

  it("is the same whatever the order of the facts, and never more than asked for", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), fc.nat(5), fc.nat(5), (given, topK, profileK) => {
        const settings = { ...SETTINGS, topK, profileK };
        const items = given.map(({ similarity, part }, index) => ({
          similarity,
          fact: storedFact({ ...part, id: `f${index}` }),
        }));
        const choose = (list: typeof items) =>
          chooseFacts(
            list.map(({ fact }) => fact),
            list.map(({ similarity }) => similarity),
            settings,
            NOW,
          );
        const chosen = choose(items);
        expect(chosen.length).toBeLessThanOrEqual(topK + profileK);
        expect(choose([...items].reverse())).toEqual(chosen);
        for (const { fact, score } of chosen) {
          const similarity = items.find((one) => one.fact.id === fact.id)?.similarity ?? -1;
          expect(score).toBe(recallScore(similarity, NOW - fact.observedAtMs, settings));
        }
        const scores = chosen.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((left, right) => right - left));
      }),
    );
  });
});

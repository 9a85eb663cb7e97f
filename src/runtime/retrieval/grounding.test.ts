import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assessGrounding } from "./grounding.js";
import type { Passage } from "./retriever.js";
import { document, retrieverOf, searchNow } from "./testing/make-retriever.js";

function passage(documentId: string, similarity: number, ranks: NonNullable<Passage["ranks"]>): Passage {
  return {
    documentId,
    chunkId: `${documentId}#1`,
    title: "",
    text: "",
    score: 0,
    section: "",
    updated: "",
    status: "current",
    scores: { similarity },
    ranks,
  };
}

describe("assessGrounding", () => {
  it("weighs top, gap and agreement, checked by hand", () => {
    const passages = [
      passage("a", 0.5, { bm25: 1, vectors: 2 }),
      passage("b", 0.8, { bm25: 2, vectors: 1 }),
      passage("b", 0.7, { bm25: 2, vectors: 1 }),
    ];
    const grounding = assessGrounding(passages, 0.6);
    expect(grounding).toMatchObject({ top: 0.8, agreement: 0.75, threshold: 0.6, isGrounded: true });
    expect(grounding.gap).toBeCloseTo(0.375, 12);
    expect(grounding.confidence).toBeCloseTo(0.5 * 0.8 + 0.2 * 0.375 + 0.3 * 0.75, 12);
    expect(assessGrounding(passages, 0.71).isGrounded).toBe(false);
  });

  it("counts a method that did not find the document as 0, and passages where there is one method", () => {
    expect(assessGrounding([passage("a", 0.5, { bm25: 1, vectors: null })], 0.5)).toMatchObject({
      agreement: 0.5,
      gap: 1,
    });
    const one = ["a", "a", "b", "b"].map((id, at) => passage(id, 0.9 - at / 10, { bm25: 1 }));
    expect(assessGrounding(one, 0.5).agreement).toBeCloseTo(2 / 3, 12);
  });

  it("is not grounded without passages or similarity", () => {
    expect(assessGrounding([], 0.5)).toMatchObject({
      confidence: 0,
      top: 0,
      gap: 0,
      agreement: 0,
      isGrounded: false,
    });
    expect(assessGrounding([passage("a", 0, { bm25: null, vectors: null })], 0.5).isGrounded).toBe(false);
  });

  it("stays between 0 and 1 and rises with the similarity of the best", () => {
    const rank = fc.option(fc.integer({ min: 1, max: 50 }));
    const one = fc
      .tuple(fc.constantFrom("a", "b", "c"), fc.double({ min: 0, max: 1, noNaN: true }), rank, rank)
      .map(([id, similarity, bm25, vectors]) => passage(id, similarity, { bm25, vectors }));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (passages) => {
        const { confidence, top, gap, agreement } = assessGrounding(passages, 0.5);
        for (const value of [confidence, top, gap, agreement]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        const best = passages.find(({ scores }) => scores?.similarity === top);
        if (best === undefined) return;
        const surer = passages.map((other) =>
          other === best ? { ...other, scores: { similarity: 1 } } : other,
        );
        expect(assessGrounding(surer, 0.5).confidence).toBeGreaterThanOrEqual(confidence - 1e-12);
      }),
    );
  });

  it("tells a question that the documents answer from one that they do not", async () => {
    const documents = [
      document("returns", "You may return a sensor within 30 days of delivery for a full refund.", {
        title: "Returns",
      }),
      document("shipping", "Parcels to Norway take nine working days by ship.", { title: "Shipping" }),
      document("hours", "Support answers from nine to five on working days.", { title: "Support hours" }),
    ];
    const retriever = await retrieverOf(documents, { method: "hybrid" });
    const isGrounded = (query: string) => assessGrounding(searchNow(retriever, query), 0.6).isGrounded;
    expect(isGrounded("Within how many days can I return a sensor for a refund?")).toBe(true);
    expect(isGrounded("How many working days do parcels to Norway take?")).toBe(true);
    expect(isGrounded("Does your company sponsor a football club?")).toBe(false);
    expect(isGrounded("Which wine goes with salmon?")).toBe(false);
  });
});

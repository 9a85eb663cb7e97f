import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnowledgeDocument } from "../documents/documents.js";
import { buildRetriever } from "./bm25-index.js";

function document(id: string, body: string, more: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  return { id, title: id, updated: "2026-01-01", status: "current", supersededBy: null, body, ...more };
}

const DOCUMENTS = [
  document("refunds", "A refund goes back to the original payment method."),
  document("returns", "Products are returned within 30 days of delivery."),
  document("shipping", "Shipping takes five days. Express shipping takes one day."),
];
const options = { chunkWords: 120 };

describe("buildRetriever", () => {
  it("finds by stem, best first, with higher scores for better matches", () => {
    const passages = buildRetriever(DOCUMENTS, options).search("How do I return products after delivery?", 5);
    expect(passages[0]).toMatchObject({
      documentId: "returns",
      chunkId: "returns#1",
      section: "",
      status: "current",
    });
    for (const [index, { score }] of passages.entries())
      expect(score).toBeLessThanOrEqual(passages[index - 1]?.score ?? score);
    expect(passages[0]?.score).toBeGreaterThan(0);
  });

  it("ranks as BM25 does, checked by hand", () => {
    const same = [
      document("a", "apple pear pear plum"),
      document("b", "apple fig fig fig"),
      document("c", "lime fig plum kiwi"),
    ];
    const found = buildRetriever(
      same.map((one) => ({ ...one, title: "page" })),
      options,
    ).search("pear", 3);
    // One of three chunks holds "pear", twice; all have 5 words: idf = ln((3 - 1 + 0.5) / (1 + 0.5)), tf part = 2 * 2.2 / (2 + 1.2).
    const expected = Math.log(2.5 / 1.5) * ((2 * 2.2) / (2 + 1.2));
    expect(found).toHaveLength(1);
    expect(found[0]?.score).toBeCloseTo(expected, 6);
  });

  it("breaks ties in document and passage order", () => {
    const twins = Array.from({ length: 12 }, (_, index) =>
      document(`twin-${index}`, "same words here", { title: "twin" }),
    );
    const ids = buildRetriever([...twins, ...DOCUMENTS], options)
      .search("same words", 12)
      .map(({ documentId }) => documentId);
    expect(ids).toEqual(twins.map(({ id }) => id));
  });

  it("leaves a superseded document out when its replacement is indexed, also over a chain", () => {
    const chain = [
      document("v1", "return window 90 days", { status: "superseded", supersededBy: "v2" }),
      document("v2", "return window 60 days", { status: "superseded", supersededBy: "v3" }),
      document("v3", "return window 30 days"),
    ];
    const found = buildRetriever([...chain, ...DOCUMENTS], options).search("return window", 10);
    expect(found.map(({ documentId }) => documentId)).toEqual(["v3", "returns"]);
  });

  it("halves the score of a superseded document without a replacement", () => {
    const text = "gift wrapping costs three dollars";
    const withdrawn = document("withdrawn", text, { title: "page", status: "superseded" });
    const current = document("current", text, { title: "page" });
    const found = buildRetriever([withdrawn, current, ...DOCUMENTS], options).search("gift wrapping", 10);
    expect(found.map(({ documentId }) => documentId)).toEqual(["current", "withdrawn"]);
    expect(found[1]?.score).toBeCloseTo((found[0]?.score ?? 0) / 2, 10);
  });

  it("gives nothing for a query without a known word", () => {
    const retriever = buildRetriever(DOCUMENTS, options);
    expect(retriever.search("", 3)).toEqual([]);
    expect(retriever.search("?!* ()", 3)).toEqual([]);
    expect(retriever.search("zeppelin", 3)).toEqual([]);
    expect(() => retriever.search("refund", 0)).toThrow(RangeError);
  });

  it("has a hash of everything that can change a result", () => {
    const { hash } = buildRetriever(DOCUMENTS, options);
    expect(buildRetriever([...DOCUMENTS], { chunkWords: 120 }).hash).toBe(hash);
    expect(buildRetriever(DOCUMENTS, { chunkWords: 60 }).hash).not.toBe(hash);
    expect(buildRetriever(DOCUMENTS.slice(1), options).hash).not.toBe(hash);
  });

  it("never throws on a query, returns at most topK and the same twice", () => {
    const retriever = buildRetriever(DOCUMENTS, options);
    const query = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc
        .array(fc.constantFrom("refund", '"', "*", "NEAR(", "AND", "OR", "NOT", "title:", "-", "^", "days"), {
          maxLength: 12,
        })
        .map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(query, fc.integer({ min: 1, max: 5 }), (text, topK) => {
        const found = retriever.search(text, topK);
        expect(found.length).toBeLessThanOrEqual(topK);
        expect(retriever.search(text, topK)).toEqual(found);
      }),
    );
  });
});

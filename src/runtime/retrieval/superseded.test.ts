import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnowledgeDocument } from "./documents/documents.js";
import { findReplaced } from "./index/replaced.js";
import type { Reranker } from "./ranking/reranker.js";
import { document, idsOf, retrieverOf, searchNow } from "./testing/make-retriever.js";

const WORDS = ["refund", "window", "days", "return", "policy", "credit", "order", "fee"];
const body = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 })
  .map((words) => words.join(" "));

/** Up to 12 documents, some superseded, some of these by another one of the list. */
const knowledge = fc
  .array(fc.record({ body, isOld: fc.boolean(), next: fc.nat(11), hasNext: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) =>
    parts.map(({ body: text, isOld, next, hasNext }, at): KnowledgeDocument => {
      const replacement = next % parts.length;
      const supersededBy = isOld && hasNext && replacement !== at ? `d${replacement}` : null;
      return document(`d${at}`, text, { status: isOld ? "superseded" : "current", supersededBy });
    }),
  );

describe("superseded documents", () => {
  it("never stand before a current one, whatever fusion, reranker and MMR say", async () => {
    await fc.assert(
      fc.asyncProperty(
        knowledge,
        fc.constantFrom("bm25", "vectors", "hybrid"),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 50 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        body,
        async (documents, method, lambda, scores, reranks, topK, query) => {
          const reranker: Reranker = {
            name: "any",
            identity: null,
            rerank: ({ candidates }) => candidates.map((_, at) => scores[at % scores.length] ?? null),
          };
          const block = { method, ...(lambda === undefined ? {} : { mmr: { lambda } }) };
          const retriever = await retrieverOf(documents, block, reranks ? { reranker } : {});
          const passages = searchNow(retriever, query, { topK });
          const statuses = passages.map(({ status }) => status);
          expect(statuses).toEqual([...statuses].sort());
          expect(passages.length).toBeLessThanOrEqual(topK);
          const replaced = findReplaced(documents);
          const shown = new Set(idsOf(passages));
          for (const one of documents) if (replaced(one).length > 0) expect(shown.has(one.id)).toBe(false);
          // The same search gives the same answer.
          expect(searchNow(retriever, query, { topK })).toEqual(passages);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("are left out where their replacement is known, over a chain, and kept last where it is not", async () => {
    const documents = [
      document("v1", "refund window 90 days refund window", { status: "superseded", supersededBy: "v2" }),
      document("v2", "refund window 60 days", { status: "superseded", supersededBy: "v3" }),
      document("v3", "days for a refund: 30"),
      document("gone", "refund window refund window refund window", { status: "superseded" }),
    ];
    for (const method of ["bm25", "vectors", "hybrid"]) {
      expect(idsOf(searchNow(await retrieverOf(documents, { method }), "refund window"))).toEqual([
        "v3",
        "gone",
      ]);
    }
  });

  it("end in no loop when they replace each other", async () => {
    const documents = [
      document("a", "refund", { status: "superseded", supersededBy: "b" }),
      document("b", "refund", { status: "superseded", supersededBy: "a" }),
    ];
    expect(idsOf(searchNow(await retrieverOf(documents), "refund"))).toEqual(["a", "b"]);
  });
});

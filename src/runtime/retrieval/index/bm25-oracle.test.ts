import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, retrieverOf, searchNow } from "../testing/make-retriever.js";

const banking = join(import.meta.dirname, "..", "..", "..", "..", "test", "fixtures", "banking-kb");
/** Every 14th document: enough for a word to be rare in one query and common in another. */
const documents = readFileSync(join(banking, "documents.jsonl"), "utf8")
  .split("\n")
  .filter((line, at) => line !== "" && at % 14 === 0)
  .map((line) => JSON.parse(line) as { id: string; title: string; text: string })
  .map(({ id, title, text }) => document(id, text, { title }));
const { oracle, queries } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "testing", "bm25-oracle.json"), "utf8"),
) as { oracle: string; queries: { words: string[]; scores: Record<string, number> }[] };

describe(`BM25 agrees with its formula in ${oracle}`, () => {
  it("on queries that find much", () => {
    expect(queries.length).toBeGreaterThan(10);
    for (const { scores } of queries) expect(Object.keys(scores).length).toBeGreaterThan(5);
  });

  it.each(queries)("$words", async ({ words, scores }) => {
    const retriever = await retrieverOf(documents, { method: "bm25", candidates: 1000 });
    const passages = searchNow(retriever, words.join(" "), { topK: 1000 });
    expect(passages.map(({ chunkId }) => chunkId).sort()).toEqual(Object.keys(scores).sort());
    for (const { chunkId, score } of passages) expect(score).toBeCloseTo(scores[chunkId] ?? 0, 9);
  });
});

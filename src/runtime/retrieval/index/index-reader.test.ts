import { describe, expect, it } from "vitest";
import { hashedNgramEmbedder } from "../ranking/hashed-ngram.js";
import { document, signal } from "../testing/make-retriever.js";
import type { IndexReader } from "./index-reader.js";
import { buildMemoryIndex } from "./memory-index.js";
import { mayRead, type Reader } from "./tenant.js";

const DOCUMENTS = [
  document("public", "refund rule"),
  document("acme", "refund rule", { tenant: "acme" }),
  document("acme-ann", "refund rule", { tenant: "acme", user: "ann" }),
  document("globex", "refund rule", { tenant: "globex" }),
  document("old", "refund rule", { status: "superseded", supersededBy: "new" }),
  document("new", "refund rule", { tenant: "globex" }),
];
const READERS: readonly [Reader, readonly string[]][] = [
  [{ tenant: null, user: null }, ["old", "public"]],
  [{ tenant: "nosuch", user: "ann" }, ["old", "public"]],
  [{ tenant: "acme", user: null }, ["acme", "old", "public"]],
  [{ tenant: "acme", user: "ann" }, ["acme", "acme-ann", "old", "public"]],
  [{ tenant: "globex", user: "ann" }, ["globex", "new", "public"]],
];

/** Each layer alone: what is behind it must not have to make up for it. */
describe.each([1, 1000])("the searches of an index with partitions from %i documents", (dedicatedFrom) => {
  const settings = { chunkWords: 50, overlapWords: 0, hashedDimensions: 64, dedicatedFrom };
  const idsOf = (index: IndexReader, chunks: readonly number[]) =>
    [...index.chunks(chunks).values()].map(({ documentId }) => documentId).sort();

  it.each(READERS)("by words and by vectors show %o what it may see", async (reader, expected) => {
    const index = await buildMemoryIndex(DOCUMENTS, settings, null, signal);
    const words = index.bm25('"refund"', reader, 50).map(({ chunk }) => chunk);
    expect(idsOf(index, words)).toEqual(expected);
    const embedded = hashedNgramEmbedder(index.weights, 64).embed(["refund rule"], "query", signal);
    const [query = new Float32Array()] = embedded instanceof Promise ? await embedded : embedded;
    const vectors = index.nearest(query, reader, 50).map(({ chunk }) => chunk);
    expect(idsOf(index, vectors)).toEqual(expected);
  });
});

describe("mayRead", () => {
  it("lets nobody read a document of another tenant or user", () => {
    for (const [reader, expected] of READERS) {
      const visible = DOCUMENTS.filter((one) => mayRead(reader, one)).map(({ id }) => id);
      // What is replaced for a tenant is no matter of permission.
      expect(visible.filter((id) => id !== "old").sort()).toEqual(expected.filter((id) => id !== "old"));
    }
  });
});

import Database from "better-sqlite3";
import type { KnowledgeDocument } from "../documents/documents.js";
import type { Embedder } from "../ranking/embedder.js";
import { IndexReader } from "./index-reader.js";
import { type IndexSettings, writeIndex } from "./write-index.js";

/**
 * Builds an index in memory.
 *
 * @throws {ProviderError} when the embedder's endpoint fails
 */
export async function buildMemoryIndex(
  documents: readonly KnowledgeDocument[],
  settings: IndexSettings,
  embedder: Embedder | null,
  signal: AbortSignal,
): Promise<IndexReader> {
  const database = new Database(":memory:");
  const vectors: Float32Array[] = [];
  const { chunks, dimensions } = await writeIndex(database, documents, {
    settings,
    embedder,
    writeVectors: (more) => vectors.push(...more),
    pause: () => {},
    signal,
  });
  if (dimensions === 0) return new IndexReader(database, null);
  const matrix = new Float32Array(chunks * dimensions);
  vectors.forEach((vector, row) => {
    matrix.set(vector, row * dimensions);
  });
  return new IndexReader(database, matrix);
}

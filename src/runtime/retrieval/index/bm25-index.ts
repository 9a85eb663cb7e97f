import Database from "better-sqlite3";
import { contentHash } from "../../../core/hash.js";
import { STOP_WORDS } from "../../../models/embedded/stop-words.js";
import { type Chunk, chunkDocument } from "../documents/chunk.js";
import type { KnowledgeDocument } from "../documents/documents.js";
import type { Passage, Retriever } from "../retriever.js";
import { MAX_TERMS, matchExpression } from "./match-expression.js";

/** Raised whenever a change of this file can change a result, so that the agent version changes with it. */
const ALGORITHM = "fts5-bm25-v1";
const COLUMN_WEIGHTS = { title: 2, section: 1.5, text: 1 };
const SUPERSEDED_FACTOR = 0.5;

interface Row {
  readonly id: number;
  readonly score: number;
}

/**
 * BM25 over the chunks of a document folder, on SQLite FTS5 in memory (porter stems, k1 = 1.2, b = 0.75;
 * title weighs 2, headings 1.5, text 1). A query is the OR of its words without stop words, at most 64.
 *
 * Superseded documents: left out when their replacement (or the replacement's replacement) is a current
 * document of the index, so that a stale rule cannot outrank the one in force; kept at half their score
 * when there is no such replacement, because a withdrawn rule is then all that is known.
 *
 * Scores are the negated `bm25()` of FTS5: higher is better, unbounded, comparable within one query only.
 *
 * @param options.chunkWords - largest size of a chunk, in words, at least 1
 * @see Robertson and Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond
 */
export function buildRetriever(
  documents: readonly KnowledgeDocument[],
  options: { chunkWords: number },
): Retriever {
  const indexed = documents.filter((document) => !isReplaced(document, documents));
  const chunks = indexed.flatMap((document) => chunkDocument(document, options.chunkWords));
  const search = prepareSearch(chunks);
  return {
    hash: contentHash({
      algorithm: ALGORITHM,
      columnWeights: COLUMN_WEIGHTS,
      supersededFactor: SUPERSEDED_FACTOR,
      maxTerms: MAX_TERMS,
      stopWords: [...STOP_WORDS],
      chunkWords: options.chunkWords,
      documents,
    }),
    search(query, topK) {
      if (!Number.isInteger(topK) || topK < 1) {
        throw new RangeError(`expected topK to be an integer of at least 1, found ${topK}`);
      }
      const match = matchExpression(query, MAX_TERMS);
      return match === null ? [] : search(match, topK);
    },
  };
}

function isReplaced(document: KnowledgeDocument, documents: readonly KnowledgeDocument[]): boolean {
  const seen = new Set<string>();
  let next = document.status === "superseded" ? document.supersededBy : null;
  while (next !== null && !seen.has(next)) {
    seen.add(next);
    const replacement = documents.find(({ id }) => id === next);
    if (replacement?.status === "current") return true;
    next = replacement?.supersededBy ?? null;
  }
  return false;
}

function prepareSearch(chunks: readonly Chunk[]): (match: string, topK: number) => Passage[] {
  const database = new Database(":memory:");
  database.exec(
    "CREATE VIRTUAL TABLE chunks USING fts5(title, section, text, tokenize = 'porter unicode61 remove_diacritics 2')",
  );
  const insert = database.prepare("INSERT INTO chunks (rowid, title, section, text) VALUES (?, ?, ?, ?)");
  database.transaction(() => {
    chunks.forEach((chunk, index) => {
      insert.run(index, chunk.title, chunk.headings.join(" > "), chunk.text);
    });
  })();
  const { title, section, text } = COLUMN_WEIGHTS;
  const select = database.prepare<[string, number], Row>(
    `SELECT rowid AS id, -bm25(chunks, ${title}, ${section}, ${text}) AS score
       FROM chunks WHERE chunks MATCH ? ORDER BY score DESC, id LIMIT ?`,
  );
  // Only superseded chunks lose score, so without any the first topK rows are already the answer.
  const demotes = chunks.some(({ status }) => status === "superseded");
  return (match, topK) => {
    const rows = select.all(match, demotes ? chunks.length : topK);
    const passages = rows.flatMap(({ id, score }) => {
      const chunk = chunks[id];
      return chunk === undefined ? [] : [{ id, passage: toPassage(chunk, score) }];
    });
    if (demotes) passages.sort((a, b) => b.passage.score - a.passage.score || a.id - b.id);
    return passages.slice(0, topK).map(({ passage }) => passage);
  };
}

function toPassage(chunk: Chunk, score: number): Passage {
  const { documentId, chunkId, title, text, updated, status, headings } = chunk;
  const demoted = status === "superseded" ? score * SUPERSEDED_FACTOR : score;
  return { documentId, chunkId, title, text, score: demoted, section: headings.join(" > "), updated, status };
}

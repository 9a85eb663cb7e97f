import { STOP_WORDS } from "../../../models/embedded/stop-words.js";

/** Words of a query that count in plain BM25; further ones are left out. */
export const MAX_TERMS = 64;
/** The same in the pipeline. Of a text of several hundred words, the first 64 are not what it is about. */
export const MAX_PIPELINE_TERMS = 256;

/**
 * A query as FTS5 reads it: the OR of its words without stop words. Words only, each quoted, so that no character of a
 * query is FTS5 syntax.
 *
 * @param mostTerms - words that count, from the first
 * @returns `null` for a query without a word
 */
export function matchExpression(query: string, mostTerms: number): string | null {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];
  const content = words.filter((word) => !STOP_WORDS.has(word));
  const terms = (content.length > 0 ? content : words).slice(0, mostTerms);
  return terms.length === 0 ? null : terms.map((term) => `"${term}"`).join(" OR ");
}

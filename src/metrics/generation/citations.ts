import type { GoldenCase } from "../../core/golden-case.js";
import type { Trace } from "../../core/trace.js";

/** A `[document-id]` in an answer. */
export interface Citation {
  /** The document, by its own spelling of the id; the cited text when no known document has that id. */
  readonly documentId: string;
  readonly retrieved: boolean;
}

/** Looks like an id even if no document has it: parts joined by - _ . : or #, with a letter somewhere. */
const ID_SHAPE = /^(?=.*\p{L})[\p{L}\p{N}]+(?:[-_.:#][\p{L}\p{N}]+)+$/u;

/**
 * Distinct documents that the final answer cites in square brackets: `[id]`, `[id#chunk]`, `[id-a, id-b]`.
 * A bracket counts when it names a retrieved document or chunk or an expected source, or has the shape of an
 * id (`refund-policy`): such a one is a citation of a document that does not exist. Markdown links, footnote
 * numbers and other bracketed text are no citations.
 */
export function citationsOf(goldenCase: GoldenCase, trace: Trace): Citation[] {
  if (trace.answer === null || !trace.answer.includes("[")) return [];
  const retrieved = new Map<string, string>();
  for (const retrieval of trace.retrievals) {
    for (const chunk of retrieval.chunks) {
      retrieved.set(chunk.documentId.toLowerCase(), chunk.documentId);
      if (chunk.chunkId !== undefined) retrieved.set(chunk.chunkId.toLowerCase(), chunk.documentId);
    }
  }
  const sources = new Map(goldenCase.expect.sources.map((source) => [source.toLowerCase(), source]));
  const cited = new Map<string, Citation>();
  const named = (key: string): Citation | null => {
    const document = retrieved.get(key);
    if (document !== undefined) return { documentId: document, retrieved: true };
    const source = sources.get(key);
    return source === undefined ? null : { documentId: source, retrieved: false };
  };
  const resolve = (text: string): Citation | null => {
    const key = text.toLowerCase();
    const known = named(key) ?? named(key.split("#")[0]!);
    return known ?? (ID_SHAPE.test(text) ? { documentId: text, retrieved: false } : null);
  };
  for (const match of trace.answer.matchAll(/\[([^[\]\n]{1,300})\](?!\()/g)) {
    const inside = match[1]!.trim();
    // An id may itself hold a comma.
    const together = named(inside.toLowerCase());
    const found = together === null ? inside.split(/[,;]/).map((part) => resolve(part.trim())) : [together];
    for (const citation of found) if (citation !== null) cited.set(citation.documentId, citation);
  }
  return [...cited.values()];
}

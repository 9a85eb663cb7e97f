import type { Trace } from "../../core/trace.js";

/** One trace is asked by many metrics. */
const documentsOf = new WeakMap<Trace, readonly string[]>();

/**
 * Documents in the order in which the agent first got them: the chunks of all retrievals of the trial, best
 * first, each document once.
 */
export function retrievedDocuments(trace: Trace): readonly string[] {
  let documents = documentsOf.get(trace);
  if (documents === undefined) {
    const ids = new Set<string>();
    for (const retrieval of trace.retrievals) {
      for (const chunk of retrieval.chunks) ids.add(chunk.documentId);
    }
    documents = [...ids];
    documentsOf.set(trace, documents);
  }
  return documents;
}

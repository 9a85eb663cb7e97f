import type { Trace } from "../../core/trace.js";

/**
 * Documents in the order in which the agent first got them: the chunks of all retrievals of the trial, best
 * first, each document once.
 */
export function retrievedDocuments(trace: Trace): string[] {
  const documents = new Set<string>();
  for (const retrieval of trace.retrievals) {
    for (const chunk of retrieval.chunks) documents.add(chunk.documentId);
  }
  return [...documents];
}

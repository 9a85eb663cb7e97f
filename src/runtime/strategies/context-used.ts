import type { Turn } from "../turn.js";

/** Ids of the documents that stand in the context of a turn, each once, best first. */
export function contextUsed({ passages }: Turn): readonly string[] {
  return [...new Set((passages ?? []).map(({ documentId }) => documentId))];
}

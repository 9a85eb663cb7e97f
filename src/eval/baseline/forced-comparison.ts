/** Somebody wants runs compared that are unlike, and says why. */
export interface ForcedComparison {
  readonly reason: string;
  readonly by: string;
}

/** The sentence that a report carries when runs were compared although they are unlike. */
export function forcedSentence(
  what: string,
  why: readonly string[],
  { reason, by }: ForcedComparison,
): string {
  return `${what} although ${why.join("; ")}; forced by ${by}: ${reason}`;
}

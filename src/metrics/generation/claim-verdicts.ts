/** What a checker found for one claim of an answer: a judge, or a comparison of words. */
export interface ClaimVerdict {
  readonly claim: string;
  readonly verdict: "supported" | "contradicted" | "unsupported";
}

/** Shares of an answer's claims; each in [0, 1], together 1. */
export interface ClaimShares {
  readonly claims: number;
  readonly supported: number;
  readonly contradicted: number;
  readonly unsupported: number;
}

/**
 * Faithfulness from verdicts: the share of supported claims, and apart from each other the shares of those that the
 * sources contradict and those that they say nothing of. An unsupported claim counts against the answer.
 *
 * @returns `null` without a claim: such an answer is neither faithful nor unfaithful
 */
export function faithfulnessOf(verdicts: readonly ClaimVerdict[]): ClaimShares | null {
  const claims = verdicts.length;
  if (claims === 0) return null;
  const share = (wanted: ClaimVerdict["verdict"]) =>
    verdicts.filter(({ verdict }) => verdict === wanted).length / claims;
  return {
    claims,
    supported: share("supported"),
    contradicted: share("contradicted"),
    unsupported: share("unsupported"),
  };
}

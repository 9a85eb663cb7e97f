import type { EnvironmentCheck } from "../core/trial.js";

/** Where the expected calls lead to. */
interface GoldState {
  readonly hash: string;
  /** How the final state differs from it, one sentence each; asked only when it does. */
  differences(): readonly string[];
}

/**
 * The check of a conversation's end, as tau-bench scores: an output counts as said when a reply holds it, both in lower
 * case and the reply without commas. The reward is 1 when the state matches and every output was said, else 0.
 *
 * @param gold - `null`: the final state is not looked at
 */
export function checkEnd(
  outputs: readonly string[],
  replies: readonly string[],
  stateHash: string,
  gold: GoldState | null,
): EnvironmentCheck {
  const said = replies.map((reply) => reply.toLowerCase().replaceAll(",", ""));
  const missingOutputs = outputs.filter(
    (output) => !said.some((reply) => reply.includes(output.toLowerCase())),
  );
  const stateMatches = gold === null ? null : gold.hash === stateHash;
  return {
    reward: stateMatches !== false && missingOutputs.length === 0 ? 1 : 0,
    stateMatches,
    stateHash,
    expectedStateHash: gold?.hash ?? null,
    missingOutputs,
    stateDifferences: gold === null || stateMatches ? [] : gold.differences(),
  };
}

import type { CandidateComparison } from "../../comparison/comparison.js";
import type { RunEvidence } from "../../comparison/evidence.js";
import { unlikeRuns } from "../../comparison/unlike-runs.js";
import { UsageError } from "../../core/errors.js";
import { type ForcedComparison, forcedSentence } from "../baseline/forced-comparison.js";

/** A comparison can do without these: it takes the runs as independent samples, and says so. */
const COMPARED_ALL_THE_SAME = ["suite-differs", "cases-differ"];

/**
 * Refuses to compare runs whose difference would not be the agent's: shared cases that changed, another user, another
 * judge of the metric.
 *
 * @param forced - who wants them compared all the same
 * @returns what the comparisons of unlike candidates must say, by run id
 * @throws {UsageError} when nobody does
 */
export function refuseUnlike(
  baseline: RunEvidence,
  candidates: readonly RunEvidence[],
  metric: string,
  forced: ForcedComparison | null,
): ReadonlyMap<string, string> {
  const forcedOnes = new Map<string, string>();
  for (const candidate of candidates) {
    const why = unlikeRuns(baseline, candidate, [metric])
      .filter(({ code }) => !COMPARED_ALL_THE_SAME.includes(code))
      .map(({ message }) => message);
    if (why.length === 0) continue;
    const [from, to] = [baseline.run.id, candidate.run.id];
    if (forced === null) {
      throw new UsageError(`runs ${from} and ${to} are unlike: ${why.join("; ")}`, {
        nextStep: "run one of them again on what the other was run on, or add --force --reason TEXT",
      });
    }
    forcedOnes.set(to, forcedSentence("compared", why, forced));
  }
  return forcedOnes;
}

/** The comparison with the sentence on who wanted it, before all other warnings. */
export function withForcedWarning(
  comparison: CandidateComparison,
  sentences: ReadonlyMap<string, string>,
): CandidateComparison {
  const message = sentences.get(comparison.candidate.run.id);
  return message === undefined
    ? comparison
    : { ...comparison, warnings: [{ code: "forced", message }, ...comparison.warnings] };
}

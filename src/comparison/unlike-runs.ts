import type { ComparisonWarning } from "./comparison.js";
import { alignRuns, type RunEvidence } from "./evidence.js";
import { datasetWarnings, judgeWarnings } from "./find-warnings.js";

/**
 * Why the difference between two runs would not be the agent's: they belong to different suites, have fewer than half
 * of the smaller run's cases in common, share a case whose content changed, or had another user or another judge.
 * Everything else that two runs differ in is a warning of a comparison, and no reason to refuse it.
 *
 * @param judged - metrics that the comparison is about: a judge of another metric makes no difference
 * @returns empty when they can be compared
 */
export function unlikeRuns(
  baseline: RunEvidence,
  candidate: RunEvidence,
  judged: readonly string[],
): readonly ComparisonWarning[] {
  const [before, after] = [baseline.run, candidate.run];
  const suites: ComparisonWarning[] =
    before.suite === after.suite
      ? []
      : [
          {
            code: "suite-differs",
            message: `the baseline belongs to suite ${before.suite} and the run to ${after.suite}`,
          },
        ];
  const isJudged = ({ metric }: { readonly metric: string }) => judged.includes(metric);
  return [
    ...suites,
    ...datasetWarnings(baseline, candidate, alignRuns(baseline, candidate).design).filter(
      ({ code }) => code !== "cases-left-out",
    ),
    ...judgeWarnings(
      { ...before, judges: before.judges.filter(isJudged) },
      { ...after, judges: after.judges.filter(isJudged) },
    ),
  ];
}

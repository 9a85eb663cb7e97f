import type { TrialRow } from "../../metrics/metric.js";
import type { FlakyCase } from "../gate-report.js";
import { bothAtLeast } from "./beta-binomial.js";
import { historyOf, repeatedTrials } from "./case-trials.js";
import { type BetaShapes, expectedDisagreement } from "./expected-disagreement.js";

/** Which cases are flaky, of those of which that can be asked. */
export interface FlakyFindings {
  /** Least likely first. */
  readonly flaky: readonly FlakyCase[];
  /** Cases with at least two judged trials in this run and in an earlier one. */
  readonly tested: number;
}

/**
 * Finds cases whose trials disagree beyond what their history lets expect.
 *
 * The trials that pass and fail in this run are held against a beta-binomial of the case's own history, with the other
 * cases of the suite as prior. p is the probability that both outcomes come up at least as often as the
 * rarer one did. A case is listed when p < alpha, each on its own: of cases that are as they always were, at most about
 * alpha · tested are listed. A case without a history of repeated trials is not tested.
 *
 * @param earlier - rows of earlier runs
 * @param alpha - in (0, 1)
 */
export function flakyCases(
  rows: readonly TrialRow[],
  earlier: readonly (readonly TrialRow[])[],
  alpha: number,
): FlakyFindings {
  const before = earlier.map(repeatedTrials);
  const cases = [...repeatedTrials(rows)].flatMap(([caseId, now]) => {
    const history = historyOf(caseId, before);
    return history === null ? [] : [{ caseId, now, history }];
  });
  if (cases.length === 0) return { flaky: [], tested: 0 };
  const expected = expectedDisagreement(cases.map(({ history }) => history));
  const flaky = cases.map(({ caseId, now: { passed, trials }, history }, index): FlakyCase => {
    const [a, b] = expected[index] as BetaShapes;
    const p = bothAtLeast(Math.min(passed, trials - passed), trials, a, b);
    return { caseId, passed, trials, historyRate: history.rate, p };
  });
  return {
    flaky: flaky.filter(({ p }) => p < alpha).sort((x, y) => x.p - y.p || (x.caseId < y.caseId ? -1 : 1)),
    tested: cases.length,
  };
}

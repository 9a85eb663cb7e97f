import type { RunEvidence } from "../../comparison/evidence.js";
import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Store } from "../../store/store.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";

/**
 * What a comparison needs of a stored run.
 *
 * @param known - cases read before, by hash: runs of one dataset share theirs
 * @throws {UsageError} when the run holds no trial
 */
export function runEvidence(store: Store, run: RunHeader, known: Map<string, GoldenCase>): RunEvidence {
  const rows = [...store.trialRows(run.id)];
  if (rows.length === 0) {
    throw new UsageError(`run ${run.id} holds no trials; there is nothing to compare`, {
      nextStep: "`agentctl runs list` shows how many each run has",
    });
  }
  return { run, rows, set: metricSetOfRun(run), cases: plannedCases(store, run, known) };
}

/** The cases of a run as they were when it ran, by id. */
export function plannedCases(
  store: Store,
  run: RunHeader,
  known: Map<string, GoldenCase>,
): ReadonlyMap<string, GoldenCase> {
  const cases = new Map<string, GoldenCase>();
  const hashes = new Set(run.plan.map((planned) => planned.caseHash));
  const unread = [...hashes].filter((hash) => !known.has(hash));
  for (const [hash, found] of store.getCases(unread)) known.set(hash, found);
  for (const hash of hashes) {
    const found = known.get(hash);
    if (found !== undefined) cases.set(found.id, found);
  }
  return cases;
}

import { UsageError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import type { ComparisonReport } from "../../report/comparison/comparison-report.js";
import type { Store } from "../../store/store.js";
import { runOfSuite } from "../baseline/find-baseline.js";

/**
 * Finds the run that `--baseline` names, before the new one starts: a wrong name must not cost a run.
 *
 * @param earlier - the run that goes on, which cannot be its own baseline
 * @param suite - whose runs a tag means first
 * @throws {UsageError} when there is none, or it holds no trial
 */
export function requireBaseline(
  store: Store,
  reference: string | undefined,
  earlier: RunHeader | null,
  suite: string,
): RunHeader | null {
  if (reference === undefined) return null;
  const run = runOfSuite(store, suite, reference);
  const nextStep = "`agentctl runs list` shows the runs";
  if (run === null) throw new UsageError(`--baseline ${reference}: found no such run`, { nextStep });
  if (run.id === earlier?.id) {
    throw new UsageError(`--baseline ${reference}: expected another run than the one that goes on`, {
      nextStep,
    });
  }
  for (const _ of store.finishedTrials(run.id)) return run;
  throw new UsageError(`--baseline ${reference}: run ${run.id} holds no trials`, { nextStep });
}

/** Compares the run that has just ended with its baseline; loaded only where that is asked for. */
export async function compareWithBaseline(
  store: Store,
  baseline: RunHeader | null,
  run: RunHeader,
): Promise<ComparisonReport | null> {
  if (baseline === null || run.status === "interrupted" || run.plan.length === 0) return null;
  const { compareInStore } = await import("./compare-stored-runs.js");
  return compareInStore(store, [baseline, run], {});
}

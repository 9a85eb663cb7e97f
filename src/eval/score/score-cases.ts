import { UsageError } from "../../core/errors.js";
import type { Dataset, GoldenCase } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import type { PlannedTrial, RunHeader } from "../../core/run.js";
import type { Store } from "../../store/store.js";

/** Cases and trials that a run is scored on again. */
export interface ScoredCases {
  readonly byId: ReadonlyMap<string, GoldenCase>;
  /** Trials of the earlier run whose case is there, with the hash of the case as it is now. */
  readonly plan: readonly PlannedTrial[];
  readonly dataset: Pick<RunHeader, "datasetPath" | "datasetHash">;
  /** What a reader of the scores must know, one sentence each. */
  readonly notes: readonly string[];
}

const MOST_NAMED = 5;

/**
 * The cases as they were when the agent ran.
 *
 * @throws {UsageError} when the store has none of them
 */
export function casesOfRun(store: Store, run: RunHeader): ScoredCases {
  const byId = new Map<string, GoldenCase>();
  const lost = new Set<string>();
  for (const { caseId, caseHash } of run.plan) {
    if (byId.has(caseId) || lost.has(caseId)) continue;
    const goldenCase = store.getCase(caseHash);
    if (goldenCase === null) lost.add(caseId);
    else byId.set(caseId, goldenCase);
  }
  const notes = lost.size === 0 ? [] : [`${named(lost)} left out: the store no longer has the case`];
  const dataset = { datasetPath: run.datasetPath, datasetHash: run.datasetHash };
  return scoredCases(run, byId, dataset, notes, "no case of it is in the store");
}

/**
 * The cases as a corrected dataset states them, joined by id.
 *
 * @throws {UsageError} when the dataset has none of the run's cases
 */
export function casesOfDataset(store: Store, run: RunHeader, dataset: Dataset): ScoredCases {
  const now = new Map(dataset.cases.map((one) => [one.id, one]));
  const byId = new Map<string, GoldenCase>();
  const [lost, changed, asked, checked] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  for (const { caseId, caseHash } of run.plan) {
    const corrected = now.get(caseId);
    if (corrected === undefined) {
      lost.add(caseId);
      continue;
    }
    byId.set(caseId, corrected);
    if (corrected.hash === caseHash || changed.has(caseId)) continue;
    changed.add(caseId);
    const before = store.getCase(caseHash);
    if (before === null) continue;
    if (differs(before.input, corrected.input)) asked.add(caseId);
    if (corrected.environment !== null && differs(checksOf(before), checksOf(corrected))) checked.add(caseId);
  }
  const notes = [
    [changed, `changed in ${dataset.path} since the agent ran`],
    [lost, `left out: not in ${dataset.path}`],
    [asked, "with another input than the agent was given"],
    [
      checked,
      "checked by the environment when the agent ran: that verdict stands, whatever the case says now",
    ],
  ] as const;
  return scoredCases(
    run,
    byId,
    { datasetPath: dataset.path, datasetHash: dataset.hash },
    notes.flatMap(([ids, what]) => (ids.size === 0 ? [] : [`${named(ids)} ${what}`])),
    `no case of it is in ${dataset.path}`,
  );
}

function scoredCases(
  run: RunHeader,
  byId: ScoredCases["byId"],
  dataset: ScoredCases["dataset"],
  notes: readonly string[],
  whyNone: string,
): ScoredCases {
  if (byId.size === 0) throw new UsageError(`run ${run.id} cannot be scored again: ${whyNone}`);
  const plan = run.plan.flatMap(({ caseId, trial }): PlannedTrial[] => {
    const goldenCase = byId.get(caseId);
    return goldenCase === undefined ? [] : [{ caseId, caseHash: goldenCase.hash, trial }];
  });
  return { byId, plan, dataset, notes };
}

function checksOf({ environment, expect }: GoldenCase) {
  return { environment, state: expect.state, outputs: expect.outputs };
}

function differs(left: unknown, right: unknown): boolean {
  return contentHash(left) !== contentHash(right);
}

/** "case a", "cases a, b", "7 cases (a, b, c, d, e, …)". */
function named(ids: ReadonlySet<string>): string {
  const list = [...ids].slice(0, MOST_NAMED).join(", ");
  if (ids.size === 1) return `case ${list}`;
  return ids.size <= MOST_NAMED ? `cases ${list}` : `${ids.size} cases (${list}, …)`;
}

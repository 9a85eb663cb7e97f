import { StoreError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Trial } from "../../core/trial.js";
import type { TrialRow } from "../../metrics/metric.js";
import type {
  FinishedTrial,
  RunFilter,
  RunPatch,
  RunSummary,
  Store,
  StoredTrial,
} from "../../store/store.js";

/**
 * One run in memory before the history of a project: what is written stays in memory, what is read of other runs comes
 * from the history. Results of a watch are neither `latest` nor a point of a trend, and no tag can move to them.
 */
export class PassingStore implements Store {
  readonly cache: Store["cache"];
  private readonly cases = new Map<string, GoldenCase>();
  private readonly kept = new Map<string, StoredTrial>();
  private run: RunHeader | null = null;

  /** @param history - closed by its owner */
  constructor(private readonly history: Store) {
    this.cache = history.cache;
  }

  createRun(header: RunHeader, cases: readonly GoldenCase[] = []): void {
    this.run = header;
    for (const one of cases) this.cases.set(one.hash, one);
  }

  getCase(hash: string): GoldenCase | null {
    return this.cases.get(hash) ?? this.history.getCase(hash);
  }

  getCases(hashes: Iterable<string>): ReadonlyMap<string, GoldenCase> {
    const wanted = [...hashes];
    const unknown = wanted.filter((hash) => !this.cases.has(hash));
    const found = new Map(unknown.length === 0 ? [] : this.history.getCases(unknown));
    for (const hash of wanted) {
      const own = this.cases.get(hash);
      if (own !== undefined) found.set(hash, own);
    }
    return found;
  }

  updateRun(runId: string, patch: RunPatch): void {
    if (this.run === null || !this.isOwn(runId)) throw refusal();
    this.run = { ...this.run, ...patch };
  }

  getRun(reference: string): RunHeader | null {
    return this.isOwn(reference) ? this.run : this.history.getRun(reference);
  }

  listRuns(filter?: RunFilter): RunSummary[] {
    return this.history.listRuns(filter);
  }

  addTrial(runId: string, trial: Trial, row: TrialRow): void {
    if (!this.isOwn(runId)) throw refusal();
    this.kept.set(keyOf(trial.caseId, trial.trial), { trial, row });
  }

  replaceTrial(runId: string, trial: Trial, row: TrialRow): void {
    this.addTrial(runId, trial, row);
  }

  transaction<T>(write: () => T): T {
    return write();
  }

  finishedTrials(runId: string): Iterable<FinishedTrial> {
    return this.isOwn(runId) ? this.sorted().map(({ trial }) => trial) : this.history.finishedTrials(runId);
  }

  trialRows(runId: string): Iterable<TrialRow> {
    return this.isOwn(runId) ? this.sorted().map(({ row }) => row) : this.history.trialRows(runId);
  }

  getTrial(runId: string, caseId: string, trial: number): Trial | null {
    return this.isOwn(runId)
      ? (this.kept.get(keyOf(caseId, trial))?.trial ?? null)
      : this.history.getTrial(runId, caseId, trial);
  }

  trials(runId: string): Iterable<StoredTrial> {
    return this.isOwn(runId) ? this.sorted() : this.history.trials(runId);
  }

  claimRun(): null {
    return null;
  }

  releaseRun(): void {}

  tagRun(): void {
    throw refusal();
  }

  untagRun(): void {
    throw refusal();
  }

  deleteRun(): void {
    throw refusal();
  }

  erase(): never {
    throw refusal();
  }

  close(): void {}

  private isOwn(runId: string): boolean {
    return this.run?.id === runId;
  }

  private sorted(): readonly StoredTrial[] {
    return [...this.kept.values()].sort(
      ({ trial: left }, { trial: right }) =>
        (left.caseId < right.caseId ? -1 : left.caseId > right.caseId ? 1 : 0) || left.trial - right.trial,
    );
  }
}

function keyOf(caseId: string, trial: number): string {
  return `${trial}/${caseId}`;
}

function refusal(): StoreError {
  return new StoreError("results of a watch are not kept in the run history", {
    nextStep: "run `agentctl eval` without --watch to keep them",
  });
}

import type { GoldenCase } from "../core/golden-case.js";
import type { ResponseCache } from "../core/response-cache.js";
import type { RunHeader, RunStatus } from "../core/run.js";
import type { Trial } from "../core/trial.js";
import type { TrialRow } from "../metrics/metric.js";

/** A run in a list: its header without the plan, which may hold 100,000 entries, and what was stored so far. */
export interface RunSummary extends Omit<RunHeader, "plan"> {
  /** Trials that the plan holds. */
  readonly planned: number;
  /** Trials stored, errors included. */
  readonly trials: number;
  /** Trials whose success score is 1. */
  readonly passed: number;
  /** Trials whose success score is below 1. Trials without that score are neither passed nor failed. */
  readonly failed: number;
  /** Trials that infrastructure broke. */
  readonly errors: number;
}

/** Which runs a list shows. All conditions hold together. */
export interface RunFilter {
  /** At most this many, newest first; all when left out. */
  readonly limit?: number;
  /** So many of the newest are passed over; 0 when left out. Only with `limit`. */
  readonly offset?: number;
  /** The whole id. */
  readonly id?: string;
  readonly suite?: string;
  readonly tag?: string;
  /** Part of the id, the suite, a tag, the name of the agent or the model, the agent version or the commit. */
  readonly text?: string;
}

/** Which trial of a case is stored, and whether it could be executed. */
export interface FinishedTrial {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly status: Trial["status"];
}

/** A process that executes a run. */
export interface RunOwner {
  readonly host: string;
  readonly pid: number;
}

/** A trial and what was scored of it. */
export interface StoredTrial {
  readonly trial: Trial;
  readonly row: TrialRow;
}

/** Changes to a run; what is left out stays. */
export interface RunPatch {
  readonly status?: RunStatus;
  readonly finishedAt?: string | null;
}

/** What {@link Store.erase} removed. */
export interface ErasedRecords {
  readonly cases: number;
  /** With their events and scores. */
  readonly trials: number;
  /** Replies of models in the response cache: all of them. */
  readonly replies: number;
}

/**
 * History of runs: headers, plans, trials with their events and rows, and the response cache.
 *
 * Contract, held by `describeStoreContract`:
 * - When a method returns, its effect survives a SIGKILL of this process.
 * - Several processes may use one store at once; a writer waits for the other.
 * - Iterables are read in pages: trials may be added while one is walked, and one that sorts behind the
 *   position reached may then be missing. Their order is case id, then trial, whatever the order of adding.
 * - Every method throws `StoreError`, naming the store and the next step, when it cannot be read or written,
 *   and when `runId` is not (or no longer) in it.
 */
export interface Store {
  /**
   * Adds a run with its plan, and the cases that it runs, all or nothing. A case is kept once for all runs, by its
   * content hash, so that a run can be shown after its dataset changed; it stays when a run is deleted.
   *
   * @throws {StoreError} when the id is taken
   */
  createRun(header: RunHeader, cases?: readonly GoldenCase[]): void;
  /** A case as it was when a run was created, by its content hash, or `null`. */
  getCase(hash: string): GoldenCase | null;
  /** The cases with these content hashes, by hash, read at once: much cheaper than one by one. Unknown ones are left out. */
  getCases(hashes: Iterable<string>): ReadonlyMap<string, GoldenCase>;
  updateRun(runId: string, patch: RunPatch): void;
  /**
   * Takes a run for a process, unless another one that is still alive has it.
   *
   * @param isAlive - whether an earlier owner still runs; a dead one loses the run
   * @returns `null` when the run was taken, else the owner that keeps it
   */
  claimRun(runId: string, owner: RunOwner, isAlive: (owner: RunOwner) => boolean): RunOwner | null;
  /** Gives a run back; one that another process has is left as it is. */
  releaseRun(runId: string, owner: RunOwner): void;
  /**
   * Finds one run by, in this order: the word `latest` (the newest run), its id, a tag (the newest run that
   * carries it), the beginning of its id.
   *
   * @returns `null` when nothing matches
   * @throws {UsageError} when the beginning fits several ids; the message lists them
   */
  getRun(reference: string): RunHeader | null;
  /** Newest first. Never reads a plan. */
  listRuns(filter?: RunFilter): RunSummary[];
  /** Idempotent by (run, case, trial): a trial that is already there stays as it was. */
  addTrial(runId: string, trial: Trial, row: TrialRow): void;
  /** Puts a trial in the place of the stored one (`--retry-errors`); adds it when there is none. */
  replaceTrial(runId: string, trial: Trial, row: TrialRow): void;
  /**
   * Does several writes as one, all or nothing: much cheaper than one by one. What `write` returns is returned
   * once the writes are durable. Must not be nested, and `write` must not wait.
   */
  transaction<T>(write: () => T): T;
  finishedTrials(runId: string): Iterable<FinishedTrial>;
  /** The rows alone: the events are not read. */
  trialRows(runId: string): Iterable<TrialRow>;
  /** One trial with its events, or `null` when it is not stored. */
  getTrial(runId: string, caseId: string, trial: number): Trial | null;
  /** Every trial with its events and its row, one at a time. */
  trials(runId: string): Iterable<StoredTrial>;
  /** Adds a tag; one that is already there is no error. Several runs may carry the same tag. */
  tagRun(runId: string, tag: string): void;
  /** Removes a tag; one that is not there is no error. */
  untagRun(runId: string, tag: string): void;
  /** Removes a run with all its trials. The space is used again by later runs. */
  deleteRun(runId: string): void;
  /**
   * Removes every case and every trial that concerns a person, the trials of such cases, and the whole response cache,
   * whose replies do not say whose words they answered. No byte of them is left in the store when it returns; what was
   * removed earlier is gone from its free space as well. Takes as long as writing the store anew.
   *
   * @param concerns - whether a stored case or trial, as JSON text, is about the person
   */
  erase(concerns: (json: string) => boolean): ErasedRecords;
  readonly cache: ResponseCache;
  /** Releases the store; no other method may be called afterwards. Idempotent. */
  close(): void;
}

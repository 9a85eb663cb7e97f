import type Database from "better-sqlite3";
import { StoreError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import type { ModelReply } from "../core/message.js";
import type { ResponseCache } from "../core/response-cache.js";
import type { RunHeader } from "../core/run.js";
import type { Trial } from "../core/trial.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { TrialRow } from "../metrics/metric.js";
import { SqliteClaims } from "./sqlite-claims.js";
import { SqliteErasure } from "./sqlite-erasure.js";
import { isForeignKeyFailure, storeFailure } from "./sqlite-failure.js";
import { SqliteRuns } from "./sqlite-runs.js";
import { openDatabase } from "./sqlite-schema.js";
import { SqliteTrials } from "./sqlite-trials.js";
import { eraseDeleted } from "./sqlite-wal.js";
import type {
  ErasedRecords,
  FinishedTrial,
  RunFilter,
  RunOwner,
  RunPatch,
  RunSummary,
  Store,
  StoredTrial,
} from "./store.js";

export interface SqliteStoreOptions {
  /** Metric whose score says whether a trial passed (1) or failed, for the counts of `listRuns`: `task.success`. */
  readonly successMetric?: string;
  /** How long a call waits for another process; 10,000 ms when left out. */
  readonly busyTimeoutMs?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the run history in one SQLite file (WAL), creating it and its folder when missing.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openSqliteStore(file: string, options: SqliteStoreOptions = {}): Store {
  try {
    const busyTimeoutMs = options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS;
    const database = openDatabase(file, busyTimeoutMs);
    return new SqliteStore(file, database, options.successMetric ?? TASK_SUCCESS, busyTimeoutMs);
  } catch (error) {
    throw storeFailure(file, "open the run store", error);
  }
}

class SqliteStore implements Store {
  readonly cache: ResponseCache;
  private readonly runs: SqliteRuns;
  private readonly stored: SqliteTrials;
  private readonly claims: SqliteClaims;
  /** Keys are never used twice (AUTOINCREMENT), so a remembered one can only be right or gone. */
  private readonly keys = new Map<string, number>();

  constructor(
    private readonly file: string,
    private readonly database: Database.Database,
    successMetric: string,
    private readonly busyTimeoutMs: number,
  ) {
    this.runs = new SqliteRuns(database);
    this.stored = new SqliteTrials(database, successMetric);
    this.claims = new SqliteClaims(database);
    this.cache = this.openCache();
  }

  createRun(header: RunHeader, cases: readonly GoldenCase[] = []): void {
    this.attempt(`create run ${header.id}`, () => {
      if (this.runs.keyOf(header.id) !== null) {
        throw new StoreError(`${this.file}: run ${header.id} exists already`, {
          nextStep: "Continue it with agentctl eval --resume, or start again under a new id.",
        });
      }
      this.runs.create(header, cases);
    });
  }

  getCase(hash: string): GoldenCase | null {
    return this.attempt("read a case", () => this.runs.findCase(hash));
  }

  getCases(hashes: Iterable<string>): ReadonlyMap<string, GoldenCase> {
    return this.attempt("read cases", () => this.runs.findCases(hashes));
  }

  updateRun(runId: string, patch: RunPatch): void {
    this.attempt(`update run ${runId}`, () => {
      if (!this.runs.patch(runId, patch)) throw this.unknownRun(runId);
    });
  }

  getRun(reference: string): RunHeader | null {
    return this.attempt("read a run", () => this.runs.find(reference));
  }

  listRuns(filter: RunFilter = {}): RunSummary[] {
    return this.attempt("list the runs", () => this.runs.list(filter));
  }

  claimRun(runId: string, owner: RunOwner, isAlive: (owner: RunOwner) => boolean): RunOwner | null {
    return this.inRun(runId, `claim run ${runId}`, (key) => this.claims.claim(key, owner, isAlive));
  }

  releaseRun(runId: string, owner: RunOwner): void {
    this.inRun(runId, `release run ${runId}`, (key) => this.claims.release(key, owner));
  }

  addTrial(runId: string, trial: Trial, row: TrialRow): void {
    this.inRun(runId, `add a trial of run ${runId}`, (key) => this.stored.add(key, trial, row));
  }

  replaceTrial(runId: string, trial: Trial, row: TrialRow): void {
    this.inRun(runId, `replace a trial of run ${runId}`, (key) => this.stored.replace(key, trial, row));
  }

  transaction<T>(write: () => T): T {
    return this.attempt("write to the run store", () => this.stored.atomically(write));
  }

  finishedTrials(runId: string): Iterable<FinishedTrial> {
    return this.walk(runId, (key) => this.stored.finished(key));
  }

  trialRows(runId: string): Iterable<TrialRow> {
    return this.walk(runId, (key) => this.stored.rows(key));
  }

  getTrial(runId: string, caseId: string, trial: number): Trial | null {
    return this.inRun(runId, `read run ${runId}`, (key) => this.stored.get(key, caseId, trial));
  }

  trials(runId: string): Iterable<StoredTrial> {
    return this.walk(runId, (key) => this.stored.all(key));
  }

  tagRun(runId: string, tag: string): void {
    this.inRun(runId, `tag run ${runId}`, (key) => this.runs.tag(key, tag));
  }

  untagRun(runId: string, tag: string): void {
    this.inRun(runId, `untag run ${runId}`, (key) => this.runs.untag(key, tag));
  }

  deleteRun(runId: string): void {
    this.inRun(runId, `delete run ${runId}`, (key) => this.runs.delete(key));
    this.keys.delete(runId);
  }

  erase(concerns: (json: string) => boolean): ErasedRecords {
    return this.attempt("erase records", () => {
      const erased = new SqliteErasure(this.database).erase(concerns);
      this.stored.forgetWords();
      eraseDeleted(this.database, this.file, this.busyTimeoutMs);
      return erased;
    });
  }

  close(): void {
    this.attempt("close the run store", () => this.database.close());
  }

  private openCache(): ResponseCache {
    const select = this.database.prepare<[string], { reply: string }>(
      "SELECT reply FROM responses WHERE key = ?",
    );
    const upsert = this.database.prepare(
      "INSERT INTO responses (key, reply) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET reply = excluded.reply",
    );
    return {
      get: (key) =>
        this.attempt("read the response cache", () => {
          const found = select.get(key);
          return found === undefined ? undefined : (JSON.parse(found.reply) as ModelReply);
        }),
      set: (key, reply) => {
        this.attempt("write the response cache", () => upsert.run(key, JSON.stringify(reply)));
      },
    };
  }

  private keyOf(runId: string): number {
    const known = this.keys.get(runId) ?? this.runs.keyOf(runId);
    if (known === null) throw this.unknownRun(runId);
    this.keys.set(runId, known);
    return known;
  }

  private unknownRun(runId: string): StoreError {
    return new StoreError(`${this.file}: run ${runId} is not in the store, or was deleted meanwhile`, {
      nextStep: "List the runs with agentctl runs list.",
    });
  }

  /** Another process may delete the run while this one remembers its key: the foreign key then refuses. */
  private inRun<T>(runId: string, action: string, work: (key: number) => T): T {
    return this.attempt(action, () => {
      try {
        return work(this.keyOf(runId));
      } catch (error) {
        if (isForeignKeyFailure(error)) throw this.unknownRun(runId);
        throw error;
      }
    });
  }

  private attempt<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFailure(this.file, action, error);
    }
  }

  private *walk<T>(runId: string, open: (key: number) => Iterable<T>): Generator<T> {
    try {
      yield* open(this.keyOf(runId));
    } catch (error) {
      throw storeFailure(this.file, `read run ${runId}`, error);
    }
  }
}

import Database from "better-sqlite3";
import type { TrialRow } from "../metrics/metric.js";
import { RowReader } from "./row-text.js";
import { runConditions } from "./run-conditions.js";
import { storeFailure } from "./sqlite-failure.js";
import { SqliteWords } from "./sqlite-words.js";
import type { RunFilter } from "./store.js";

/** When a trial ran. */
interface TrialTime {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
}

/** Runs of a case, newest first. */
interface CaseRuns {
  readonly runIds: readonly string[];
  /** All of them, also those beyond this page. */
  readonly total: number;
}

/** Questions that a history in a browser asks beside those of a {@link Store}. */
export interface RunCatalogue {
  count(filter: RunFilter): number;
  /** Names of the suites that have runs, with how many, in alphabetical order. */
  suites(): readonly { readonly name: string; readonly runs: number }[];
  /** Tags in use, in alphabetical order. */
  tags(): readonly string[];
  /** Changes whenever a tag is given or taken. */
  tagState(): string;
  /** Suites in which a case was run, the newest run first. */
  suitesOfCase(caseId: string): readonly string[];
  runsOfCase(caseId: string, suite: string, limit: number, offset: number): CaseRuns;
  /** Rows of one case in one run, by trial; empty when it has none. */
  rowsOfCase(runId: string, caseId: string): readonly TrialRow[];
  /** Of the trials whose time somebody measured. */
  times(runId: string): readonly TrialTime[];
  close(): void;
}

/**
 * Opens the file of a run history for reading alone; it must be there, with the tables of this version. Nothing that it
 * asks keeps a process waiting that writes.
 *
 * @throws {StoreError} when it cannot be opened; so does every method when it cannot be read
 */
export function openRunCatalogue(file: string): RunCatalogue {
  const attempt = <T>(action: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFailure(file, action, error);
    }
  };
  const database = attempt("open the run store", () => {
    return new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  });
  const asked = attempt("read the run store", () => new Questions(database));
  const read = <T>(work: () => T) => attempt("read the run store", work);
  return {
    count: (filter) => read(() => asked.count(filter)),
    suites: () => read(() => asked.suites.all()),
    tags: () => read(() => asked.tags.all()),
    tagState: () => read(() => asked.tagState.get() ?? ""),
    suitesOfCase: (caseId) => read(() => asked.suitesOfCase.all(caseId)),
    runsOfCase: (caseId, suite, limit, offset) =>
      read(() => ({
        runIds: asked.runsOfCase.all(suite, caseId, limit, offset),
        total: asked.countOfCase.get(suite, caseId) ?? 0,
      })),
    rowsOfCase: (runId, caseId) => read(() => asked.rows(runId, caseId)),
    times: (runId) => read(() => asked.times.all(runId)),
    close: () => attempt("close the run store", () => database.close()),
  };
}

const HAS_CASE = "EXISTS (SELECT 1 FROM trials WHERE run = runs.key AND case_id = ?)";
const NEWEST_FIRST = "ORDER BY created_at DESC, runs.key DESC";

class Questions {
  readonly suites;
  readonly tags;
  readonly tagState;
  readonly suitesOfCase;
  readonly runsOfCase;
  readonly countOfCase;
  readonly times;
  private readonly rowTexts;
  private readonly words;

  constructor(private readonly database: Database.Database) {
    this.suites = database.prepare<[], { name: string; runs: number }>(
      "SELECT suite AS name, count(*) AS runs FROM runs GROUP BY suite ORDER BY suite",
    );
    this.tags = database.prepare<[], string>("SELECT DISTINCT tag FROM tags ORDER BY tag").pluck();
    this.tagState = database
      .prepare<[], string>("SELECT group_concat(tag || run, ' ') FROM (SELECT * FROM tags ORDER BY tag, run)")
      .pluck();
    this.suitesOfCase = database
      .prepare<[string], string>(
        `SELECT suite FROM runs WHERE ${HAS_CASE} GROUP BY suite ORDER BY max(created_at) DESC`,
      )
      .pluck();
    this.runsOfCase = database
      .prepare<[string, string, number, number], string>(
        `SELECT id FROM runs WHERE suite = ? AND ${HAS_CASE} ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
      )
      .pluck();
    this.countOfCase = database
      .prepare<[string, string], number>(`SELECT count(*) FROM runs WHERE suite = ? AND ${HAS_CASE}`)
      .pluck();
    this.times = database.prepare<[string], TrialTime>(
      `SELECT bodies.trial ->> 'startedAt' AS startedAt, bodies.trial ->> 'durationMs' AS durationMs
       FROM runs JOIN trials ON trials.run = runs.key JOIN bodies ON bodies.id = body
       WHERE runs.id = ? AND coalesce(bodies.trial ->> 'isUntimed', 0) <> 1`,
    );
    this.rowTexts = database.prepare<[string, string], { key: number; row: string }>(
      `SELECT runs.key, row FROM runs JOIN trials ON trials.run = runs.key JOIN scores USING (body)
       WHERE runs.id = ? AND case_id = ? ORDER BY trials.trial`,
    );
    this.words = new SqliteWords(database);
  }

  count(filter: RunFilter): number {
    const { where, values } = runConditions(filter);
    const counted = this.database.prepare<string[], number>(`SELECT count(*) FROM runs ${where}`).pluck();
    return counted.get(...values) ?? 0;
  }

  rows(runId: string, caseId: string): TrialRow[] {
    const found = this.rowTexts.all(runId, caseId);
    const reader = new RowReader((number) => this.words.wordOf(found[0]?.key ?? 0, number));
    return found.map(({ row }) => reader.read(row));
  }
}

import type Database from "better-sqlite3";
import type { Trial } from "../core/trial.js";
import type { TrialRow } from "../metrics/metric.js";
import { RowReader, RowWriter } from "./row-text.js";
import { SqliteWords } from "./sqlite-words.js";
import type { FinishedTrial, StoredTrial } from "./store.js";

/** What every page begins with, so that the next one can go on behind its last record. */
type Paged = readonly [caseId: string, trial: number, ...rest: string[]];
type FinishedRecord = readonly [caseId: string, trial: number, status: Trial["status"]];
type RowRecord = readonly [caseId: string, trial: number, row: string];
type FullRecord = readonly [caseId: string, trial: number, row: string, text: string];

type Position = [run: number, caseId: string, trial: number];

const PAGE = 256;
const AFTER = `WHERE run = ? AND (case_id, trials.trial) > (?, ?) ORDER BY case_id, trials.trial LIMIT ${PAGE}`;

/**
 * Trials: a slim table in (run, case, trial) order, and their scores and bodies, appended. Reading is paged, because an
 * open better-sqlite3 iterator refuses every write on its connection.
 */
export class SqliteTrials {
  private readonly insertBody;
  private readonly insertScores;
  private readonly insertTrial;
  private readonly find;
  private readonly bodyOf;
  private readonly deleteBody;
  private readonly deleteScores;
  private readonly deleteTrial;
  private readonly page;
  private readonly rowPage;
  private readonly fullPage;
  private readonly words;
  private readonly writer = new RowWriter();
  private readonly begin;
  private readonly commit;
  private readonly rollback;

  constructor(
    private readonly database: Database.Database,
    private readonly successMetric: string,
  ) {
    this.insertBody = database.prepare("INSERT INTO bodies (trial) VALUES (?)");
    this.insertScores = database.prepare("INSERT INTO scores (body, row) VALUES (?, ?)");
    this.insertTrial = database.prepare(
      "INSERT INTO trials (run, case_id, trial, status, passed, body) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.find = database.prepare<Position, { body: number }>(
      "SELECT body FROM trials WHERE run = ? AND case_id = ? AND trial = ?",
    );
    this.bodyOf = database.prepare<[number], { trial: string }>("SELECT trial FROM bodies WHERE id = ?");
    this.deleteBody = database.prepare("DELETE FROM bodies WHERE id = ?");
    this.deleteScores = database.prepare("DELETE FROM scores WHERE body = ?");
    this.deleteTrial = database.prepare("DELETE FROM trials WHERE run = ? AND case_id = ? AND trial = ?");
    const paged = <Record extends Paged>(columns: string, from: string) =>
      database
        .prepare<Position, Record>(`SELECT case_id, trials.trial, ${columns} FROM ${from} ${AFTER}`)
        .raw();
    this.page = paged<FinishedRecord>("status", "trials");
    this.rowPage = paged<RowRecord>("row", "trials JOIN scores USING (body)");
    this.fullPage = paged<FullRecord>(
      "row, bodies.trial",
      "trials JOIN scores USING (body) JOIN bodies ON id = body",
    );
    this.words = new SqliteWords(database);
    this.begin = database.prepare("BEGIN IMMEDIATE");
    this.commit = database.prepare("COMMIT");
    this.rollback = database.prepare("ROLLBACK");
  }

  add(run: number, trial: Trial, row: TrialRow): void {
    const body = JSON.stringify(trial);
    this.atomically(() => {
      if (this.find.get(run, trial.caseId, trial.trial) === undefined) this.insert(run, trial, row, body);
    });
  }

  replace(run: number, trial: Trial, row: TrialRow): void {
    const body = JSON.stringify(trial);
    this.atomically(() => {
      const old = this.find.get(run, trial.caseId, trial.trial);
      if (old !== undefined) {
        this.deleteBody.run(old.body);
        this.deleteScores.run(old.body);
        this.deleteTrial.run(run, trial.caseId, trial.trial);
      }
      this.insert(run, trial, row, body);
    });
  }

  get(run: number, caseId: string, trial: number): Trial | null {
    const found = this.find.get(run, caseId, trial);
    return found === undefined ? null : this.read(found.body);
  }

  *finished(run: number): Generator<FinishedTrial> {
    for (const [caseId, trial, status] of this.pages(run, this.page)) {
      yield { caseId, trial, status };
    }
  }

  *rows(run: number): Generator<TrialRow> {
    const reader = this.readerOf(run);
    for (const [, , row] of this.pages(run, this.rowPage)) yield reader.read(row);
  }

  *all(run: number): Generator<StoredTrial> {
    const reader = this.readerOf(run);
    for (const [, , row, text] of this.pages(run, this.fullPage)) {
      yield { trial: JSON.parse(text) as Trial, row: reader.read(row) };
    }
  }

  private insert(run: number, trial: Trial, row: TrialRow, body: string): void {
    const id = this.insertBody.run(body).lastInsertRowid;
    this.insertScores.run(
      id,
      this.writer.textOf(row, (word) => this.words.numberOf(run, word)),
    );
    const passed = this.passedOf(trial, row);
    this.insertTrial.run(run, trial.caseId, trial.trial, trial.status, passed, id);
  }

  private passedOf(trial: Trial, row: TrialRow): 0 | 1 | null {
    const value = row.scores[this.successMetric]?.value ?? null;
    if (trial.status === "error" || value === null) return null;
    return value === 1 ? 1 : 0;
  }

  /**
   * All or nothing; within another one, a part of it. `database.transaction` costs a third more on this path.
   */
  atomically<T>(write: () => T): T {
    if (this.database.inTransaction) return write();
    this.begin.run();
    try {
      const result = write();
      this.commit.run();
      return result;
    } catch (error) {
      this.words.forget();
      if (this.database.inTransaction) this.rollback.run();
      throw error;
    }
  }

  /** Numbers of words that another part of the store removed are asked for again. */
  forgetWords(): void {
    this.words.forget();
  }

  private readerOf(run: number): RowReader {
    return new RowReader((number) => this.words.wordOf(run, number));
  }

  private read(body: number): Trial | null {
    const found = this.bodyOf.get(body);
    return found === undefined ? null : (JSON.parse(found.trial) as Trial);
  }

  private *pages<Record extends Paged>(
    run: number,
    statement: Database.Statement<Position, Record>,
  ): Generator<Record> {
    let position: Position = [run, "", -1];
    for (;;) {
      const records = statement.all(...position);
      yield* records;
      const last = records.at(-1);
      if (last === undefined || records.length < PAGE) return;
      position = [run, last[0], last[1]];
    }
  }
}

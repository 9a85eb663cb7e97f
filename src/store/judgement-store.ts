import { join } from "node:path";
import type Database from "better-sqlite3";
import type { Calibration, LabelEntry, Subject, VerdictEntry } from "../core/judgement.js";
import { openSqlite } from "./open-sqlite.js";
import { storeFailure } from "./sqlite-failure.js";
import { eraseDeleted } from "./sqlite-wal.js";

/** Entries are added and never changed; only the deletion of a person removes them. */
const SCHEMA = `
CREATE TABLE items (
  item TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE labels (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rubric TEXT NOT NULL,
  item TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX labels_by_rubric ON labels (rubric, number);
CREATE TABLE verdicts (
  number INTEGER PRIMARY KEY,
  judge TEXT NOT NULL,
  judge_version TEXT NOT NULL,
  item TEXT NOT NULL,
  subject TEXT NOT NULL,
  part TEXT NOT NULL,
  vote INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (judge_version, item, subject, part, vote)
) STRICT;
CREATE INDEX verdicts_by_judge ON verdicts (judge, number);
CREATE TABLE calibrations (
  number INTEGER PRIMARY KEY,
  judge_version TEXT NOT NULL,
  metric TEXT NOT NULL,
  body TEXT NOT NULL,
  report TEXT NOT NULL
) STRICT;
CREATE INDEX calibrations_by_version ON calibrations (judge_version, number);
CREATE TRIGGER labels_no_update BEFORE UPDATE ON labels BEGIN SELECT RAISE(ABORT, 'labels are append-only'); END;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER calibrations_no_update BEFORE UPDATE ON calibrations
  BEGIN SELECT RAISE(ABORT, 'calibrations are append-only'); END;
`;

const BUSY_MS = 10_000;

/** Which vote of a judge is meant. */
export type VerdictKey = Pick<VerdictEntry, "judgeVersion" | "item" | "subjectHash" | "order" | "vote">;

/**
 * Labels of people, verdicts of judges and calibrations of a project, in one SQLite file. Several processes may use it at
 * once. What a method wrote is there after a SIGKILL. Every method throws `StoreError` when the file fails.
 */
export interface JudgementStore {
  /** Keeps what was judged, so that verdicts and labels can be shown when the run is gone. An item that is there stays. */
  addItems(subjects: readonly Subject[]): void;
  item(item: string): Subject | null;
  items(): Iterable<Subject>;
  /** Adds labels, all or none. An id that is there already is left as it is. @returns how many were new */
  addLabels(entries: readonly LabelEntry[]): number;
  /** In the order in which they were added; of all rubrics when none is named. */
  labels(rubric?: string): readonly LabelEntry[];
  /** Adds verdicts, all or none; a vote that is there already stays as it was. @returns how many were new */
  addVerdicts(entries: readonly VerdictEntry[]): number;
  verdict(key: VerdictKey): VerdictEntry | null;
  /** Of a judge by its name, in the order in which they were added. */
  verdicts(judge: string): readonly VerdictEntry[];
  judgesWithVerdicts(): readonly {
    readonly judge: string;
    readonly judgeVersion: string;
    readonly rubric: string;
    readonly verdicts: number;
    readonly lastAt: string;
  }[];
  /** @param report - the whole report as JSON text */
  addCalibration(calibration: Calibration, report: string): void;
  /** The newest of a version of a judge; `null` without one. */
  calibration(judgeVersion: string): Calibration | null;
  /** Newest first. */
  calibrations(): readonly Calibration[];
  /** The report of a calibration as JSON text. */
  calibrationReport(reportHash: string): string | null;
  /**
   * Removes every item, label and verdict that concerns a person, and all calibrations whose report quotes one; see
   * `Store.erase`. Nothing of them stays in the file.
   */
  erase(concerns: (json: string) => boolean): {
    readonly items: number;
    readonly labels: number;
    readonly verdicts: number;
    readonly calibrationReports: number;
  };
  close(): void;
}

/** File of labels, verdicts and calibrations below the data folder of a project. */
export function judgementFile(dataFolder: string): string {
  return join(dataFolder, "judgements.db");
}

/**
 * Opens the file, creating it and its folder when missing; `:memory:` keeps it in the process.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openJudgementStore(file: string): JudgementStore {
  return new SqliteJudgementStore(
    file,
    openSqlite(file, {
      what: "open the judgements",
      schema: SCHEMA,
      version: 1,
      busyTimeoutMs: BUSY_MS,
      pragmas: ["synchronous = NORMAL"],
    }),
  );
}

class SqliteJudgementStore implements JudgementStore {
  private readonly sql;

  constructor(
    private readonly file: string,
    private readonly database: Database.Database,
  ) {
    this.sql = statements(database);
  }

  addItems(subjects: readonly Subject[]): void {
    this.write("write items", () => {
      for (const subject of subjects) this.sql.addItem.run(subject.item, JSON.stringify(subject));
    });
  }

  item(item: string): Subject | null {
    return this.attempt("read items", () => {
      const body = this.sql.item.get(item);
      return body === undefined ? null : (JSON.parse(body) as Subject);
    });
  }

  items(): Iterable<Subject> {
    return this.attempt("read items", () => this.sql.items.all().map((body) => JSON.parse(body) as Subject));
  }

  addLabels(entries: readonly LabelEntry[]): number {
    return this.write("write labels", () =>
      entries.reduce(
        (added, entry) =>
          added +
          this.sql.addLabel.run(entry.id, entry.rubric, entry.item, entry.author, JSON.stringify(entry))
            .changes,
        0,
      ),
    );
  }

  labels(rubric?: string): readonly LabelEntry[] {
    return this.attempt("read labels", () =>
      (rubric === undefined ? this.sql.labels.all() : this.sql.labelsOf.all(rubric)).map(
        (body) => JSON.parse(body) as LabelEntry,
      ),
    );
  }

  addVerdicts(entries: readonly VerdictEntry[]): number {
    return this.write("write verdicts", () =>
      entries.reduce((added, entry) => {
        const { judge, judgeVersion, item, subjectHash, order, vote } = entry;
        const body = JSON.stringify(entry);
        return (
          added + this.sql.addVerdict.run(judge, judgeVersion, item, subjectHash, order, vote, body).changes
        );
      }, 0),
    );
  }

  verdict({ judgeVersion, item, subjectHash, order, vote }: VerdictKey): VerdictEntry | null {
    return this.attempt("read verdicts", () => {
      const body = this.sql.verdict.get(judgeVersion, item, subjectHash, order, vote);
      return body === undefined ? null : (JSON.parse(body) as VerdictEntry);
    });
  }

  verdicts(judge: string): readonly VerdictEntry[] {
    return this.attempt("read verdicts", () =>
      this.sql.verdicts.all(judge).map((body) => JSON.parse(body) as VerdictEntry),
    );
  }

  judgesWithVerdicts() {
    return this.attempt("read verdicts", () => this.sql.judges.all());
  }

  addCalibration(calibration: Calibration, report: string): void {
    const { judgeVersion, metric } = calibration;
    this.write("write a calibration", () =>
      this.sql.addCalibration.run(judgeVersion, metric, JSON.stringify(calibration), report),
    );
  }

  calibration(judgeVersion: string): Calibration | null {
    return this.attempt("read calibrations", () => {
      const body = this.sql.calibration.get(judgeVersion);
      return body === undefined ? null : (JSON.parse(body) as Calibration);
    });
  }

  calibrations(): readonly Calibration[] {
    return this.attempt("read calibrations", () =>
      this.sql.calibrations.all().map((body) => JSON.parse(body) as Calibration),
    );
  }

  calibrationReport(reportHash: string): string | null {
    return this.attempt("read calibrations", () => this.sql.report.get(reportHash) ?? null);
  }

  erase(concerns: (json: string) => boolean) {
    const removed = this.write("erase judgements", () => ({
      items: this.eraseFrom("items", "item", "body", concerns),
      labels: this.eraseFrom("labels", "number", "body", concerns),
      verdicts: this.eraseFrom("verdicts", "number", "body", concerns),
      calibrationReports: this.eraseFrom("calibrations", "number", "report", concerns),
    }));
    this.attempt("erase judgements", () => eraseDeleted(this.database, this.file, BUSY_MS));
    return removed;
  }

  close(): void {
    this.attempt("close the judgements", () => this.database.close());
  }

  private eraseFrom(table: string, key: string, column: string, concerns: (json: string) => boolean): number {
    const rows = this.database
      .prepare<[], { readonly key: number | string; readonly text: string }>(
        `SELECT ${key} AS key, ${column} AS text FROM ${table}`,
      )
      .iterate();
    const found: (number | string)[] = [];
    for (const row of rows) if (concerns(row.text)) found.push(row.key);
    const remove = this.database.prepare<[number | string]>(`DELETE FROM ${table} WHERE ${key} = ?`);
    for (const one of found) remove.run(one);
    return found.length;
  }

  private write<T>(action: string, work: () => T): T {
    return this.attempt(action, () => this.database.transaction(work).immediate());
  }

  private attempt<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFailure(this.file, action, error);
    }
  }
}

function statements(database: Database.Database) {
  return {
    addItem: database.prepare<[string, string]>(
      "INSERT INTO items (item, body) VALUES (?, ?) ON CONFLICT (item) DO NOTHING",
    ),
    item: database.prepare<[string], string>("SELECT body FROM items WHERE item = ?").pluck(),
    items: database.prepare<[], string>("SELECT body FROM items ORDER BY item").pluck(),
    addLabel: database.prepare<[string, string, string, string, string]>(
      "INSERT INTO labels (id, rubric, item, author, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    ),
    labels: database.prepare<[], string>("SELECT body FROM labels ORDER BY number").pluck(),
    labelsOf: database
      .prepare<[string], string>("SELECT body FROM labels WHERE rubric = ? ORDER BY number")
      .pluck(),
    addVerdict: database.prepare<[string, string, string, string, string, number, string]>(
      `INSERT INTO verdicts (judge, judge_version, item, subject, part, vote, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (judge_version, item, subject, part, vote) DO NOTHING`,
    ),
    verdict: database
      .prepare<[string, string, string, string, number], string>(
        "SELECT body FROM verdicts WHERE judge_version = ? AND item = ? AND subject = ? AND part = ? AND vote = ?",
      )
      .pluck(),
    verdicts: database
      .prepare<[string], string>("SELECT body FROM verdicts WHERE judge = ? ORDER BY number")
      .pluck(),
    judges: database.prepare<
      [],
      {
        readonly judge: string;
        readonly judgeVersion: string;
        readonly rubric: string;
        readonly verdicts: number;
        readonly lastAt: string;
      }
    >(
      `SELECT judge, judge_version AS judgeVersion, body ->> 'rubric' AS rubric, count(*) AS verdicts,
         max(body ->> 'at') AS lastAt
       FROM verdicts GROUP BY judge, judge_version, rubric ORDER BY min(number)`,
    ),
    addCalibration: database.prepare<[string, string, string, string]>(
      "INSERT INTO calibrations (judge_version, metric, body, report) VALUES (?, ?, ?, ?)",
    ),
    calibration: database
      .prepare<[string], string>(
        "SELECT body FROM calibrations WHERE judge_version = ? ORDER BY number DESC LIMIT 1",
      )
      .pluck(),
    calibrations: database.prepare<[], string>("SELECT body FROM calibrations ORDER BY number DESC").pluck(),
    report: database
      .prepare<[string], string>(
        "SELECT report FROM calibrations WHERE body ->> 'reportHash' = ? ORDER BY number DESC LIMIT 1",
      )
      .pluck(),
  };
}

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type Database from "better-sqlite3";
import { type Json, sha256 } from "../../core/hash.js";
import { openSqlite } from "../../store/open-sqlite.js";
import { storeFailure } from "../../store/sqlite-failure.js";
import type { AuditProblem } from "./audit-check.js";
import { CHAIN_START } from "./audit-record.js";

/** What one row of the log holds; no text of a user. */
export type AuditBody = { readonly kind: string; readonly [key: string]: Json };

/** A row to be appended. */
export interface AuditEntry {
  /** What it is found by, such as the trial or the session that it is about. */
  readonly subject: string;
  readonly body: AuditBody;
}

/** How far the log went when it was last written. */
export interface AuditHead {
  /** Number of the last row; 0 for an empty log. */
  readonly sequence: number;
  readonly hash: string;
}

/** The state of the whole log. */
export interface AuditLogCheck {
  readonly rows: number;
  readonly head: AuditHead;
  /** Empty when every row is as it was written. */
  readonly problems: readonly AuditProblem[];
}

interface Row {
  readonly sequence: number;
  readonly body: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS audit (
    sequence INTEGER PRIMARY KEY, subject TEXT, body TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject);
  CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`;

/**
 * An append-only log in which each row carries the hash of the one before it. The hash of the last row also stands in a
 * file of its own (`<file>.head`), so that a cut tail is noticed. Several processes may append at once; when `append`
 * returns, the rows survive a loss of power.
 */
export class AuditLog {
  private readonly database: Database.Database;

  /** @throws {StoreError} when the file cannot be opened or created */
  constructor(private readonly file: string) {
    this.database = openSqlite(file, {
      what: "open the audit log",
      schema: SCHEMA,
      version: 1,
      busyTimeoutMs: 10_000,
      pragmas: ["synchronous = FULL"],
    });
  }

  /**
   * Appends rows, all or none.
   *
   * @throws {StoreError} when the log cannot be written
   */
  append(rows: readonly AuditEntry[]): void {
    if (rows.length > 0) this.write(() => rows);
  }

  /**
   * Appends one row that goes on from the last one about its subject; nobody else writes in between.
   *
   * @param next - given that row's body, `null` for none
   * @throws {StoreError} when the log cannot be written
   */
  extend(subject: string, next: (last: AuditBody | null) => AuditBody): void {
    this.write(() => [{ subject, body: next(this.about(subject, 1)[0] ?? null) }]);
  }

  private write(entries: () => readonly AuditEntry[]): void {
    this.attempt("write the audit log", () => {
      const insert = this.database.prepare(
        "INSERT INTO audit (sequence, subject, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?)",
      );
      const head = this.database
        .transaction(() => {
          let last = this.last();
          for (const { subject, body } of entries()) {
            const text = JSON.stringify(body);
            const sequence = last.sequence + 1;
            const hash = rowHash(sequence, last.hash, subject, text);
            insert.run(sequence, subject, text, last.hash, hash);
            last = { sequence, hash };
          }
          return last;
        })
        .immediate();
      this.writeHead(head);
    });
  }

  /**
   * Bodies of the rows about a subject, oldest first.
   *
   * @param most - only the last ones
   * @throws {StoreError} when the log cannot be read
   */
  about(subject: string, most = Number.MAX_SAFE_INTEGER): readonly AuditBody[] {
    return this.attempt("read the audit log", () =>
      this.database
        .prepare<[string, number], { body: string }>(
          "SELECT body FROM audit WHERE subject = ? ORDER BY sequence DESC LIMIT ?",
        )
        .all(subject, most)
        .reverse()
        .flatMap(({ body }) => {
          try {
            return [JSON.parse(body) as AuditBody];
          } catch {
            return [];
          }
        }),
    );
  }

  /**
   * Reads the whole log and names every row that is not as it was written.
   *
   * @param known - a head that was noted down elsewhere: rows up to it must still be those
   * @throws {StoreError} when the log cannot be read
   */
  check(known: AuditHead | null = null): AuditLogCheck {
    return this.attempt("read the audit log", () => {
      // Before the rows: another process may append meanwhile, and the head follows its rows.
      const headBefore = this.readHead();
      const problems: AuditProblem[] = [];
      let sequence = 0;
      let previous = CHAIN_START;
      const hashes = new Map<number, string>();
      const rows = this.database
        .prepare<[], Row & { subject: string }>("SELECT * FROM audit ORDER BY sequence")
        .iterate();
      for (const row of rows) {
        if (row.sequence > sequence + 1) problems.push(missing(sequence + 1, row.sequence - 1));
        if (rowHash(row.sequence, row.previous_hash, row.subject, row.body) !== row.hash) {
          problems.push(`row ${row.sequence} of the audit log was altered`);
        } else if (row.sequence === sequence + 1 && row.previous_hash !== previous) {
          problems.push(`row ${row.sequence} of the audit log does not follow row ${sequence} as it is now`);
        }
        hashes.set(row.sequence, row.hash);
        sequence = row.sequence;
        previous = row.hash;
      }
      problems.push(...this.headProblems(headBefore, sequence, hashes));
      if (known !== null && known.sequence > 0 && hashes.get(known.sequence) !== known.hash) {
        problems.push(`row ${known.sequence} of the audit log is not the one that was noted down`);
      }
      return { rows: hashes.size, head: { sequence, hash: previous }, problems };
    });
  }

  close(): void {
    this.database.close();
  }

  private attempt<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFailure(this.file, action, error);
    }
  }

  private last(): AuditHead {
    const row = this.database
      .prepare<[], AuditHead>("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
      .get();
    const head = this.readHead();
    // Rows cut off the end must stay missing: writing on in their place would hide the gap.
    if (head !== null && head.sequence > (row?.sequence ?? 0)) return head;
    return row ?? { sequence: 0, hash: CHAIN_START };
  }

  private headProblems(
    head: AuditHead | null,
    last: number,
    hashes: ReadonlyMap<number, string>,
  ): readonly AuditProblem[] {
    if (head === null)
      return last === 0 ? [] : [`${this.file}.head is missing: rows may be missing at the end`];
    if (head.sequence > last) return [`${missing(last + 1, head.sequence)}, at the end`];
    const found = hashes.get(head.sequence);
    // A writer that was killed leaves the head behind the log; the chain then leads on from it.
    if (head.sequence > 0 && found !== undefined && found !== head.hash) {
      return [`row ${head.sequence} of the audit log is not the one that ${this.file}.head names`];
    }
    return [];
  }

  private readHead(): AuditHead | null {
    const file = `${this.file}.head`;
    if (!existsSync(file)) return null;
    const [sequence = "", hash = ""] = readFileSync(file, "utf8").trim().split(" ");
    return /^\d+$/.test(sequence) && /^[0-9a-f]{64}$/.test(hash)
      ? { sequence: Number(sequence), hash }
      : null;
  }

  private writeHead({ sequence, hash }: AuditHead): void {
    const file = `${this.file}.head`;
    const other = this.readHead();
    if (other !== null && other.sequence > sequence) return;
    writeFileSync(`${file}.${process.pid}`, `${sequence} ${hash}\n`);
    renameSync(`${file}.${process.pid}`, file);
  }
}

function rowHash(sequence: number, previous: string, subject: string, body: string): string {
  return sha256(`${sequence}\n${previous}\n${subject}\n${body}`);
}

function missing(from: number, to: number): AuditProblem {
  return from === to
    ? `row ${from} of the audit log was deleted`
    : `rows ${from} to ${to} of the audit log were deleted`;
}

import type Database from "better-sqlite3";
import { UsageError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import type { PlannedTrial, RunHeader, RunStatus } from "../core/run.js";
import { runConditions } from "./run-conditions.js";
import type { RunFilter, RunPatch, RunSummary } from "./store.js";

interface RunRecord {
  readonly key: number;
  readonly id: string;
  readonly suite: string;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly status: RunStatus;
  readonly planned: number;
  readonly header: string;
  readonly tags: string;
}

interface CountRecord {
  readonly trials: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
}

type StoredHeader = Omit<RunHeader, "plan" | "status" | "finishedAt" | "tags">;

const MAX_LISTED_IDS = 10;
const SELECT_RUN = `SELECT runs.*, (
  SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE tags.run = runs.key ORDER BY tag)
) AS tags FROM runs`;
const NEWEST_FIRST = "ORDER BY created_at DESC, runs.key DESC";

/** Run headers, plans and tags. */
export class SqliteRuns {
  private readonly insertRun;
  private readonly insertPlan;
  private readonly insertTag;
  private readonly insertCase;
  private readonly caseByHash;
  private readonly casesByHash;
  private readonly update;
  private readonly byId;
  private readonly newest;
  private readonly byTag;
  private readonly byPrefix;
  private readonly planOf;
  private readonly counts;
  private readonly removeTag;
  private readonly deleteBodies;
  private readonly deleteScores;
  private readonly deleteTrials;
  private readonly deleteHeader;

  constructor(private readonly database: Database.Database) {
    this.insertRun = database.prepare(
      `INSERT INTO runs (id, suite, created_at, finished_at, status, planned, header)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.insertPlan = database.prepare("INSERT INTO plans (run, plan) VALUES (?, ?)");
    this.insertTag = database.prepare("INSERT OR IGNORE INTO tags (run, tag) VALUES (?, ?)");
    this.insertCase = database.prepare("INSERT OR IGNORE INTO cases (hash, content) VALUES (?, ?)");
    this.caseByHash = database.prepare<[string], { content: string }>(
      "SELECT content FROM cases WHERE hash = ?",
    );
    this.casesByHash = database
      .prepare<[string], [hash: string, content: string]>(
        "SELECT hash, content FROM json_each(?) CROSS JOIN cases ON hash = value",
      )
      .raw();
    this.update = database.prepare("UPDATE runs SET status = ?, finished_at = ? WHERE key = ?");
    this.byId = database.prepare<[string], RunRecord>(`${SELECT_RUN} WHERE id = ?`);
    this.newest = database.prepare<[], RunRecord>(`${SELECT_RUN} ${NEWEST_FIRST} LIMIT 1`);
    this.byTag = database.prepare<[string], RunRecord>(
      `${SELECT_RUN} WHERE runs.key IN (SELECT run FROM tags WHERE tag = ?) ${NEWEST_FIRST} LIMIT 1`,
    );
    this.byPrefix = database.prepare<[string, string], { id: string }>(
      `SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT ${MAX_LISTED_IDS + 1}`,
    );
    this.planOf = database.prepare<[number], { plan: string }>("SELECT plan FROM plans WHERE run = ?");
    this.counts = database.prepare<[number], CountRecord>(
      `SELECT count(*) AS trials, total(passed = 1) AS passed, total(passed = 0) AS failed,
              total(status = 'error') AS errors FROM trials WHERE run = ?`,
    );
    this.removeTag = database.prepare("DELETE FROM tags WHERE run = ? AND tag = ?");
    this.deleteBodies = database.prepare(
      "DELETE FROM bodies WHERE id IN (SELECT body FROM trials WHERE run = ?)",
    );
    this.deleteScores = database.prepare(
      "DELETE FROM scores WHERE body IN (SELECT body FROM trials WHERE run = ?)",
    );
    this.deleteTrials = database.prepare("DELETE FROM trials WHERE run = ?");
    this.deleteHeader = database.prepare("DELETE FROM runs WHERE key = ?");
  }

  create(header: RunHeader, cases: readonly GoldenCase[]): void {
    const { plan, status, finishedAt, tags, ...rest } = header;
    const stored: StoredHeader = rest;
    this.database
      .transaction(() => {
        const values = [header.id, header.suite, header.createdAt, finishedAt, status, plan.length];
        const key = this.insertRun.run(...values, JSON.stringify(stored)).lastInsertRowid;
        this.insertPlan.run(key, JSON.stringify(plan));
        for (const tag of tags) this.insertTag.run(key, tag);
        for (const one of cases) this.insertCase.run(one.hash, JSON.stringify(one));
      })
      .immediate();
  }

  findCase(hash: string): GoldenCase | null {
    const found = this.caseByHash.get(hash);
    return found === undefined ? null : (JSON.parse(found.content) as GoldenCase);
  }

  findCases(hashes: Iterable<string>): ReadonlyMap<string, GoldenCase> {
    const found = this.casesByHash.all(JSON.stringify([...hashes]));
    return new Map(found.map(([hash, content]) => [hash, JSON.parse(content) as GoldenCase]));
  }

  keyOf(id: string): number | null {
    return this.byId.get(id)?.key ?? null;
  }

  /** @returns whether the run is there */
  patch(id: string, patch: RunPatch): boolean {
    return this.database
      .transaction(() => {
        const found = this.byId.get(id);
        if (found === undefined) return false;
        const finishedAt = patch.finishedAt === undefined ? found.finished_at : patch.finishedAt;
        this.update.run(patch.status ?? found.status, finishedAt, found.key);
        return true;
      })
      .immediate();
  }

  find(reference: string): RunHeader | null {
    const record = this.resolve(reference);
    if (record === null) return null;
    const plan = this.planOf.get(record.key)?.plan ?? "[]";
    return { ...headerOf(record), plan: JSON.parse(plan) as PlannedTrial[] };
  }

  list(filter: RunFilter): RunSummary[] {
    const { where, values } = runConditions(filter);
    const sql = `${SELECT_RUN} ${where} ${NEWEST_FIRST} LIMIT ? OFFSET ?`;
    const records = this.database
      .prepare<(string | number)[], RunRecord>(sql)
      .all(...values, filter.limit ?? -1, filter.offset ?? 0);
    return records.map((record) => {
      const counts = this.counts.get(record.key) ?? { trials: 0, passed: 0, failed: 0, errors: 0 };
      return { ...headerOf(record), planned: record.planned, ...counts };
    });
  }

  tag(key: number, tag: string): void {
    this.insertTag.run(key, tag);
  }

  untag(key: number, tag: string): void {
    this.removeTag.run(key, tag);
  }

  delete(key: number): void {
    this.database
      .transaction(() => {
        this.deleteBodies.run(key);
        this.deleteScores.run(key);
        this.deleteTrials.run(key);
        this.deleteHeader.run(key);
      })
      .immediate();
  }

  private resolve(reference: string): RunRecord | null {
    if (reference === "") return null;
    if (reference === "latest") return this.newest.get() ?? null;
    const exact = this.byId.get(reference) ?? this.byTag.get(reference);
    if (exact !== undefined) return exact;
    const ids = this.byPrefix.all(reference, `${reference}\u{10ffff}`).map((record) => record.id);
    if (ids.length > 1) throw ambiguous(reference, ids);
    return ids[0] === undefined ? null : (this.byId.get(ids[0]) ?? null);
  }
}

function headerOf(record: RunRecord): Omit<RunHeader, "plan"> {
  const header = JSON.parse(record.header) as StoredHeader;
  return {
    ...header,
    // Absent from runs that were stored before there was a choice of metrics.
    userModel: header.userModel ?? null,
    judges: header.judges ?? [],
    metrics: header.metrics ?? [],
    customMetrics: header.customMetrics ?? [],
    status: record.status,
    finishedAt: record.finished_at,
    tags: JSON.parse(record.tags) as string[],
  };
}

function ambiguous(reference: string, ids: readonly string[]): UsageError {
  const listed = ids.slice(0, MAX_LISTED_IDS).join(", ");
  const more = ids.length > MAX_LISTED_IDS ? ", …" : "";
  return new UsageError(`run "${reference}" fits several runs: ${listed}${more}`, {
    nextStep: "Write more of the id.",
  });
}

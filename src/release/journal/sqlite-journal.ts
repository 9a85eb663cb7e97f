import type Database from "better-sqlite3";
import { StoreError } from "../../core/errors.js";
import { canonicalJson, type Json, sha256 } from "../../core/hash.js";
import { openSqlite } from "../../store/open-sqlite.js";
import { hasEnded, type ReleaseState } from "../machine/state.js";
import { NO_COUNTERS } from "../machine/transition.js";
import type { Artefact } from "../plan/release-plan.js";
import type {
  ControllerLease,
  JournalRow,
  NewRow,
  ReleaseJournal,
  ReleasePatch,
  ReleaseRecord,
  ReleaseRequest,
} from "./journal.js";
import { liveRelease, unknownRelease } from "./journal-errors.js";
import { journalFailure } from "./journal-failure.js";
import { JournalLeases } from "./journal-leases.js";
import { type KnownPlans, releaseFrom, rowFrom, type StoredRelease, type StoredRow } from "./journal-rows.js";
import { JOURNAL_SCHEMA, JOURNAL_VERSION } from "./journal-schema.js";
import { sameFileGuard } from "./same-file.js";
import { SqliteLeases } from "./sqlite-leases.js";
import { SqliteRequests } from "./sqlite-requests.js";

type Create = Parameters<ReleaseJournal["create"]>[0];
type Write = Parameters<ReleaseJournal["append"]>[1];

const OPEN = "open the journal of releases";
const BUSY_TIMEOUT_MS = 10_000;
const RELEASE_COLUMNS =
  "id, plan, plan_hash, author, created_at, state, counters, baked_ms, extended_ms, since";

/** The journal in one SQLite file. */
export class SqliteJournal implements ReleaseJournal {
  private readonly database: Database.Database;
  private readonly statements: ReturnType<typeof prepare>;
  private readonly leases: JournalLeases;
  private readonly left: SqliteRequests;
  private readonly plans: KnownPlans = new Map();
  private readonly refuseOtherFile: () => void;

  /** @throws {StoreError} when it cannot be opened */
  constructor(private readonly file: string) {
    const isInMemory = file === ":memory:";
    try {
      this.database = openSqlite(file, {
        what: OPEN,
        schema: JOURNAL_SCHEMA,
        version: JOURNAL_VERSION,
        busyTimeoutMs: BUSY_TIMEOUT_MS,
        pragmas: [`synchronous = ${isInMemory ? "OFF" : "FULL"}`],
      });
      this.statements = prepare(this.database);
    } catch (error) {
      throw journalFailure(file, OPEN, error);
    }
    this.leases = new JournalLeases(new SqliteLeases(this.database));
    this.left = new SqliteRequests(this.database);
    this.refuseOtherFile = isInMemory ? () => {} : sameFileGuard(file);
  }

  create(release: Create): ReleaseRecord {
    return this.write("create the release", () => {
      const { service } = release.plan;
      const live = this.statements.live.get(service);
      if (live !== undefined) {
        throw liveRelease(service, live.id, JSON.parse(live.state) as ReleaseState);
      }
      const at = isoTime(release.at);
      const plan = canonicalJson(release.plan);
      this.statements.insertRelease.run({
        id: release.id,
        service,
        plan,
        planHash: sha256(plan),
        author: release.author,
        createdAt: at,
        state: canonicalJson({ name: "PLANNED" }),
        counters: canonicalJson(NO_COUNTERS),
        since: at,
      });
      this.keep(release.evidence);
      return this.known(release.id);
    });
  }

  get(id: string): ReleaseRecord | null {
    return this.attempt("read the release", () => {
      const stored = this.statements.release.get(id);
      return stored === undefined ? null : releaseFrom(stored, this.plans);
    });
  }

  list(filter: { readonly service?: string; readonly limit?: number } = {}): ReleaseRecord[] {
    return this.attempt("list the releases", () =>
      this.statements.releases
        .all({ service: filter.service ?? null, limit: filter.limit ?? -1 })
        .map((stored) => releaseFrom(stored, this.plans)),
    );
  }

  live(service: string): ReleaseRecord | null {
    return this.attempt("read the live release", () => {
      const stored = this.statements.live.get(service);
      return stored === undefined ? null : releaseFrom(stored, this.plans);
    });
  }

  append(releaseId: string, write: Write): void {
    this.write("write to the journal", () => {
      const release = this.known(releaseId);
      this.leases.fence(release.plan.service, write.epoch);
      this.keep(write.evidence);
      for (const row of write.rows) this.addRow(releaseId, write.epoch, write.at, row);
      if (write.patch !== undefined) this.patch(release, write.patch);
      if (write.stable !== undefined) {
        this.statements.putStable.run(release.plan.service, canonicalJson(write.stable));
      }
    });
  }

  note(releaseId: string, at: number, note: Pick<NewRow, "event" | "reason" | "actor">): void {
    this.write("write to the journal", () => {
      const { state, plan } = this.known(releaseId);
      const none = { targetBps: null, previousBps: null, salt: null, evidenceHash: null };
      const row: NewRow = { ...none, ...note, kind: "note", from: state, to: state };
      this.addRow(releaseId, this.leases.newest(plan.service), at, row);
    });
  }

  private keep(evidence: readonly Json[] = []): void {
    for (const piece of evidence) {
      const content = canonicalJson(piece);
      this.statements.insertEvidence.run(sha256(content), content);
    }
  }

  private addRow(releaseId: string, epoch: number, at: number, row: NewRow): void {
    this.statements.insertRow.run({
      ...row,
      releaseId,
      epoch,
      at: isoTime(at),
      from: canonicalJson(row.from),
      to: canonicalJson(row.to),
    });
  }

  private patch(release: ReleaseRecord, patch: ReleasePatch): void {
    const next = { ...release, ...patch };
    const state = canonicalJson(next.state);
    this.statements.patchRelease.run({
      id: release.id,
      state,
      counters: canonicalJson(next.counters),
      bakedMs: next.bakedMs,
      extendedMs: next.extendedMs,
      since: next.since,
      isLive: hasEnded(next.state) ? 0 : 1,
    });
    this.left.leaveState(release.id, state);
  }

  rows(releaseId: string, afterSeq = 0): JournalRow[] {
    return this.attempt("read the journal", () => this.statements.rows.all(releaseId, afterSeq).map(rowFrom));
  }

  evidence(hash: string): Json | null {
    return this.attempt("read the evidence", () => {
      const stored = this.statements.evidence.get(hash);
      return stored === undefined ? null : (JSON.parse(stored.content) as Json);
    });
  }

  acquireLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    return this.write("take the lease", () => this.leases.acquire(service, holder, now, ttlMs));
  }

  renewLease(lease: ControllerLease, now: number, ttlMs: number): ControllerLease {
    return this.write("renew the lease", () => this.leases.renew(lease, now, ttlMs));
  }

  seizeLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    return this.write("take the lease", () => this.leases.seize(service, holder, now, ttlMs));
  }

  lease(service: string): ControllerLease | null {
    return this.attempt("read the lease", () => this.leases.read(service));
  }

  releaseLease(lease: ControllerLease): void {
    this.write("give the lease back", () => this.leases.giveBack(lease));
  }

  request(releaseId: string, at: number, event: ReleaseRequest["event"]): void {
    this.write("leave the request", () => {
      const { state } = this.known(releaseId);
      this.left.leave(releaseId, isoTime(at), event, canonicalJson(state));
    });
  }

  requests(releaseId: string): ReleaseRequest[] {
    return this.attempt("read the requests", () => this.left.list(releaseId));
  }

  answered(requestId: number, epoch: number): void {
    this.write("answer the request", () => {
      const releaseId = this.left.releaseOf(requestId);
      if (releaseId === null) return;
      this.leases.fence(this.known(releaseId).plan.service, epoch);
      this.left.answer(requestId);
    });
  }

  stable(service: string): Artefact | null {
    return this.attempt("read the stable version", () => {
      const stored = this.statements.stable.get(service);
      return stored === undefined ? null : (JSON.parse(stored.artefact) as Artefact);
    });
  }

  close(): void {
    this.database.close();
  }

  private known(id: string): ReleaseRecord {
    const stored = this.statements.release.get(id);
    if (stored !== undefined) return releaseFrom(stored, this.plans);
    throw unknownRelease(this.file, id);
  }

  /** One transaction that reads and writes with nobody in between. */
  private write<Result>(action: string, work: () => Result): Result {
    return this.attempt(action, () => {
      this.refuseOtherFile();
      return this.database.transaction(work).immediate();
    });
  }

  private attempt<Result>(action: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw new StoreError(`${this.file}: cannot ${action}: what is stored is no JSON (${error.message})`, {
          cause: error,
          nextStep: "Somebody changed the file; restore a copy of it.",
        });
      }
      throw journalFailure(this.file, action, error);
    }
  }
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

interface ReleaseValues {
  readonly id: string;
  readonly state: string;
  readonly counters: string;
  readonly since: string;
}

function prepare(database: Database.Database) {
  const one = (where: string) =>
    database.prepare<[string], StoredRelease>(`SELECT ${RELEASE_COLUMNS} FROM releases WHERE ${where}`);
  return {
    release: one("id = ?"),
    live: one("service = ? AND is_live = 1"),
    releases: database.prepare<[{ service: string | null; limit: number }], StoredRelease>(`
      SELECT ${RELEASE_COLUMNS} FROM releases WHERE @service IS NULL OR service = @service
      ORDER BY number DESC LIMIT @limit
    `),
    insertRelease: database.prepare<
      [
        ReleaseValues & {
          readonly service: string;
          readonly plan: string;
          readonly planHash: string;
          readonly author: string;
          readonly createdAt: string;
        },
      ]
    >(`
      INSERT INTO releases
        (id, service, plan, plan_hash, author, created_at, state, counters, baked_ms, extended_ms, since, is_live)
      VALUES (@id, @service, @plan, @planHash, @author, @createdAt, @state, @counters, 0, 0, @since, 1)
    `),
    patchRelease: database.prepare<
      [ReleaseValues & { readonly bakedMs: number; readonly extendedMs: number; readonly isLive: 0 | 1 }]
    >(`
      UPDATE releases SET state = @state, counters = @counters, baked_ms = @bakedMs, extended_ms = @extendedMs,
        since = @since, is_live = @isLive WHERE id = @id
    `),
    insertRow: database.prepare(`
      INSERT INTO rows (seq, release_id, epoch, at, kind, event, from_state, to_state, target_bps, previous_bps, salt,
        reason, evidence_hash, actor)
      VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM rows), @releaseId, @epoch, @at, @kind, @event, @from, @to,
        @targetBps, @previousBps, @salt, @reason, @evidenceHash, @actor)
    `),
    rows: database.prepare<[string, number], StoredRow>(
      "SELECT * FROM rows WHERE release_id = ? AND seq > ? ORDER BY seq",
    ),
    insertEvidence: database.prepare<[string, string]>(
      "INSERT INTO evidence (hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
    ),
    evidence: database.prepare<[string], { content: string }>("SELECT content FROM evidence WHERE hash = ?"),
    stable: database.prepare<[string], { artefact: string }>("SELECT artefact FROM stable WHERE service = ?"),
    putStable: database.prepare<[string, string]>(
      "INSERT INTO stable (service, artefact) VALUES (?, ?) ON CONFLICT (service) DO UPDATE SET artefact = excluded.artefact",
    ),
  };
}

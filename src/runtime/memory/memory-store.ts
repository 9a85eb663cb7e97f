import type Database from "better-sqlite3";
import type { Clock } from "../../core/clock.js";
import { storeFailure } from "../../store/sqlite-failure.js";
import { eraseDeleted } from "../../store/sqlite-wal.js";
import { type Fact, type FactKind, keyOf, type MemoryScope, type NewFact, type WrittenFact } from "./fact.js";
import { MEMORY_BUSY_MS, openMemoryDatabase } from "./memory-database.js";
import { type FactRow, factOf, memoryStatements } from "./memory-statements.js";

/** Which facts of a scope to forget: those that match everything that is given. */
interface FactFilter {
  readonly ids?: readonly string[];
  readonly kind?: FactKind;
}

interface DeletedFacts {
  readonly facts: number;
  readonly vectors: number;
}

/**
 * What is remembered of users, in one SQLite file. Several processes may use it at once. What a method did survives a
 * kill of the process when it returns. Every method throws `StoreError` when the file cannot be read or written.
 *
 * Every statement names tenant and user, and rows are compared with the scope once more when they were read.
 */
export interface MemoryStore {
  /**
   * Writes facts, all or nothing. Of a subject and an attribute the fact that was observed last is current, in
   * whichever order they are written; the others are its history.
   */
  put(scope: MemoryScope, facts: readonly NewFact[]): readonly WrittenFact[];
  /** Current facts that have not expired, the last observed first. @param limit - most facts; all when left out */
  current(scope: MemoryScope, limit?: number): readonly Fact[];
  /** Current facts and their history, the last observed first. Expired ones are left out. */
  history(scope: MemoryScope): readonly Fact[];
  /** Facts stop being current, and stay in the history. */
  retire(scope: MemoryScope, ids: readonly string[]): void;
  /** Vectors of facts by id, as one model made them. */
  vectors(scope: MemoryScope, model: string): ReadonlyMap<string, Float32Array>;
  putVectors(scope: MemoryScope, model: string, vectors: ReadonlyMap<string, Float32Array>): void;
  /** Whose fact it is; `null` when there is none of that id. */
  ownerOf(id: string): MemoryScope | null;
  /** Conversations that facts of the scope were learned in. */
  sources(scope: MemoryScope): readonly string[];
  /** Removes facts; those named by id with the history that they replaced. Their bytes may stay until {@link MemoryStore.erase}. */
  forget(scope: MemoryScope, filter: FactFilter): DeletedFacts;
  /** Removes everything that a space holds. */
  forgetSpace(space: string): void;
  /** Removes what has expired. @returns facts removed */
  sweep(): number;
  /** Writes the file anew, so that no byte of what was removed is left in it. */
  erase(): void;
  close(): void;
}

/**
 * Opens a memory and removes from it what has expired.
 *
 * @param file - see `memoryFile`; `:memory:` keeps it in the process
 * @throws {StoreError} when it cannot be opened
 */
export function openMemoryStore(file: string, clock: Clock): MemoryStore {
  const store = new SqliteMemoryStore(file, openMemoryDatabase(file), clock);
  store.sweep();
  return store;
}

class SqliteMemoryStore implements MemoryStore {
  private readonly sql;

  constructor(
    private readonly file: string,
    private readonly database: Database.Database,
    private readonly clock: Clock,
  ) {
    this.sql = memoryStatements(database);
  }

  put(scope: MemoryScope, facts: readonly NewFact[]): readonly WrittenFact[] {
    return this.write("write to the memory", () => facts.map((fact) => this.putOne(scope, fact)));
  }

  current(scope: MemoryScope, limit = -1): readonly Fact[] {
    return this.attempt("read the memory", () =>
      this.owned(scope, this.sql.current.all({ ...scope, now: this.clock.now(), limit })),
    );
  }

  history(scope: MemoryScope): readonly Fact[] {
    return this.attempt("read the memory", () =>
      this.owned(scope, this.sql.history.all({ ...scope, now: this.clock.now() })),
    );
  }

  retire(scope: MemoryScope, ids: readonly string[]): void {
    this.write("write to the memory", () => {
      const now = this.clock.now();
      for (const id of ids) this.sql.retire.run({ ...scope, id, at: now, by: null });
    });
  }

  vectors(scope: MemoryScope, model: string): ReadonlyMap<string, Float32Array> {
    return this.attempt("read the memory", () => {
      const rows = this.sql.vectors.all({ ...scope, model });
      return new Map(
        rows.map(({ id, vector }) => [id, new Float32Array(Uint8Array.from(vector).buffer)] as const),
      );
    });
  }

  putVectors(scope: MemoryScope, model: string, vectors: ReadonlyMap<string, Float32Array>): void {
    this.write("write to the memory", () => {
      for (const [id, vector] of vectors) {
        const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
        this.sql.putVector.run({ ...scope, id, model, vector: bytes });
      }
    });
  }

  ownerOf(id: string): MemoryScope | null {
    return this.attempt("read the memory", () => {
      const row = this.sql.owner.get(id);
      return row === undefined ? null : { space: row.space, tenantId: row.tenant, userId: row.user };
    });
  }

  sources(scope: MemoryScope): readonly string[] {
    return this.attempt("read the memory", () => this.sql.sources.all(scope));
  }

  forget(scope: MemoryScope, { ids, kind }: FactFilter): DeletedFacts {
    return this.write("forget facts", () => {
      const matched = this.sql.matching.all({
        ...scope,
        kind: kind ?? null,
        ids: ids === undefined ? null : JSON.stringify(ids),
      });
      let facts = 0;
      let vectors = 0;
      for (const { key, about, observed_at: until } of matched) {
        // What it replaced goes with it: nobody wants to have forgotten the last address alone.
        const older = ids === undefined ? [] : this.sql.olderAbout.all({ ...scope, about, until });
        for (const one of new Set([key, ...older])) {
          vectors += this.sql.deleteVectors.run(one).changes;
          facts += this.sql.deleteFact.run(one).changes;
        }
      }
      return { facts, vectors };
    });
  }

  forgetSpace(space: string): void {
    this.write("forget facts", () => this.sql.deleteSpace.run(space));
  }

  sweep(): number {
    return this.write("forget expired facts", () => this.sql.sweep.run(this.clock.now()).changes);
  }

  erase(): void {
    this.attempt("erase what was forgotten", () => eraseDeleted(this.database, this.file, MEMORY_BUSY_MS));
  }

  close(): void {
    this.attempt("close the memory", () => this.database.close());
  }

  private putOne(scope: MemoryScope, given: NewFact): WrittenFact {
    const { subject, attribute, id, kind } = given;
    const fact = { ...given, about: JSON.stringify([keyOf(subject), keyOf(attribute)]) };
    const known = this.sql.currentAbout.get({ ...scope, about: fact.about });
    if (known !== undefined && keyOf(known.text) === keyOf(fact.text)) {
      const { observedAtMs, expiresAtMs } = fact;
      this.sql.confirm.run({ key: known.key, observedAtMs, expiresAtMs });
      return { id: known.id, kind: known.kind, outcome: "confirmed", replaces: null };
    }
    if (known === undefined || known.observed_at <= fact.observedAtMs) {
      if (known !== undefined) {
        this.sql.retire.run({ ...scope, id: known.id, at: fact.observedAtMs, by: id });
      }
      this.sql.insert.run({ ...scope, ...fact, retiredAtMs: null, replacedBy: null });
      return { id, kind, outcome: "added", replaces: known?.id ?? null };
    }
    this.sql.insert.run({ ...scope, ...fact, retiredAtMs: known.observed_at, replacedBy: known.id });
    return { id, kind, outcome: "outdated", replaces: null };
  }

  /** What another user said must not be used even if a statement were wrong. */
  private owned(scope: MemoryScope, rows: readonly FactRow[]): readonly Fact[] {
    return rows
      .filter(
        (row) => row.space === scope.space && row.tenant === scope.tenantId && row.user === scope.userId,
      )
      .map(factOf);
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

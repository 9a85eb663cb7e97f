import type { Json } from "../../core/hash.js";
import { PythonError } from "./python-error.js";
import { copyOf, type Dict, type ReadonlyDict, repr, textKey } from "./python-values.js";
import type { TauChanges, TauDatabase } from "./tau-database.js";

/**
 * The database as one session sees it: the shared first state below, copies of the records that the session
 * changed on top. Starting one costs nothing; only a changed record is copied, once.
 */
export class TauState {
  private readonly changed = new Map<string, Map<string, Dict>>();
  private cachedHash: string | undefined;

  constructor(private readonly database: TauDatabase) {}

  /** Records that differ or may differ from the first state. */
  get changes(): TauChanges {
    return this.changed;
  }

  /**
   * A record to read.
   *
   * @throws {PythonError} when the id is a list or a dictionary, which Python cannot look up
   */
  find(table: string, id: Json): ReadonlyDict | undefined {
    const key = textKey(id);
    if (key === null) return undefined;
    return this.changed.get(table)?.get(key) ?? this.database.table(table).get(key);
  }

  /** @throws {PythonError} a KeyError when there is no such record */
  get(table: string, id: Json): ReadonlyDict {
    const record = this.find(table, id);
    if (record === undefined) throw new PythonError(repr(id));
    return record;
  }

  /** A record to change in place: a copy of this session's own. */
  edit(table: string, id: Json): Dict {
    const key = String(id);
    const own = this.changed.get(table)?.get(key);
    this.cachedHash = undefined;
    return own ?? this.put(table, key, copyOf(this.get(table, id)) as Dict);
  }

  /** Adds or replaces a record; the state owns it from now on. */
  put(table: string, id: string, record: Dict): Dict {
    this.cachedHash = undefined;
    const records = this.changed.get(table) ?? new Map<string, Dict>();
    this.changed.set(table, records);
    records.set(id, record);
    return record;
  }

  /** Ids and records of a table, in the order of the data file, added ones last. */
  *records(table: string): Generator<readonly [string, ReadonlyDict]> {
    const base = this.database.table(table);
    const changed = this.changed.get(table);
    for (const [id, record] of base) yield [id, changed?.get(id) ?? record];
    for (const [id, record] of changed ?? []) if (!base.has(id)) yield [id, record];
  }

  /** SHA-256 of the canonical JSON of the whole state. */
  hash(): string {
    this.cachedHash ??= this.database.hash(this.changed);
    return this.cachedHash;
  }
}

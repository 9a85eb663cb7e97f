import { createHash, type Hash } from "node:crypto";
import type { Json } from "../../core/hash.js";
import { canonicalState, compareCodePoints } from "./python-json.js";
import type { ReadonlyDict } from "./python-values.js";

/** Records of one table by id, as they are before any tool ran. Nobody may change them. */
export type TauTable = ReadonlyMap<string, ReadonlyDict>;
/** Records that a session changed or added, by table and id. */
export type TauChanges = ReadonlyMap<string, ReadonlyMap<string, ReadonlyDict>>;

/** One table as canonical text, cut at the records, so that a hash re-encodes changed records alone. */
interface TableText {
  readonly name: string;
  readonly ids: readonly string[];
  /** `"id":{...}` of every record in order, each but the last followed by a comma. */
  readonly bytes: Buffer;
  /** Where each record starts in `bytes`, and at the end the length of `bytes`. */
  readonly offsets: readonly number[];
  /** The hash of everything before the first record of this table. */
  readonly before: Hash;
}

/** The first state of a world: parsed once, shared by all sessions. */
export class TauDatabase {
  private texts: readonly TableText[] | undefined;
  private unchangedHash: string | undefined;

  constructor(private readonly tables: ReadonlyMap<string, TauTable>) {}

  table(name: string): TauTable {
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`no table ${name} in this database`);
    return table;
  }

  /** SHA-256 of the canonical JSON of the whole database with `changes` applied. */
  hash(changes: TauChanges): string {
    const isUnchanged = [...changes.values()].every((records) => records.size === 0);
    if (!isUnchanged) return this.digest(changes);
    this.unchangedHash ??= this.digest(changes);
    return this.unchangedHash;
  }

  private digest(changes: TauChanges): string {
    this.texts ??= encodeTables(this.tables);
    const first = this.texts.findIndex((text) => (changes.get(text.name)?.size ?? 0) > 0);
    const start = Math.max(0, first);
    const hash = this.texts[start]?.before.copy() ?? createHash("sha256").update("{");
    for (const [index, text] of this.texts.slice(start).entries()) {
      if (index > 0) hash.update(tableHead(start + index, text.name));
      updateTable(hash, text, changes.get(text.name) ?? new Map());
      hash.update("}");
    }
    return hash.update("}").digest("hex");
  }
}

function tableHead(index: number, name: string): string {
  return `${index === 0 ? "" : ","}${JSON.stringify(name)}:{`;
}

function encodeRecord(id: string, record: Json): string {
  return `${JSON.stringify(id)}:${canonicalState(record)}`;
}

function encodeTables(tables: ReadonlyMap<string, TauTable>): readonly TableText[] {
  const hash = createHash("sha256").update("{");
  const names = [...tables.keys()].sort(compareCodePoints);
  return names.map((name, index) => {
    const table = tables.get(name) ?? new Map<string, ReadonlyDict>();
    const ids = [...table.keys()].sort(compareCodePoints);
    const offsets: number[] = [0];
    const parts = ids.map((id, position) => {
      const isLast = position === ids.length - 1;
      const part = Buffer.from(encodeRecord(id, table.get(id) as Json) + (isLast ? "" : ","));
      offsets.push((offsets.at(-1) ?? 0) + part.length);
      return part;
    });
    const bytes = Buffer.concat(parts);
    hash.update(tableHead(index, name));
    const before = hash.copy();
    hash.update(bytes).update("}");
    return { name, ids, bytes, offsets, before };
  });
}

/** Feeds one table to the hash: stored bytes between the changed records, fresh text for those. */
function updateTable(hash: Hash, text: TableText, changed: ReadonlyMap<string, ReadonlyDict>): void {
  let cursor = 0;
  let needsComma = false;
  const copyUntil = (position: number) => {
    if (position <= cursor) return;
    if (needsComma) hash.update(",");
    const end = text.offsets[position] ?? text.bytes.length;
    const comma = position < text.ids.length ? 1 : 0;
    hash.update(text.bytes.subarray(text.offsets[cursor], end - comma));
    needsComma = true;
    cursor = position;
  };
  for (const id of [...changed.keys()].sort(compareCodePoints)) {
    const position = lowerBound(text.ids, id);
    copyUntil(position);
    if (needsComma) hash.update(",");
    hash.update(encodeRecord(id, changed.get(id) as Json));
    needsComma = true;
    if (text.ids[position] === id) cursor = position + 1;
  }
  copyUntil(text.ids.length);
}

/** Index of the first id that is not before `id`. */
function lowerBound(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(ids[middle] ?? "", id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

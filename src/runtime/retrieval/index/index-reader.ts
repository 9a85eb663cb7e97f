import type Database from "better-sqlite3";
import { StoreError } from "../../../core/errors.js";
import type { DocumentStatus } from "../documents/documents.js";
import { COLUMN_WEIGHTS, INDEX_FORMAT } from "./index-tables.js";
import { type Reader, SHARED_TENANT } from "./tenant.js";
import { TermWeights } from "./term-weights.js";
import { nearestRows, type RowRange } from "./vector-scan.js";
import type { WrittenIndex } from "./write-index.js";

/** A chunk found by one method. */
export interface Hit {
  readonly chunk: number;
  readonly score: number;
}

/** A chunk as the index holds it. */
export interface ChunkRow {
  readonly chunk: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly tenant: string;
  readonly user: string | null;
  readonly title: string;
  readonly section: string;
  readonly text: string;
  readonly updated: string;
  readonly status: DocumentStatus;
  readonly segment: string | null;
  /** 0 to 1. */
  readonly trust: number;
}

interface TenantRow {
  readonly name: string;
  readonly first_chunk: number;
  readonly end_chunk: number;
  readonly partition: string;
}

interface Visible {
  /** A tenant of this index, or `shared`: never the name that was asked for. */
  readonly tenant: string;
  readonly user: string | null;
  readonly partition: string;
  readonly shared: RowRange;
  readonly own: RowRange;
}

const NOTHING: RowRange = { start: 0, end: 0 };

/**
 * Searches one generation of an index. The tenant filter is part of the search itself (ranges of chunk ids, in SQL and
 * in the vector scan), and rows are checked against their own `tenant` column again.
 */
export class IndexReader {
  readonly written: WrittenIndex;
  readonly weights: TermWeights;
  private readonly tenants = new Map<string, TenantRow>();
  private readonly owners = new Map<number, string>();
  private readonly replaced = new Map<number, Set<string>>();
  private readonly searches = new Map<string, Database.Statement<[Record<string, unknown>], Hit>>();
  private readonly selectChunks: Database.Statement<[string], ChunkRow>;

  /**
   * @param matrix - vectors of the chunks in order of their ids; `null` for an index without
   * @throws {StoreError} if the database is no index of this format
   */
  constructor(
    private readonly database: Database.Database,
    private readonly matrix: Float32Array | null,
  ) {
    const meta = database.prepare<[string], { value: unknown }>("SELECT value FROM meta WHERE key = ?");
    const read = (key: string) => meta.get(key)?.value;
    if (read("format") !== INDEX_FORMAT) {
      throw new StoreError(`${database.name}: expected an index of format ${INDEX_FORMAT}`, {
        nextStep: "Rebuild the index.",
      });
    }
    this.written = JSON.parse(String(read("written"))) as WrittenIndex;
    this.weights = TermWeights.read(read("weights") as Uint8Array);
    const expected = this.written.chunks * this.written.dimensions;
    if ((matrix?.length ?? 0) !== expected) {
      throw new StoreError(
        `${database.name}: expected ${expected} numbers of vectors, found ${matrix?.length ?? 0}`,
      );
    }
    for (const row of database.prepare<[], TenantRow>("SELECT * FROM tenants").iterate()) {
      this.tenants.set(row.name, row);
    }
    for (const row of database
      .prepare<[], { chunk: number; user: string }>("SELECT * FROM owners")
      .iterate()) {
      this.owners.set(row.chunk, row.user);
    }
    const hidden = database.prepare<[], { chunk: number; tenant: string }>("SELECT * FROM replaced");
    for (const { chunk, tenant } of hidden.iterate()) {
      this.replaced.set(chunk, (this.replaced.get(chunk) ?? new Set()).add(tenant));
    }
    this.selectChunks = database.prepare(
      `SELECT c.id AS chunk, c.chunk_id AS chunkId, d.id AS documentId, c.tenant, d.user, c.title, c.section, c.text,
              d.updated, d.status, d.segment, d.trust
         FROM json_each(?) AS wanted JOIN chunks AS c ON c.id = wanted.value
         JOIN documents AS d ON d.key = c.document AND d.tenant = c.tenant`,
    );
  }

  /** Chunks by BM25, best first; equal scores in document and passage order. */
  bm25(match: string, reader: Reader, most: number): readonly Hit[] {
    const visible = this.visibleTo(reader);
    return this.searchIn(visible.partition).all({
      match,
      most,
      tenant: visible.tenant,
      user: visible.user,
      sharedStart: visible.shared.start,
      sharedEnd: visible.shared.end,
      ownStart: visible.own.start,
      ownEnd: visible.own.end,
    });
  }

  /** Chunks by cosine, best first; nothing without vectors, or for a query vector of another length. */
  nearest(query: Float32Array, reader: Reader, most: number): readonly Hit[] {
    if (this.matrix === null || query.length !== this.written.dimensions) return [];
    const visible = this.visibleTo(reader);
    const allows = (row: number) => {
      const owner = this.owners.get(row);
      return (
        (owner === undefined || owner === visible.user) &&
        this.replaced.get(row)?.has(visible.tenant) !== true
      );
    };
    return nearestRows(this.matrix, query, [visible.shared, visible.own], most, allows).map(
      ({ row, score }) => ({
        chunk: row,
        score,
      }),
    );
  }

  /** The vector of a chunk, or `null` without vectors. */
  vectorOf(chunk: number): Float32Array | null {
    const width = this.written.dimensions;
    return this.matrix === null ? null : this.matrix.subarray(chunk * width, (chunk + 1) * width);
  }

  /** Texts and facts of chunks, by chunk id; ids that are not in the index are left out. */
  chunks(ids: readonly number[]): ReadonlyMap<number, ChunkRow> {
    return new Map(this.selectChunks.all(JSON.stringify(ids)).map((row) => [row.chunk, row]));
  }

  close(): void {
    this.database.close();
  }

  private visibleTo(reader: Reader): Visible {
    const shared = this.tenants.get(SHARED_TENANT);
    const own = reader.tenant === null ? undefined : this.tenants.get(reader.tenant);
    return {
      tenant: own?.name ?? SHARED_TENANT,
      user: reader.user,
      partition: own?.partition ?? "words_0",
      shared: rangeOf(shared),
      own: own === shared ? NOTHING : rangeOf(own),
    };
  }

  private searchIn(partition: string) {
    const known = this.searches.get(partition);
    if (known !== undefined) return known;
    const { title, section, text } = COLUMN_WEIGHTS;
    const search = this.database.prepare<[Record<string, unknown>], Hit>(
      `SELECT found.chunk, found.score FROM (
         SELECT rowid AS chunk, -bm25(${partition}, ${title}, ${section}, ${text}) AS score FROM ${partition}
          WHERE ${partition} MATCH @match
            AND ((rowid >= @sharedStart AND rowid < @sharedEnd) OR (rowid >= @ownStart AND rowid < @ownEnd))
            AND NOT EXISTS (SELECT 1 FROM owners WHERE chunk = ${partition}.rowid AND user IS NOT @user)
            AND NOT EXISTS (SELECT 1 FROM replaced WHERE chunk = ${partition}.rowid AND tenant = @tenant)
          ORDER BY score DESC, rowid LIMIT @most
       ) AS found JOIN chunks ON chunks.id = found.chunk
       WHERE chunks.tenant IN ('${SHARED_TENANT}', @tenant)
       ORDER BY found.score DESC, found.chunk`,
    );
    this.searches.set(partition, search);
    return search;
  }
}

function rangeOf(row: TenantRow | undefined): RowRange {
  return row === undefined ? NOTHING : { start: row.first_chunk, end: row.end_chunk };
}

import { closeSync, copyFileSync, existsSync, openSync, readSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { contentHash } from "../../../core/hash.js";
import { sleepFor } from "../../../models/retry.js";
import { type KnowledgeDocument, readDocuments } from "../documents/documents.js";
import type { Embedder } from "../ranking/embedder.js";
import type { EndpointEmbedderOptions } from "../ranking/endpoint-embedder.js";
import { databasePath, syncFile, vectorsPath } from "./generation-files.js";
import { INDEX_FORMAT } from "./index-tables.js";
import { type IndexSettings, type WrittenIndex, writeIndex, writeWords } from "./write-index.js";

/** Where the documents of an index come from. */
export type IndexSource =
  | {
      readonly kind: "folder";
      readonly folder: string;
      readonly label: string;
      readonly tenantFolders: boolean;
    }
  | { readonly kind: "documents"; readonly documents: readonly KnowledgeDocument[] };

/** How a thread of its own reaches an embedding endpoint: everything but the functions. */
export type EndpointEmbedding = Omit<EndpointEmbedderOptions, "endpoint"> & {
  readonly endpoint: Omit<EndpointEmbedderOptions["endpoint"], "retry" | "now"> & {
    readonly maxRetries: number;
  };
};

/** Which documents to delete: those that match everything that is given. */
export interface DocumentFilter {
  readonly ids?: readonly string[];
  readonly tenant?: string;
  readonly user?: string;
}

interface TaskPlace {
  readonly folder: string;
  /** Generation to write. */
  readonly generation: string;
  /** Share of time to work, above 0 to 1. */
  readonly duty: number;
}

export type IndexTask = TaskPlace &
  (
    | {
        readonly kind: "build";
        readonly source: IndexSource;
        readonly settings: IndexSettings;
        readonly embedding: EndpointEmbedding | null;
      }
    | {
        readonly kind: "delete";
        readonly from: string;
        readonly filter: DocumentFilter;
        readonly contentHash: string;
      }
  );

export interface TaskResult {
  readonly contentHash: string;
  readonly documents: number;
  readonly chunks: number;
  /** Documents that were deleted; 0 for a build. */
  readonly deleted: number;
}

/** Hash of what an index of these documents holds. */
export function indexContentHash(
  documents: readonly KnowledgeDocument[],
  settings: IndexSettings,
  embedding: EndpointEmbedding | null,
): string {
  const model =
    embedding === null
      ? null
      : { model: embedding.endpoint.model, dimensions: embedding.dimensions, prefixes: embedding.prefixes };
  // One by one: together they may be longer than a string can be.
  return contentHash({ format: INDEX_FORMAT, settings, model, documents: documents.map(contentHash) });
}

/** Counts the searches that are going on; shared between threads. */
export type SearchCount = Int32Array<SharedArrayBuffer>;

/**
 * Writes a generation of an index into its files, which nobody reads yet.
 *
 * @param searches - searches that the work gives way to
 */
export async function runIndexTask(
  task: IndexTask,
  searches: SearchCount,
  signal: AbortSignal,
): Promise<TaskResult> {
  const path = databasePath(task.folder, task.generation);
  if (task.kind === "delete") copyFileSync(databasePath(task.folder, task.from), path);
  const database = new Database(path);
  // A crash leaves a file that nobody reads, so a journal would protect nothing.
  database.pragma("journal_mode = OFF");
  database.pragma("synchronous = OFF");
  try {
    const result =
      task.kind === "build"
        ? await build(database, task, pacer(task.duty, searches, signal), signal)
        : await remove(database, task, pacer(task.duty, searches, signal), signal);
    database.close();
    syncFile(path);
    return result;
  } finally {
    database.close();
  }
}

async function build(
  database: Database.Database,
  task: IndexTask & { readonly kind: "build" },
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { source, settings, embedding } = task;
  const documents =
    source.kind === "documents"
      ? source.documents
      : readDocuments(source.folder, source.label, { tenantFolders: source.tenantFolders });
  const path = vectorsPath(task.folder, task.generation);
  const file = openSync(path, "w");
  let written: WrittenIndex;
  try {
    written = await writeIndex(database, documents, {
      settings,
      embedder: embedding === null ? null : await embedderOf(embedding),
      writeVectors: (vectors) => {
        for (const vector of vectors)
          writeFileSync(file, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
      },
      pause,
      signal,
    });
  } finally {
    closeSync(file);
  }
  syncFile(path);
  return {
    contentHash: indexContentHash(documents, settings, embedding),
    documents: written.documents,
    chunks: written.chunks,
    deleted: 0,
  };
}

async function embedderOf({ endpoint, ...options }: EndpointEmbedding): Promise<Embedder> {
  // Most builds need no network, and its modules would be half of the time that a thread takes to start.
  const { endpointEmbedder } = await import("../ranking/endpoint-embedder.js");
  return endpointEmbedder({
    ...options,
    endpoint: {
      ...endpoint,
      retry: { maxRetries: endpoint.maxRetries, random: Math.random, sleep: sleepFor },
      now: Date.now,
    },
  });
}

/** Copies a generation without some documents: no byte of their text, words or vectors is in the new files. */
async function remove(
  database: Database.Database,
  task: IndexTask & { readonly kind: "delete" },
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { ids, tenant, user } = task.filter;
  const conditions = [
    ...(ids === undefined ? [] : ["id IN (SELECT value FROM json_each(@ids))"]),
    ...(tenant === undefined ? [] : ["tenant = @tenant"]),
    ...(user === undefined ? [] : ["user = @user"]),
  ];
  const parameters = { ids: JSON.stringify(ids ?? []), tenant: tenant ?? "", user: user ?? "" };
  const where = conditions.length === 0 ? "false" : conditions.join(" AND ");
  const named = Object.fromEntries(Object.entries(parameters).filter(([name]) => where.includes(`@${name}`)));
  const chunks = database
    .prepare(`SELECT id FROM chunks WHERE document IN (SELECT key FROM documents WHERE ${where})`)
    .pluck()
    .all(named) as number[];
  const partitions = database
    .prepare("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")
    .pluck()
    .all();
  database.pragma("secure_delete = ON");
  for (const name of partitions) database.exec(`DROP TABLE ${name}`);
  const list = JSON.stringify(chunks);
  for (const [table, column] of [
    ["owners", "chunk"],
    ["replaced", "chunk"],
    ["chunks", "id"],
  ]) {
    database.prepare(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`).run(list);
  }
  const deleted = database.prepare(`DELETE FROM documents WHERE ${where}`).run(named).changes;
  const written = JSON.parse(
    String(database.prepare("SELECT value FROM meta WHERE key = 'written'").pluck().get()),
  ) as WrittenIndex;
  const left: WrittenIndex = { ...written, documents: written.documents - deleted };
  database.prepare("UPDATE meta SET value = ? WHERE key = 'written'").run(JSON.stringify(left));
  await writeWords(database, { pause, signal });
  database.exec("VACUUM");
  copyVectors(task, written.dimensions, new Set(chunks));
  return {
    contentHash: contentHash({ from: task.contentHash, deleted: chunks }),
    documents: left.documents,
    chunks: left.chunks - chunks.length,
    deleted,
  };
}

/** Vectors of deleted chunks become zeros: row numbers are chunk ids, and zeros are never found. */
function copyVectors(
  task: IndexTask & { readonly kind: "delete" },
  width: number,
  without: ReadonlySet<number>,
): void {
  const from = vectorsPath(task.folder, task.from);
  const path = vectorsPath(task.folder, task.generation);
  const target = openSync(path, "w");
  if (width > 0 && existsSync(from)) {
    const source = openSync(from, "r");
    const row = Buffer.alloc(width * 4);
    for (let chunk = 0; readSync(source, row, 0, row.length, null) === row.length; chunk += 1) {
      writeFileSync(target, without.has(chunk) ? Buffer.alloc(row.length) : row);
    }
    closeSync(source);
  }
  closeSync(target);
  syncFile(path);
}

/** How much longer than it has worked a build gives way to searches: on a busy machine there is always one. */
const PATIENCE = 9;
const LOOK_EVERY_MS = 2;

/** Rests after each slice of work, so that a build takes only its share of the machine, and gives way to searches. */
function pacer(duty: number, searches: SearchCount, signal: AbortSignal): () => Promise<void> {
  let started = performance.now();
  return async () => {
    const worked = performance.now() - started;
    await sleepFor(duty >= 1 ? 0 : (worked * (1 - duty)) / duty, signal);
    const end = performance.now() + worked * PATIENCE;
    while (Atomics.load(searches, 0) > 0 && performance.now() < end) await sleepFor(LOOK_EVERY_MS, signal);
    started = performance.now();
  };
}

import { mkdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import Database from "better-sqlite3";
import { StoreError } from "../../../core/errors.js";
import { finishing, type MaybeAsync } from "../maybe-async.js";
import { type PipelineOptions, pipelineRetriever } from "../pipeline.js";
import type { ContextRetriever } from "../retriever.js";
import { databasePath, vectorsPath } from "./generation-files.js";
import {
  generationAfter,
  type Pointer,
  pointerPath,
  readPointer,
  removeGeneration,
  removeLeftovers,
  takeBuildLock,
  writePointer,
} from "./generations.js";
import { IndexReader } from "./index-reader.js";
import { INDEX_FORMAT } from "./index-tables.js";
import type { DocumentFilter, EndpointEmbedding, IndexSource, IndexTask, SearchCount } from "./index-task.js";
import { runInThread } from "./index-thread.js";
import type { IndexSettings, WrittenIndex } from "./write-index.js";

export interface OpenIndexOptions {
  /** The index's own folder, such as `.agentctl/index/handbook`; made when missing. */
  readonly folder: string;
  readonly settings: IndexSettings;
  /** `null` when vectors are hashed, or there are none. */
  readonly embedding: EndpointEmbedding | null;
  readonly pipeline: Omit<PipelineOptions, "withReader" | "contentHash">;
  /** Share of time that a rebuild may work, above 0 to 1. */
  readonly duty: number;
  /** What the index is of; a swap by others is served only if it is of the same. Left out: any is. */
  readonly source?: string;
  /** Whether swaps by others are served at all; a run whose results must be of one index says no. Default true. */
  readonly follows?: boolean;
}

type RebuildResult =
  | {
      readonly outcome: "swapped";
      readonly generation: string;
      readonly documents: number;
      readonly chunks: number;
      readonly deleted: number;
    }
  /** Another build or deletion is at work, here or in another process. */
  | { readonly outcome: "busy"; readonly reason: string };

/** The generation that is served, and what it holds. */
type ServedIndex = WrittenIndex & { readonly generation: string };

/** An index on disk. Searches never wait for a rebuild and never see half of one. */
export interface OpenIndex extends ContextRetriever {
  /** Hash of what is served; `null` before the first build. */
  readonly contentHash: string | null;
  /** Builds a new generation in a thread of its own and swaps it in. */
  rebuild(source: IndexSource): Promise<RebuildResult>;
  /** Deletes documents for good: the files that held them are gone when the promise resolves. */
  deleteDocuments(filter: DocumentFilter): Promise<RebuildResult>;
  /** Deletes every document of a user, in all tenants. */
  deleteDocumentsByUser(user: string): Promise<RebuildResult>;
  /** What is served now. @throws {StoreError} before the first build */
  served(): ServedIndex;
  /** Serves what is on disk now, whoever built it. */
  reload(): Promise<void>;
  /** Stops a build and closes the files once the last search has ended. */
  close(): Promise<void>;
}

interface Generation {
  readonly pointer: Pointer;
  readonly reader: IndexReader;
  searches: number;
  /** Called after the last search, once the generation is no longer served. */
  retired: (() => void) | null;
}

/** How often other processes' swaps are looked for, milliseconds. */
const LOOK_EVERY_MS = 100;
const OPEN_ATTEMPTS = 5;

/**
 * Opens an index: `<generation>.db` and `<generation>.vectors` beside `current.json`, which names the generation that is
 * served. What an interrupted build left behind is removed. Swaps by other processes are noticed within 100 ms, unless
 * `source` or `follows` say otherwise.
 *
 * @throws {StoreError} if the index is damaged; one that was never built is opened, and `search` says so
 */
export async function openIndex(options: OpenIndexOptions): Promise<OpenIndex> {
  mkdirSync(options.folder, { recursive: true });
  const index = new DiskIndex(options);
  await index.start();
  return index;
}

class DiskIndex implements OpenIndex {
  private current: Generation | null = null;
  private readonly pipeline: ContextRetriever;
  private readonly stop = new AbortController();
  private readonly searches: SearchCount = new Int32Array(new SharedArrayBuffer(4));
  private isBuilding = false;
  private isLoading = false;
  private lastLookMs = 0;
  private lastStamp = "";

  constructor(private readonly options: OpenIndexOptions) {
    this.pipeline = pipelineRetriever({
      ...options.pipeline,
      contentHash: "",
      withReader: (search) => this.withReader(search),
    });
  }

  async start(): Promise<void> {
    const { folder } = this.options;
    const unlock = takeBuildLock(folder);
    try {
      // Without the lock somebody is building: those files are no leftovers.
      if (unlock !== null) removeLeftovers(folder, readPointer(folder)?.generation ?? null);
    } finally {
      unlock?.();
    }
    this.lastStamp = this.stamp();
    this.current = await loadServed(folder);
  }

  get contentHash(): string | null {
    return this.current?.pointer.contentHash ?? null;
  }

  served(): ServedIndex {
    if (this.current === null) throw neverBuilt(this.options.folder);
    return { generation: this.current.pointer.generation, ...this.current.reader.written };
  }

  get hash(): string {
    return pipelineRetriever({
      ...this.options.pipeline,
      contentHash: this.contentHash ?? "",
      withReader: (search) => this.withReader(search),
    }).hash;
  }

  search(request: Parameters<ContextRetriever["search"]>[0]) {
    return this.pipeline.search(request);
  }

  rebuild(source: IndexSource): Promise<RebuildResult> {
    const { settings, embedding } = this.options;
    return this.write(() => ({ kind: "build", source, settings, embedding }));
  }

  deleteDocuments(filter: DocumentFilter): Promise<RebuildResult> {
    if (filter.ids === undefined && filter.tenant === undefined && filter.user === undefined) {
      throw new RangeError("expected ids, a tenant or a user of the documents to delete; found none");
    }
    return this.write((pointer) => {
      if (pointer === null) throw neverBuilt(this.options.folder);
      return { kind: "delete", filter, from: pointer.generation, contentHash: pointer.contentHash };
    });
  }

  deleteDocumentsByUser(user: string): Promise<RebuildResult> {
    return this.deleteDocuments({ user });
  }

  async reload(): Promise<void> {
    const stamp = this.stamp();
    const loaded = await loadServed(this.options.folder);
    if (loaded === null) return;
    const old = this.current;
    this.current = loaded;
    this.lastStamp = stamp;
    if (old !== null) await retire(old);
  }

  async close(): Promise<void> {
    this.stop.abort();
    const last = this.current;
    this.current = null;
    if (last !== null) await retire(last);
  }

  private withReader<Result>(search: (reader: IndexReader) => MaybeAsync<Result>): MaybeAsync<Result> {
    this.lookForSwap();
    const generation = this.current;
    if (generation === null) throw neverBuilt(this.options.folder);
    generation.searches += 1;
    Atomics.add(this.searches, 0, 1);
    return finishing(
      () => search(generation.reader),
      () => {
        generation.searches -= 1;
        Atomics.sub(this.searches, 0, 1);
        if (generation.searches === 0) generation.retired?.();
      },
    );
  }

  private async write(taskOf: (served: Pointer | null) => TaskOfWrite): Promise<RebuildResult> {
    const { folder, duty } = this.options;
    const unlock = this.isBuilding ? null : takeBuildLock(folder);
    if (unlock === null) {
      return { outcome: "busy", reason: `${folder} is being rebuilt already; try again when that has ended` };
    }
    this.isBuilding = true;
    const served = readPointer(folder);
    const generation = generationAfter(served?.generation ?? this.current?.pointer.generation ?? null);
    try {
      removeGeneration(folder, generation);
      const task: IndexTask = { ...taskOf(served), folder, generation, duty };
      const { contentHash, documents, chunks, deleted } = await runInThread(
        task,
        this.searches,
        this.stop.signal,
      );
      const source = task.kind === "delete" ? served?.source : this.options.source;
      const pointer: Pointer = {
        format: INDEX_FORMAT,
        generation,
        contentHash,
        ...(source === undefined ? {} : { source }),
      };
      const loaded = await loadGeneration(folder, pointer);
      writePointer(folder, pointer);
      await this.swap(loaded);
      return { outcome: "swapped", generation, documents, chunks, deleted };
    } catch (error) {
      if (readPointer(folder)?.generation !== generation) removeGeneration(folder, generation);
      throw error;
    } finally {
      this.isBuilding = false;
      unlock();
    }
  }

  /** Serves another generation; the files of the old one go after its last search. */
  private async swap(next: Generation): Promise<void> {
    const old = this.current;
    this.current = next;
    this.lastStamp = this.stamp();
    if (old === null) return;
    await retire(old);
    removeLeftovers(this.options.folder, next.pointer.generation);
  }

  /** Loads what another process has swapped in, while the old generation goes on serving. */
  private lookForSwap(): void {
    if (this.options.follows === false) return;
    const now = performance.now();
    if (this.isBuilding || this.isLoading || now - this.lastLookMs < LOOK_EVERY_MS) return;
    this.lastLookMs = now;
    const stamp = this.stamp();
    if (stamp === this.lastStamp) return;
    this.isLoading = true;
    void loadServed(this.options.folder)
      .then(async (loaded) => {
        this.lastStamp = stamp;
        const old = this.current;
        if (loaded === null) return;
        const { source } = this.options;
        const isForeign = source !== undefined && loaded.pointer.source !== source;
        if (isForeign || this.stop.signal.aborted || loaded.pointer.generation === old?.pointer.generation) {
          loaded.reader.close();
          return;
        }
        this.current = loaded;
        if (old !== null) await retire(old);
      })
      // The old generation goes on serving; the next look tries again.
      .catch(() => {})
      .finally(() => {
        this.isLoading = false;
      });
  }

  private stamp(): string {
    const stats = statSync(pointerPath(this.options.folder), { throwIfNoEntry: false, bigint: true });
    return stats === undefined ? "" : `${stats.ino}:${stats.mtimeNs}`;
  }
}

type TaskOfWrite = IndexTask extends infer Task
  ? Task extends IndexTask
    ? Omit<Task, "folder" | "generation" | "duty">
    : never
  : never;

function neverBuilt(folder: string): StoreError {
  return new StoreError(`${folder} has no index yet`, {
    nextStep: "Build it with `agentctl index build`.",
  });
}

/** Closes a generation after its last search. */
function retire(generation: Generation): Promise<void> {
  return new Promise((resolve) => {
    const close = () => {
      generation.reader.close();
      resolve();
    };
    if (generation.searches === 0) close();
    else generation.retired = close;
  });
}

async function loadServed(folder: string): Promise<Generation | null> {
  for (let attempt = 1; ; attempt += 1) {
    const pointer = readPointer(folder);
    if (pointer === null) return null;
    try {
      return await loadGeneration(folder, pointer);
    } catch (error) {
      // Between reading the pointer and opening the files, another process may have swapped.
      if (attempt === OPEN_ATTEMPTS || readPointer(folder)?.generation === pointer.generation) throw error;
    }
  }
}

async function loadGeneration(folder: string, pointer: Pointer): Promise<Generation> {
  const path = databasePath(folder, pointer.generation);
  const matrix = await readMatrix(vectorsPath(folder, pointer.generation));
  let database: Database.Database;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
  } catch (cause) {
    throw new StoreError(`${path} cannot be opened`, {
      cause,
      nextStep: "Remove the folder of the index; it is built again from the documents.",
    });
  }
  try {
    return { pointer, reader: new IndexReader(database, matrix), searches: 0, retired: null };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function readMatrix(path: string): Promise<Float32Array | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new StoreError(`${path} cannot be read`, { cause });
  }
  if (bytes.length === 0) return null;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

import type Database from "better-sqlite3";
import { ProviderError } from "../../../core/errors.js";
import type { Chunk } from "../documents/chunk.js";
import type { KnowledgeDocument } from "../documents/documents.js";
import { chunkByStructure } from "../documents/structured-chunk.js";
import type { Embedder } from "../ranking/embedder.js";
import { hashedNgramEmbedder } from "../ranking/hashed-ngram.js";
import { ngramFeatures } from "../ranking/ngram-features.js";
import { createPartition, createTables, INDEX_FORMAT, partitionName } from "./index-tables.js";
import { findReplaced } from "./replaced.js";
import { SHARED_TENANT } from "./tenant.js";
import { DocumentFrequencies, type TermWeights } from "./term-weights.js";

/** What decides the content of an index, beside the documents. */
export interface IndexSettings {
  readonly chunkWords: number;
  readonly overlapWords: number;
  /** Length of hashed n-gram vectors; `null` when another embedder, or none, makes the vectors. */
  readonly hashedDimensions: number | null;
  /** A tenant with at least so many documents gets a word table of its own, with its own statistics. */
  readonly dedicatedFrom: number;
}

export interface WriteIndexOptions {
  readonly settings: IndexSettings;
  /** Makes the vectors when `hashedDimensions` is `null`; `null` for an index without vectors. */
  readonly embedder: Embedder | null;
  /** Takes the vectors of the chunks in order of their ids. */
  readonly writeVectors: (vectors: readonly Float32Array[]) => void;
  /** Called between slices of work, so that searches go on. */
  readonly pause: () => Promise<void> | void;
  readonly signal: AbortSignal;
}

export interface WrittenIndex {
  readonly documents: number;
  readonly chunks: number;
  /** Length of a vector; 0 without vectors. */
  readonly dimensions: number;
}

const SLICE = 64;

/**
 * Writes an index of documents into an empty database: texts first, then words by partition, then vectors.
 *
 * @throws {ProviderError} when the embedder's endpoint fails
 */
export async function writeIndex(
  database: Database.Database,
  documents: readonly KnowledgeDocument[],
  options: WriteIndexOptions,
): Promise<WrittenIndex> {
  createTables(database);
  const { settings, pause } = options;
  const texts = new TextWriter(database, documents, settings);
  for (const slice of slices(byTenant(documents))) {
    options.signal.throwIfAborted();
    database.transaction(() => texts.add(slice))();
    await pause();
  }
  const weights = texts.finish();
  await writeWords(database, options);
  const dimensions = await writeVectors(database, weights, texts.chunks, options);
  const written = { documents: texts.documents, chunks: texts.chunks, dimensions };
  const meta = database.prepare("INSERT INTO meta VALUES (?, ?)");
  meta.run("format", INDEX_FORMAT);
  meta.run("weights", weights.bytes());
  meta.run("written", JSON.stringify(written));
  return written;
}

/** Shared documents first, then tenant by tenant, each in the order given. */
function byTenant(documents: readonly KnowledgeDocument[]): KnowledgeDocument[] {
  const tenantOf = ({ tenant }: KnowledgeDocument) => tenant ?? "";
  return [...documents].sort((a, b) => (tenantOf(a) < tenantOf(b) ? -1 : tenantOf(a) > tenantOf(b) ? 1 : 0));
}

function* slices<Item>(items: readonly Item[], size = SLICE): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

interface TenantRange {
  first: number;
  end: number;
  documents: number;
}

class TextWriter {
  documents = 0;
  chunks = 0;
  private readonly frequencies = new DocumentFrequencies();
  private readonly tenants = new Map<string, TenantRange>();
  private readonly replacedFor: ReturnType<typeof findReplaced>;
  private readonly insert;

  constructor(
    private readonly database: Database.Database,
    documents: readonly KnowledgeDocument[],
    private readonly settings: IndexSettings,
  ) {
    this.replacedFor = findReplaced(documents);
    this.insert = {
      document: database.prepare("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      chunk: database.prepare("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)"),
      owner: database.prepare("INSERT INTO owners VALUES (?, ?)"),
      replaced: database.prepare("INSERT INTO replaced VALUES (?, ?)"),
    };
  }

  add(documents: readonly KnowledgeDocument[]): void {
    for (const document of documents) {
      const hiddenFrom = this.replacedFor(document);
      if (hiddenFrom !== "everybody") this.addDocument(document, hiddenFrom);
    }
  }

  private addDocument(document: KnowledgeDocument, hiddenFrom: readonly string[]): void {
    const { id, title, updated, status, tenant = SHARED_TENANT, user, segment, trust } = document;
    const key = this.documents;
    this.insert.document.run(
      key,
      id,
      tenant,
      user ?? null,
      title,
      updated,
      status,
      segment ?? null,
      trust ?? 1,
    );
    const range = this.tenants.get(tenant) ?? { first: this.chunks, end: this.chunks, documents: 0 };
    const { chunkWords, overlapWords } = this.settings;
    for (const chunk of chunkByStructure(document, { maxWords: chunkWords, overlapWords })) {
      this.addChunk(chunk, key, tenant);
      if (user !== undefined) this.insert.owner.run(this.chunks, user);
      for (const name of hiddenFrom) this.insert.replaced.run(this.chunks, name);
      this.chunks += 1;
    }
    range.end = this.chunks;
    range.documents += 1;
    this.tenants.set(tenant, range);
    this.documents += 1;
  }

  private addChunk(chunk: Chunk, document: number, tenant: string): void {
    const section = chunk.headings.join(" > ");
    this.insert.chunk.run(this.chunks, document, chunk.chunkId, tenant, chunk.title, section, chunk.text);
    this.frequencies.add(ngramFeatures(embeddedText({ title: chunk.title, section, text: chunk.text })));
  }

  /** Gives each tenant its partition. */
  finish(): TermWeights {
    const insert = this.database.prepare("INSERT INTO tenants VALUES (?, ?, ?, ?)");
    let dedicated = 0;
    for (const [name, { first, end, documents }] of this.tenants) {
      const isDedicated = name !== SHARED_TENANT && documents >= this.settings.dedicatedFrom;
      const partition = partitionName(isDedicated ? ++dedicated : 0);
      insert.run(name, first, end, partition);
    }
    return this.frequencies.weights();
  }
}

/** What of a passage is compared with a query. */
export function embeddedText(chunk: {
  readonly title: string;
  readonly section: string;
  readonly text: string;
}) {
  return `${chunk.title}\n${chunk.section}\n${chunk.text}`;
}

interface TenantRow {
  readonly name: string;
  readonly first_chunk: number;
  readonly end_chunk: number;
  readonly partition: string;
}

/** A partition holds the shared documents as well, so that one search with one set of statistics sees all that a reader may. */
export async function writeWords(
  database: Database.Database,
  { pause, signal }: Pick<WriteIndexOptions, "pause" | "signal">,
): Promise<void> {
  const tenants = database.prepare("SELECT * FROM tenants ORDER BY first_chunk").all() as TenantRow[];
  const partitions = new Set([partitionName(0), ...tenants.map(({ partition }) => partition)]);
  for (const partition of partitions) {
    createPartition(database, partition);
    const insert = database.prepare(
      `INSERT INTO ${partition} (rowid, title, section, text)
         SELECT id, title, section, text FROM chunks WHERE id >= ? AND id < ?`,
    );
    const held = tenants.filter((tenant) => tenant.partition === partition || tenant.name === SHARED_TENANT);
    for (const { first_chunk, end_chunk } of held) {
      for (let start = first_chunk; start < end_chunk; start += SLICE) {
        signal.throwIfAborted();
        insert.run(start, Math.min(end_chunk, start + SLICE));
        await pause();
      }
    }
    database.exec(`INSERT INTO ${partition} (${partition}) VALUES ('optimize')`);
    await pause();
  }
}

async function writeVectors(
  database: Database.Database,
  weights: TermWeights,
  chunks: number,
  options: WriteIndexOptions,
): Promise<number> {
  const { settings, signal, pause } = options;
  const embedder =
    settings.hashedDimensions === null
      ? options.embedder
      : hashedNgramEmbedder(weights, settings.hashedDimensions);
  if (embedder === null) return 0;
  const select = database.prepare(
    "SELECT title, section, text FROM chunks WHERE id >= ? AND id < ? ORDER BY id",
  );
  let dimensions = 0;
  for (let start = 0; start < chunks; start += SLICE) {
    signal.throwIfAborted();
    const rows = select.all(start, start + SLICE) as { title: string; section: string; text: string }[];
    const vectors = await embedder.embed(rows.map(embeddedText), "document", signal);
    dimensions ||= vectors[0]?.length ?? 0;
    const other = vectors.find(({ length }) => length !== dimensions);
    if (other !== undefined) {
      throw new ProviderError(
        "PROVIDER_BAD_RESPONSE",
        `embeddings model "${embedder.name}" gave vectors of ${dimensions} and of ${other.length} numbers`,
        { nextStep: "Set embeddings.dimensions, or see which model answers." },
      );
    }
    options.writeVectors(vectors);
    await pause();
  }
  return dimensions;
}

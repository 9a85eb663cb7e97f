import type Database from "better-sqlite3";

/** Raised when tables or their meaning change: an index of another format is built anew. */
export const INDEX_FORMAT = 1;

export const COLUMN_WEIGHTS = { title: 2, section: 1.5, text: 1 };

/**
 * Chunk ids are row numbers of the vector file, and the chunks of one tenant are neighbours, so that the filter by tenant
 * is a range in both searches. `replaced` holds what is hidden from a tenant, `owners` what only one user may read.
 */
export function createTables(database: Database.Database): void {
  database.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
    CREATE TABLE documents (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      tenant TEXT NOT NULL,
      user TEXT,
      title TEXT NOT NULL,
      updated TEXT NOT NULL,
      status TEXT NOT NULL,
      segment TEXT,
      trust REAL NOT NULL
    ) STRICT;
    CREATE INDEX documents_by_id ON documents (tenant, id);
    CREATE INDEX documents_by_user ON documents (user) WHERE user IS NOT NULL;
    CREATE TABLE chunks (
      id INTEGER PRIMARY KEY,
      document INTEGER NOT NULL REFERENCES documents (key),
      chunk_id TEXT NOT NULL,
      tenant TEXT NOT NULL,
      title TEXT NOT NULL,
      section TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX chunks_by_document ON chunks (document);
    CREATE TABLE owners (chunk INTEGER PRIMARY KEY, user TEXT NOT NULL) STRICT;
    CREATE TABLE replaced (
      chunk INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      PRIMARY KEY (chunk, tenant)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tenants (
      name TEXT PRIMARY KEY,
      first_chunk INTEGER NOT NULL,
      end_chunk INTEGER NOT NULL,
      partition TEXT NOT NULL
    ) STRICT;
  `);
}

/** Name of the word table of a partition: `words_0` is shared by small tenants, each other one is one tenant's own. */
export function partitionName(number: number): string {
  return `words_${number}`;
}

export function createPartition(database: Database.Database, name: string): void {
  database.exec(
    `CREATE VIRTUAL TABLE ${name} USING fts5(title, section, text, content = 'chunks', content_rowid = 'id',
       tokenize = 'porter unicode61 remove_diacritics 2')`,
  );
}

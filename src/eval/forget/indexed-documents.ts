import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { databasePath } from "../../runtime/retrieval/index/generation-files.js";
import { readPointer } from "../../runtime/retrieval/index/generations.js";
import { SHARED_TENANT } from "../../runtime/retrieval/index/tenant.js";
import type { ReceiptUser } from "./receipt.js";

const COUNT = "SELECT count(*) FROM documents WHERE tenant = ? AND user = ?";
const TEXTS = `
  SELECT text FROM chunks WHERE document IN
    (SELECT key FROM documents WHERE tenant IN (?, '${SHARED_TENANT}') AND user = ?)`;

/** Folders of the indexes of a project. */
export function indexFolders(dataFolder: string): readonly string[] {
  const root = join(dataFolder, "index");
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(root, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}

/** Whether an index holds documents of one user of a tenant. */
export function holdsDocuments(folder: string, tenant: string, userId: string): boolean {
  return read(folder, (database) => database.prepare(COUNT).pluck().get(tenant, userId), 0) !== 0;
}

/** Texts of the documents of a user, those that are no tenant's own included. */
export function indexedTexts(dataFolder: string, { tenantId, userId }: ReceiptUser): readonly string[] {
  return indexFolders(dataFolder).flatMap((folder) =>
    read(
      folder,
      (database) => database.prepare<[string, string], string>(TEXTS).pluck().all(tenantId, userId),
      [],
    ),
  );
}

/** Texts of all documents that are indexed. */
export function allIndexedTexts(dataFolder: string): readonly string[] {
  return indexFolders(dataFolder).flatMap((folder) =>
    read(folder, (database) => database.prepare<[], string>("SELECT text FROM chunks").pluck().all(), []),
  );
}

function read<T>(folder: string, use: (database: Database.Database) => T, none: T): T {
  const pointer = readPointer(folder);
  if (pointer === null) return none;
  const database = new Database(databasePath(folder, pointer.generation), { readonly: true });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

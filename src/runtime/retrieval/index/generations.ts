import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { StoreError } from "../../../core/errors.js";
import { databasePath, syncFile, vectorsPath } from "./generation-files.js";
import { INDEX_FORMAT } from "./index-tables.js";

const POINTER = "current.json";
const LOCK = "build.lock";

const pointerSchema = z.strictObject({
  format: z.int(),
  /** Name of the generation's files, without suffix: a number of eight digits. */
  generation: z.string().regex(/^\d{8}$/),
  contentHash: z.string(),
  /** What the index is of: documents' folder and settings. */
  source: z.string().optional(),
});

/** Which generation of an index is served. */
export type Pointer = z.output<typeof pointerSchema>;

export function pointerPath(folder: string): string {
  return join(folder, POINTER);
}

/**
 * Reads which generation is served.
 *
 * @returns `null` when none was built yet, or it is of another format and has to be built anew
 * @throws {StoreError} if the pointer is damaged
 */
export function readPointer(folder: string): Pointer | null {
  let text: string;
  try {
    text = readFileSync(pointerPath(folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`${pointerPath(folder)} cannot be read`, { cause: error });
  }
  const parsed = pointerSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new StoreError(`${pointerPath(folder)} is damaged`, {
      nextStep: "Remove the folder of the index; it is built again from the documents.",
    });
  }
  return parsed.data.format === INDEX_FORMAT ? parsed.data : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Makes a generation the one that is served, in one step: a crash leaves either the old or the new one. */
export function writePointer(folder: string, pointer: Pointer): void {
  const draft = `${pointerPath(folder)}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(pointer));
  syncFile(draft);
  renameSync(draft, pointerPath(folder));
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder; its renames are durable without.
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  fsyncSync(file);
  closeSync(file);
}

/** The generation after another; the first one after `null`. */
export function generationAfter(generation: string | null): string {
  return String(Number(generation ?? 0) + 1).padStart(8, "0");
}

export function removeGeneration(folder: string, generation: string): void {
  for (const path of [databasePath(folder, generation), vectorsPath(folder, generation)]) {
    rmSync(path, { force: true });
  }
}

/** Removes what builds left behind that did not end. Call with the build lock held. */
export function removeLeftovers(folder: string, served: string | null): void {
  for (const name of readdirSync(folder)) {
    const isServed = served !== null && name.startsWith(`${served}.`);
    const isOurs =
      /^\d{8}\.(?:db|vectors)(?:-journal|-wal|-shm)?$/.test(name) || /^current\.json\.\d+\.tmp$/.test(name);
    if (isOurs && !isServed) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Takes the right to build, which one process at a time can have. A lock of the operating system on a SQLite file: it
 * ends with the process, so that a crash leaves no lock behind.
 *
 * @returns a function that gives the right back, or `null` when another build has it
 */
export function takeBuildLock(folder: string): (() => void) | null {
  const database = new Database(join(folder, LOCK), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { code?: unknown }).code === "SQLITE_BUSY") return null;
    throw new StoreError(`${join(folder, LOCK)} cannot be locked`, { cause: error });
  }
  return () => database.close();
}

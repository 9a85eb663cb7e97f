import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { StoreError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";

const storedSplit = z.strictObject({
  version: z.literal(1),
  bps: z.int().min(0).max(ALL_BPS),
  salt: z.string().max(256),
  release: z.string().max(256).nullable(),
  /** Version of the split, which changes with every change. */
  split_version: z.string().min(1),
  /** Whether the lease of its controller ended, so that 0 is in force whatever `bps` says. */
  fell: z.boolean(),
});

/** What is kept of a split. */
export type StoredSplit = z.output<typeof storedSplit>;

/**
 * @returns `null` when there is no file
 * @throws {StoreError} when there is one that cannot be read: an unknown split is not taken for none
 */
export function readSplitFile(file: string): StoredSplit | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`${file}: the split cannot be read`, { cause: error });
  }
  try {
    return storedSplit.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreError(`${file}: expected the split that the gateway wrote, found something else`, {
      cause: error,
      nextStep: "delete the file: the gateway then starts with a split of 0",
    });
  }
}

/**
 * Writes the file as a whole: after a crash there is the old or the new one, never a part. Synchronous, since the next
 * request must not see a split that a crash would take back; it is done a few times an hour.
 *
 * @throws {StoreError} when it cannot be written
 */
export function writeSplitFile(file: string, split: StoredSplit): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeDurably(temporary, `${JSON.stringify(split)}\n`);
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    removeQuietly(temporary);
    throw new StoreError(`${file}: the split cannot be written: ${(error as Error).message}`, {
      cause: error,
      nextStep: "make room on the disk, or give the gateway the right to write there",
    });
  }
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Without this a power cut may undo the rename. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What matters is told already: the split was not written.
  }
}

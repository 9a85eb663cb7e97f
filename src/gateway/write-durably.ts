import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file that its owner alone may read. After a crash or a power cut there is the old one or the new one, never a
 * part. Synchronous, so that nothing is decided between the decision and its record; it takes some milliseconds.
 *
 * @throws whatever the file system says; the old file is then as it was
 */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Not `writeSync`: it may write a part and say so only by a number.
    synced(temporary, "wx", (handle) => writeFileSync(handle, text));
    renameSync(temporary, file);
    // Without this a power cut may undo the rename.
    synced(dirname(file), "r", () => {});
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/**
 * Removes a file for good, also after a power cut. One that is not there is removed already.
 *
 * @throws whatever the file system says
 */
export function removeDurably(file: string): void {
  if (!existsSync(file)) return;
  rmSync(file);
  synced(dirname(file), "r", () => {});
}

function synced(path: string, flags: string, work: (handle: number) => void): void {
  const handle = openSync(path, flags, 0o600);
  try {
    work(handle);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What matters is told already: the file was not replaced.
  }
}

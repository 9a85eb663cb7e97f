import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../../core/errors.js";

/** A report that cannot be written is known before the run is paid for. */
export function refuseFolder(file: string): void {
  let isFolder = false;
  try {
    isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    throw new UsageError(`--output ${file}: expected a file name, found a path through a file`);
  }
  if (isFolder) throw new UsageError(`--output ${file}: expected a file name, found a folder`);
}

/** A regular file is replaced at once; a link is followed; a device or a pipe is written to, never replaced. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const existing = statSync(file, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) return writeFile(file, text);
  const target = existing === undefined ? file : await realpath(file);
  const temporary = `${target}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

import { randomBytes } from "node:crypto";
import { type Stats, statSync } from "node:fs";
import { open, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";

/** Flags of a command that writes a golden set. */
export interface DatasetOutputFlags {
  readonly output?: string;
  readonly inPlace?: boolean;
  readonly force?: boolean;
}

/** Where a golden set goes. */
export interface DatasetDestination {
  /** As messages and reports show it. */
  readonly shown: string;
  readonly path: string;
}

/**
 * Where to write, settled before any work is done.
 *
 * @param source - the dataset that is read, as the user gave it
 * @throws {UsageError} without a destination, with two, or with one that must not or cannot be written
 */
export function requireDestination(
  source: string,
  flags: DatasetOutputFlags,
  workingDirectory: string,
): DatasetDestination {
  const destination = destinationOf(source, flags, workingDirectory);
  if (destination !== null) return destination;
  throw new UsageError("expected --output <file> or --in-place, found neither", {
    nextStep: "name a new file with --output, or rewrite the dataset itself with --in-place",
  });
}

/** The same where writing is optional: `null` without a destination. */
export function destinationOf(
  source: string,
  { output, inPlace, force }: DatasetOutputFlags,
  workingDirectory: string,
): DatasetDestination | null {
  if (output !== undefined && inPlace === true)
    throw new UsageError("expected one of --output and --in-place, found both");
  const sourcePath = resolve(workingDirectory, source);
  if (inPlace === true) return { shown: source, path: sourcePath };
  if (output === undefined) return null;
  const path = resolve(workingDirectory, output);
  const existing = statusOf(path);
  if (existing === null) requireFolder(output, dirname(path));
  else refuseExisting(output, existing, statusOf(sourcePath), force === true);
  return { shown: output, path };
}

function refuseExisting(shown: string, existing: Stats, source: Stats | null, force: boolean): void {
  if (existing.isDirectory()) throw new UsageError(`--output ${shown}: expected a file name, found a folder`);
  if (!existing.isFile()) return;
  if (source !== null && source.ino === existing.ino && source.dev === existing.dev) {
    throw new UsageError(`--output ${shown}: is the dataset that is read`, {
      nextStep: "name another file; commands that can rewrite it have --in-place",
    });
  }
  if (!force) {
    throw new UsageError(`--output ${shown}: expected no such file, found one`, {
      nextStep: "pass --force to replace it, or name another file",
    });
  }
}

function requireFolder(shown: string, folder: string): void {
  const status = statusOf(folder);
  if (status?.isDirectory() === true) return;
  throw new UsageError(
    `--output ${shown}: expected its folder to exist, found ${status === null ? "none" : "a file"}`,
    { nextStep: `make it with \`mkdir -p ${dirname(shown)}\`` },
  );
}

function statusOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/**
 * Writes the text whole or not at all: into a temporary file beside the destination, which then takes its place.
 * A link is followed, and a device or pipe is written to.
 *
 * @throws {StoreError} when it cannot be written; what was there is untouched
 */
export async function writeDataset({ shown, path }: DatasetDestination, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (cause) {
    throw new StoreError(`cannot write ${shown}: ${(cause as Error).message}`, {
      cause,
      nextStep: "free space or check permissions; what was there before is untouched",
    });
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const existing = statusOf(path);
  if (existing !== null && !existing.isFile()) return writeFile(path, text);
  const target = existing === null ? path : await realpath(path);
  const temporary = `${target}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", existing === null ? 0o666 : existing.mode & 0o777);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

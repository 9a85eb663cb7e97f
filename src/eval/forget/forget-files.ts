import { type Dirent, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { writeDurably } from "./deletion-intent.js";

/**
 * Parts of the data folder that are no exports: databases and indexes, which have deletions of their own; keys, intents
 * and receipts, which hold no text; the audit log, which holds hashes and ids alone and whose chain must not break.
 */
const NO_EXPORT = /(?:\.db(?:-wal|-shm|-journal)?$)|(?:^(?:index|keys|forget|receipts|audit)(?:[/\\.-]|$))/;
const DRAFT = /\.(\d+)(?:-[0-9a-f]+)?\.tmp$/;

export interface RemovedExports {
  readonly files: number;
  readonly lines: number;
}

export interface ExportPlaces {
  readonly exports: readonly string[];
  readonly datasets: readonly string[];
  readonly recordings: readonly string[];
}

export interface Mentions {
  /** Whether a text names a conversation of the user. */
  readonly conversation: (text: string) => boolean;
  /** Whether it names one, or a case that was saved from one. */
  readonly any: (text: string) => boolean;
}

/**
 * Removes exports that name the conversations of a user or the cases saved from them: lines of JSONL files, and other
 * files as a whole. Drafts that a killed process left behind go as well.
 */
export function removeExports(dataFolder: string, places: ExportPlaces, mentions: Mentions): RemovedExports {
  const inData = filesBelow(dataFolder).filter((file) => !NO_EXPORT.test(relative(dataFolder, file)));
  const exported = places.exports.flatMap((folder) => filesBelow(resolve(dataFolder, folder)));
  let files = 0;
  let lines = 0;
  for (const file of new Set([...inData, ...exported])) {
    if (isAbandoned(file)) {
      rmSync(file, { force: true });
      files += 1;
      continue;
    }
    const text = textOf(file);
    if (text === null || !mentions.any(text)) continue;
    if (file.endsWith(".jsonl")) lines += removeLines(file, text, mentions.any);
    else {
      rmSync(file, { force: true });
      files += 1;
    }
  }
  for (const [listed, mentioned] of [
    [places.datasets, mentions.conversation],
    [places.recordings, mentions.any],
  ] as const) {
    for (const file of listed.map((path) => resolve(dataFolder, path)).filter(isFile)) {
      const text = textOf(file);
      if (text !== null && mentioned(text)) lines += removeLines(file, text, mentioned);
    }
  }
  return { files, lines };
}

/** Ids of the cases of golden sets that were saved from conversations. */
export function savedCasesOf(
  dataFolder: string,
  { datasets }: Pick<ExportPlaces, "datasets">,
  isConversation: (text: string) => boolean,
): readonly string[] {
  const lines = datasets.flatMap((path) => (textOf(resolve(dataFolder, path)) ?? "").split("\n"));
  return lines.filter(isConversation).flatMap((line) => {
    const id = /"id"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    return id === undefined ? [] : [JSON.parse(id) as string];
  });
}

/** Every file below a folder, in the order of paths; none when there is no such folder. Links are not followed. */
export function filesBelow(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A draft of a process that is gone. */
function isAbandoned(file: string): boolean {
  const pid = DRAFT.exec(basename(file))?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function textOf(file: string): string | null {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    // Gone meanwhile, or no gzip: nothing to read in it.
    return null;
  }
}

function removeLines(file: string, text: string, mentions: (text: string) => boolean): number {
  const lines = text.split("\n");
  const kept = lines.filter((line) => !mentions(line));
  writeDurably(file, kept.join("\n"), statSync(file).mode);
  return lines.length - kept.length;
}

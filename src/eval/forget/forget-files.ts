import { readFileSync, rmSync, statSync } from "node:fs";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { unpackedTexts } from "../../report/html/packed.js";
import type { DataPlaces } from "./data-places.js";
import { writeDurably } from "./deletion-intent.js";
import { filesBelow } from "./files-below.js";

/**
 * Parts of the data folder that are no exports: databases and indexes, which have deletions of their own; keys, intents
 * and receipts, which hold no text; the audit log, which holds hashes and ids alone and whose chain must not break.
 */
const NO_EXPORT = /(?:\.db(?:-wal|-shm|-journal)?$)|(?:^(?:index|keys|forget|receipts|audit)(?:[/\\.-]|$))/;
/** What agentctl writes says so, wherever it was told to write it to. */
const OWN_EXPORT =
  /^\s*\{\s*"schema":\s*"agentctl\/|<testsuites name="agentctl"|<nav><b>agentctl\b|^## (?:\S+ )?agentctl\b|^agentctl_(?:label|current),/u;
/** Recordings name cases alone, exports of labels items. */
const OWN_LINE = /^\{"(?:caseId|agentctl_label|agentctl_current)":/;
const EXPORT_NAMES = /\.(?:json|jsonl|html?|md|xml|csv)$/i;
const DRAFT = /\.(\d+)(?:-[0-9a-f]+)?\.tmp$/;

type Test = (text: string) => boolean;
type Places = Omit<DataPlaces, "history">;

export interface Mentions {
  /** Whether a text names a conversation of the user. */
  readonly conversation: Test;
  /** Whether it names one, or a case that was saved from one. */
  readonly any: Test;
}

/** What of a file goes. */
interface FileRule {
  /** Lines that are removed, where the file is one of lines. */
  readonly line: Test;
  /** Whether any other file is removed. */
  readonly file: Test;
}

/**
 * Removes exports that name the conversations of a user or the cases saved from them: lines of JSONL files, and other
 * files as a whole. Drafts that a killed process left behind go as well. Outside the folders of data and reports only
 * what agentctl wrote is removed, and lines that name a conversation.
 */
export function removeExports(
  dataFolder: string,
  places: Places,
  mentions: Mentions,
): { readonly files: number; readonly lines: number } {
  const ruleOf = rulesOf(dataFolder, places, mentions);
  let files = 0;
  let lines = 0;
  for (const file of filesOf(dataFolder, places)) {
    const rule = ruleOf(file);
    if (rule === null) continue;
    const isDraft = isAbandoned(file);
    const text = isDraft ? "" : textOf(file);
    if (text === null) continue;
    if (!isDraft && (rule.file === never || file.endsWith(".jsonl"))) {
      lines += removeLines(file, text, rule.line);
    } else if (isDraft || rule.file(text)) {
      rmSync(file, { force: true });
      files += 1;
    }
  }
  return { files, lines };
}

/** Ids of the cases of golden sets that were saved from conversations. */
export function savedCasesOf(dataFolder: string, places: Places, isConversation: Test): readonly string[] {
  const sets = filesOf(dataFolder, places).filter((file) => file.endsWith(".jsonl"));
  const lines = sets.flatMap((file) => (textOf(file) ?? "").split("\n").filter(isConversation));
  return lines.flatMap((line) => {
    const id = /"id"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    return id === undefined ? [] : [JSON.parse(id) as string];
  });
}

function filesOf(dataFolder: string, places: Places): readonly string[] {
  const folders = [".", places.project, ...places.exports].map((folder) => resolve(dataFolder, folder));
  const named = [...places.datasets, ...places.recordings].map((path) => resolve(dataFolder, path));
  return [...new Set([...folders.flatMap(filesBelow), ...named.filter(isFile)])];
}

function rulesOf(
  dataFolder: string,
  { project, exports, datasets, recordings }: Places,
  { conversation, any }: Mentions,
): (file: string) => FileRule | null {
  const absolute = (path: string) => resolve(dataFolder, path);
  const sets = new Set(datasets.map(absolute));
  const answers = new Set(recordings.map(absolute));
  // A history that lies in the project's own folder makes no data folder of it.
  const hasOwnFolder = !isBelow(absolute(project), dataFolder);
  const written = [...(hasOwnFolder ? [dataFolder] : []), ...exports.map(absolute)];
  return (file) => {
    if (sets.has(file)) return { line: conversation, file: never };
    if (answers.has(file)) return { line: any, file: never };
    if (isBelow(file, dataFolder) && NO_EXPORT.test(relative(dataFolder, file))) return null;
    if (written.some((folder) => isBelow(file, folder))) return { line: any, file: any };
    if (!EXPORT_NAMES.test(file.replace(DRAFT, ""))) return null;
    const line = (text: string) => (OWN_LINE.test(text) ? any : conversation)(text);
    return { line, file: (text) => OWN_EXPORT.test(text) && any(text) };
  };
}

function never(): boolean {
  return false;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
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

/** A file's text; behind that of a report stands what is packed in it. */
function textOf(file: string): string | null {
  try {
    const bytes = readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    return [text, ...unpackedTexts(text).values()].join("\n");
  } catch {
    // Gone meanwhile, or no gzip: nothing to read in it.
    return null;
  }
}

function removeLines(file: string, text: string, mentions: Test): number {
  const lines = text.split("\n");
  const kept = lines.filter((line) => !mentions(line));
  if (kept.length < lines.length) writeDurably(file, kept.join("\n"), statSync(file).mode);
  return lines.length - kept.length;
}

import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../../core/hash.js";
import type { PlaceRole, WatchedPlace } from "./watched-places.js";

export interface FileChange {
  /** Absolute. */
  readonly path: string;
  readonly role: PlaceRole;
  /** When it was last written, in milliseconds since the epoch; `null` for a file that is gone. */
  readonly writtenMs: number | null;
}

interface Seen {
  readonly stamp: string;
  readonly hash: string;
  readonly role: PlaceRole;
}

/** Folders that hold no input of a suite and may be huge. */
const SKIPPED = new Set(["node_modules", "__pycache__"]);

/** Remembers contents of files, and tells which of them changed: a file that is only touched has not. */
export class FileSnapshot {
  private seen = new Map<string, Seen>();

  /**
   * Reads what is there now.
   *
   * @returns what differs from the last time; nothing the first time
   */
  take(places: readonly WatchedPlace[]): readonly FileChange[] {
    const before = this.seen;
    const after = new Map<string, Seen>();
    const changes: FileChange[] = [];
    for (const { path, role } of filesOf(places)) {
      if (after.has(path)) continue;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined || !stat.isFile()) continue;
      const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
      const known = before.get(path);
      const hash = known?.stamp === stamp ? known.hash : hashOf(path);
      after.set(path, { stamp, hash, role });
      // A file that is watched only since now is no change: what made it watched was one.
      if (known !== undefined ? known.hash !== hash : this.isExpected(path, places)) {
        changes.push({ path, role, writtenMs: stat.mtimeMs });
      }
    }
    for (const [path, { role }] of before) {
      if (!after.has(path)) changes.push({ path, role, writtenMs: null });
    }
    this.seen = after;
    this.places = new Set(places.map(({ path }) => path));
    return changes;
  }

  private places = new Set<string>();

  /** Whether a file that is new to us was looked for before, by its name or as one of its folder. */
  private isExpected(path: string, places: readonly WatchedPlace[]): boolean {
    if (this.places.has(path)) return true;
    return places.some(
      (place) => place.isTree && this.places.has(place.path) && path.startsWith(`${place.path}/`),
    );
  }
}

/** Folders in which a change of the places would be seen. */
export function foldersOf(places: readonly WatchedPlace[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path, isTree } of places) {
    folders.add(dirname(path));
    if (isTree) for (const folder of foldersBelow(path)) folders.add(folder);
  }
  return folders;
}

function* filesOf(places: readonly WatchedPlace[]): Iterable<{ path: string; role: PlaceRole }> {
  for (const { path, isTree, role } of places) {
    if (!isTree) yield { path, role };
  }
  for (const { path, isTree, role } of places) {
    if (!isTree) continue;
    for (const folder of foldersBelow(path)) {
      for (const entry of entriesOf(folder)) {
        if (entry.isFile()) yield { path: join(folder, entry.name), role };
      }
    }
  }
}

function* foldersBelow(top: string): Iterable<string> {
  if (statSync(top, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  yield top;
  for (const entry of entriesOf(top)) {
    const isSkipped = entry.name.startsWith(".") || SKIPPED.has(entry.name);
    if (entry.isDirectory() && !isSkipped) yield* foldersBelow(join(top, entry.name));
  }
}

/** A folder may go away while it is read. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function hashOf(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch {
    return "unreadable";
  }
}

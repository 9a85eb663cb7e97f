import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { EventTail, type OnLine } from "./event-tail.js";
import type { ReleaseEvidence } from "./release-evidence.js";

type Unreadable = ReleaseEvidence["unreadable"][number];

/** Follows files of live events, and folders with files named `*.jsonl`. */
export class EventSources {
  readonly #paths: readonly { readonly path: string; readonly shown: string }[];
  readonly #from: number;
  /** By the file itself: device and inode. */
  readonly #tails = new Map<string, EventTail>();

  /**
   * @param paths - absolute, and as messages name them
   * @param from - files that were last written before say nothing, milliseconds since the Unix epoch
   */
  constructor(paths: readonly { readonly path: string; readonly shown: string }[], from: number) {
    this.#paths = paths;
    this.#from = from;
  }

  get tooLong(): number {
    return [...this.#tails.values()].reduce((sum, tail) => sum + tail.tooLong, 0);
  }

  /**
   * Reads what is new.
   *
   * @returns what could not be read
   */
  async read(onLine: OnLine, signal?: AbortSignal): Promise<Unreadable[]> {
    const unreadable: Unreadable[] = [];
    for (const { path, shown } of this.#paths) {
      try {
        for (const file of await filesOf(path)) await this.#follow(file, onLine, signal);
      } catch (error) {
        unreadable.push({ source: "events", reason: `${shown}: ${codeOf(error)}` });
      }
    }
    return unreadable;
  }

  async #follow(file: string, onLine: OnLine, signal: AbortSignal | undefined): Promise<void> {
    const { dev, ino, size, mtimeMs } = await stat(file);
    const key = `${dev}:${ino}`;
    let tail = this.#tails.get(key);
    if (tail === undefined) {
      if (mtimeMs < this.#from) return;
      tail = new EventTail();
      this.#tails.set(key, tail);
    }
    if (!tail.isAt(size)) await tail.read(file, onLine, signal);
  }
}

async function filesOf(path: string): Promise<string[]> {
  const stats = await stat(path);
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(path);
  return entries
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(path, name));
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "there is no such file or folder" : (code ?? String(error));
}

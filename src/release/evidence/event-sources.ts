import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { EventTail, type OnLine } from "./event-tail.js";
import type { ReleaseEvidence } from "./release-evidence.js";

type Unreadable = ReleaseEvidence["unreadable"][number];

/** Follows files of live events, and folders with files named `*.jsonl`. */
export class EventSources {
  readonly #paths: readonly { readonly path: string; readonly shown: string }[];
  readonly #from: number;
  /** By the file itself: device, inode, and birth, since the inode of a deleted file is given to the next one. */
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
      const failed = (place: string, error: unknown) =>
        unreadable.push({ source: "events", reason: `${place}: ${codeOf(error)}` });
      let files: string[] = [];
      try {
        files = await filesOf(path);
      } catch (error) {
        failed(shown, error);
      }
      for (const file of files) {
        try {
          await this.#follow(file, onLine, signal);
        } catch (error) {
          failed(file === path ? shown : join(shown, basename(file)), error);
        }
      }
    }
    return unreadable;
  }

  async #follow(file: string, onLine: OnLine, signal: AbortSignal | undefined): Promise<void> {
    const stats = await stat(file);
    // To open a pipe would wait for its writer, and nobody would control the release meanwhile.
    if (!stats.isFile()) throw new Error("it is no file with lines, expected one");
    const { dev, ino, birthtimeMs, size, mtimeMs } = stats;
    const key = `${dev}:${ino}:${birthtimeMs}`;
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
  if (code === "ENOENT") return "there is no such file or folder";
  return code ?? (error instanceof Error ? error.message : String(error));
}

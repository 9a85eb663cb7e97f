import { type FSWatcher, watch } from "node:fs";

/** Editors write a file in several steps: a step that comes this soon belongs to the same save. */
const SETTLE_MS = 25;
/** How often to look where the system tells nothing. */
const POLL_MS = 500;

/**
 * Tells when something may have changed in one of a set of folders. Folders rather than files are watched, because many
 * editors put a new file in the place of the old one.
 */
export class FolderWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private settling: NodeJS.Timeout | undefined;
  private polling: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** @param onChange - called after the last of several changes that follow each other at once */
  constructor(private readonly onChange: () => void) {}

  /**
   * Watches these folders and no others.
   *
   * @returns folders that can only be looked at every half second, because the system watches no more
   */
  follow(folders: ReadonlySet<string>): readonly string[] {
    if (this.isClosed) return [];
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    const unwatched = [...folders].filter((folder) => !this.watchers.has(folder) && !this.add(folder));
    if (unwatched.length > 0) this.polling ??= setInterval(this.onChange, POLL_MS);
    else {
      clearInterval(this.polling);
      this.polling = undefined;
    }
    return unwatched;
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.settling);
    clearInterval(this.polling);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private add(folder: string): boolean {
    try {
      const watcher = watch(folder, () => this.settle());
      watcher.on("error", () => this.lose(folder));
      this.watchers.set(folder, watcher);
      return true;
    } catch (error) {
      // A folder that is not there yet has a parent that is watched, or is looked at with the next change.
      return error instanceof Error && "code" in error && error.code === "ENOENT";
    }
  }

  private lose(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
    this.settle();
  }

  private settle(): void {
    if (this.isClosed) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(this.onChange, SETTLE_MS);
  }
}

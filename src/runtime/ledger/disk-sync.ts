import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Waits until the journal file of a WAL database is on the disk. The database itself commits without waiting, so that a
 * slow disk never stops the other conversations of the process; those that wait at the same time share one sync.
 */
export class DiskSync {
  private handle: Promise<FileHandle> | null = null;
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  /** @param datasync - puts the file on the disk */
  constructor(
    private readonly file: string,
    private readonly datasync: (file: FileHandle) => Promise<void> = (file) => file.datasync(),
  ) {}

  /** Everything that was committed before the call is on the disk when the promise is fulfilled. */
  flush(): Promise<void> {
    if (this.running === null) {
      this.running = this.sync();
      return this.running;
    }
    // The sync that runs may have begun before the last commit.
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = null;
        this.running = this.sync();
        return this.running;
      });
    return this.next;
  }

  async close(): Promise<void> {
    const handle = await this.handle;
    await handle?.close();
  }

  private async sync(): Promise<void> {
    // The file stays the same as long as a connection is open: checkpoints truncate it, they never replace it.
    this.handle ??= openedIn(this.file);
    try {
      await this.datasync(await this.handle);
    } finally {
      this.running = null;
    }
  }
}

/** Opens a file whose name is on the disk as well: the sync of a new file need not put its name there. */
async function openedIn(file: string): Promise<FileHandle> {
  // Windows opens no folder, and writes names by itself.
  if (process.platform !== "win32") {
    const folder = await open(dirname(file), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
  return open(file, "r+");
}

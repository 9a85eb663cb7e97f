import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";

const NEWLINE = 0x0a;

/**
 * A JSONL file of one day that grows at its end. Names: `2026-11-22.jsonl`, then `2026-11-22.1.jsonl` … when the one
 * before has reached its size. A line that a killed process left torn is ended first, so that readers lose that one alone.
 */
export class EventFile {
  readonly day: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #endsLine: boolean;

  private constructor(day: string, handle: FileHandle, bytes: number, endsLine: boolean) {
    this.day = day;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#endsLine = endsLine;
  }

  /** Opens the last file of a day, or the next one when that is full; makes the folder when it is missing. */
  static async open(folder: string, day: string, maxBytes: number): Promise<EventFile> {
    await mkdir(folder, { recursive: true });
    for (let part = 0; ; part += 1) {
      const name = part === 0 ? `${day}.jsonl` : `${day}.${part}.jsonl`;
      const handle = await open(join(folder, name), "a+", 0o640);
      try {
        const { size } = await handle.stat();
        if (size < maxBytes) return new EventFile(day, handle, size, await endsWithLine(handle, size));
      } catch (error) {
        await handle.close();
        throw error;
      }
      await handle.close();
    }
  }

  /** Whether somebody deleted it: what is written to it is nowhere. */
  async isDeleted(): Promise<boolean> {
    const { nlink } = await this.#handle.stat();
    return nlink === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends whole lines.
   *
   * @throws whatever the file system says, with `bytesWritten` of the text that got there all the same
   */
  async append(lines: Buffer): Promise<void> {
    const text = this.#endsLine ? lines : Buffer.concat([Buffer.from("\n"), lines]);
    const added = text.length - lines.length;
    let written = 0;
    try {
      while (written < text.length) {
        const { bytesWritten } = await this.#handle.write(text, written);
        written += bytesWritten;
        this.#bytes += bytesWritten;
      }
      this.#endsLine = true;
    } catch (error) {
      if (written > 0) this.#endsLine = text[written - 1] === NEWLINE;
      throw new PartialWrite(Math.max(0, written - added), error as Error);
    }
  }

  /** Onto the disk itself, so that a power cut takes nothing of it. */
  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** A write that ended early. */
export class PartialWrite extends Error {
  /** Bytes of the given lines that are in the file. */
  readonly bytesWritten: number;

  constructor(bytesWritten: number, cause: Error) {
    super(cause.message, { cause });
    this.bytesWritten = bytesWritten;
  }
}

async function endsWithLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}

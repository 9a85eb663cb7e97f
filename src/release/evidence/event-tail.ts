import { type FileHandle, open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";

/** Longer lines are nobody's events; nothing of them is kept. */
const MOST_LINE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Told of each whole line. */
export type OnLine = (line: string) => void;

/**
 * Follows one file that grows at its end, by the file itself and not by its name, so that a renamed one is not read
 * again. A line without its end waits for the rest. A file that became shorter is read from its start.
 */
export class EventTail {
  /** Lines that were too long. */
  tooLong = 0;
  #offset = 0;
  #rest = "";
  #isSkipping = false;
  #decoder = new StringDecoder("utf8");

  /** Whether there is nothing new in a file of this size. */
  isAt(size: number): boolean {
    return this.#offset === size;
  }

  /** Reads what was written since. */
  async read(path: string, onLine: OnLine, signal?: AbortSignal): Promise<void> {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      if (size < this.#offset) this.#startAgain();
      await this.#readTo(handle, size, onLine, signal);
    } finally {
      await handle.close();
    }
  }

  async #readTo(
    handle: FileHandle,
    size: number,
    onLine: OnLine,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, size - this.#offset)));
    while (this.#offset < size && signal?.aborted !== true) {
      const { bytesRead } = await handle.read(
        buffer,
        0,
        Math.min(buffer.length, size - this.#offset),
        this.#offset,
      );
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      this.#take(this.#decoder.write(buffer.subarray(0, bytesRead)), onLine);
    }
  }

  #take(text: string, onLine: OnLine): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (line.length > MOST_LINE_BYTES) this.tooLong += 1;
      else if (line.trim() !== "") onLine(line);
    }
    if (this.#rest.length <= MOST_LINE_BYTES) return;
    if (!this.#isSkipping) this.tooLong += 1;
    this.#isSkipping = true;
    this.#rest = "";
  }

  #startAgain(): void {
    this.#offset = 0;
    this.#rest = "";
    this.#isSkipping = false;
    this.#decoder = new StringDecoder("utf8");
  }
}

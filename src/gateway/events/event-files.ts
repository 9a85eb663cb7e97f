import type { Clock } from "../../core/clock.js";
import type { LiveEvent } from "../../core/live-event.js";
import { EventFile, PartialWrite } from "./event-file.js";

export interface EventFilesOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** A file that has reached this size is followed by another, bytes. */
  readonly maxFileBytes?: number;
  /** What may wait in memory for a disk that does not take it, bytes. */
  readonly maxWaitingBytes?: number;
  /** A longer line is lost, bytes; 64 KiB unless given. */
  readonly maxLineBytes?: number;
  /** Told once when events cannot be written, until they can again. */
  readonly onProblem: (error: Error) => void;
}

/** How the event log fares. */
export interface EventLogStatus {
  readonly written: number;
  readonly lost: number;
  /** In memory, not yet in a file. */
  readonly waiting: number;
  /** Why nothing can be written now; `null`: it can. Names the failure, no path. */
  readonly failure: string | null;
}

interface Line {
  /** With its end. */
  readonly text: string;
  /** In UTF-8. */
  readonly bytes: number;
}

/** With the wait before (see TrafficLog) 40 ms, which a kill loses. */
const BATCH_MS = 30;
const RETRY_MS = 1_000;
const DEFAULT_LINE_BYTES = 64 * 1024;
const MAX_BATCH_BYTES = 1024 * 1024;
const DEFAULT_FILE_BYTES = 256 * 1024 * 1024;
const DEFAULT_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Writes live events, or other rows, as JSONL into a folder: a file a day and size, another one when it was deleted. Never
 * throws and never blocks: events wait in memory while the disk is full or the folder cannot be made, and are counted as lost
 * when too much waits, when a line is too long, or when the gateway ends first.
 */
export class EventFiles<Row = LiveEvent> {
  readonly #options: EventFilesOptions;
  readonly #maxFileBytes: number;
  readonly #maxWaitingBytes: number;
  readonly #maxLineBytes: number;
  #waiting: Line[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #file: EventFile | null = null;
  #written = 0;
  #lost = 0;
  #failure: string | null = null;
  #isClosed = false;

  constructor(options: EventFilesOptions) {
    this.#options = options;
    this.#maxFileBytes = options.maxFileBytes ?? DEFAULT_FILE_BYTES;
    this.#maxWaitingBytes = options.maxWaitingBytes ?? DEFAULT_WAITING_BYTES;
    this.#maxLineBytes = options.maxLineBytes ?? DEFAULT_LINE_BYTES;
  }

  emit(event: Row): void {
    const line = lineOf(event, this.#maxLineBytes);
    const isTooMuch = line === null || this.#waitingBytes + line.bytes > this.#maxWaitingBytes;
    if (this.#isClosed || isTooMuch) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.bytes;
    this.#timer ??= setTimeout(() => void this.#write(), BATCH_MS);
  }

  async flush(): Promise<void> {
    const before = this.#written + this.#lost + this.#waiting.length;
    while (this.#written + this.#lost < before) {
      await this.#write();
      if (this.#failure !== null) return;
    }
  }

  lost(): number {
    return this.#lost;
  }

  status(): EventLogStatus {
    return {
      written: this.#written,
      lost: this.#lost,
      waiting: this.#waiting.length,
      failure: this.#failure,
    };
  }

  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    this.#lost += this.#waiting.length;
    this.#waiting = [];
    await this.#leaveFile();
  }

  /** One write at a time: the order of lines is that of `emit`. */
  #write(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = null;
      this.#writeLater();
    });
    return this.#writing;
  }

  #writeLater(): void {
    if (this.#waiting.length === 0 || this.#isClosed) return;
    const delayMs = this.#failure === null ? BATCH_MS : RETRY_MS;
    this.#timer ??= setTimeout(() => void this.#write(), delayMs);
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    try {
      const file = await this.#currentFile();
      // One text of all lines: a buffer for each costs as much as making the line.
      await file.append(Buffer.from(batch.map(({ text }) => text).join("")));
      this.#take(batch.length);
      this.#failure = null;
    } catch (error) {
      if (error instanceof PartialWrite) this.#take(wholeLines(batch, error.bytesWritten));
      await this.#leaveFile();
      this.#tell(error as NodeJS.ErrnoException);
    }
  }

  #nextBatch(): readonly Line[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((line) => {
      bytes += line.bytes;
      return bytes > MAX_BATCH_BYTES;
    });
    return end === -1 ? this.#waiting.slice() : this.#waiting.slice(0, end);
  }

  /** Counts the first lines that wait as written. */
  #take(lines: number): void {
    for (const { bytes } of this.#waiting.splice(0, lines)) this.#waitingBytes -= bytes;
    this.#written += lines;
  }

  async #currentFile(): Promise<EventFile> {
    const { folder, clock } = this.#options;
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const file = this.#file;
    const isOpen = file !== null && file.day === day && file.bytes < this.#maxFileBytes;
    if (isOpen && !(await file.isDeleted())) return file;
    await this.#leaveFile();
    this.#file = await EventFile.open(folder, day, this.#maxFileBytes);
    return this.#file;
  }

  /** A file that cannot be closed is left to the system: its lines are written, and events must go on. */
  async #leaveFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.sync().catch(() => undefined);
    await file?.close().catch(() => undefined);
  }

  #tell(error: NodeJS.ErrnoException): void {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    const isNew = this.#failure === null;
    this.#failure = error.code ?? cause?.code ?? "unknown";
    if (isNew) this.#options.onProblem(error);
  }
}

/** `null` when the line is longer than readers take. */
function lineOf(event: unknown, mostBytes: number): Line | null {
  const text = `${JSON.stringify(event)}\n`;
  const bytes = Buffer.byteLength(text);
  return bytes > mostBytes ? null : { text, bytes };
}

function wholeLines(batch: readonly Line[], bytes: number): number {
  let left = bytes;
  let lines = 0;
  for (const line of batch) {
    left -= line.bytes;
    if (left < 0) break;
    lines += 1;
  }
  return lines;
}

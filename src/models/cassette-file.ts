import { type FileHandle, mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DatasetError, StoreError, UsageError } from "../core/errors.js";
import type { RecordedSimulation } from "../core/recording.js";
import { CASSETTE_HEADER, type CassetteLine, parseCassette } from "./cassette.js";
import { secretRedactor } from "./secret-redactor.js";

const CASSETTE_MARK = '{"agentctl_cassette"';
const MAX_FILE_BYTES = 400 * 1024 * 1024;

/**
 * Reads a cassette file.
 *
 * @throws {DatasetError} with every problem of the file, by line
 */
export async function readCassette(file: string): Promise<readonly RecordedSimulation[]> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      const message = `expected at most ${MAX_FILE_BYTES} bytes, found ${size}`;
      throw new DatasetError([{ file, message }], { nextStep: "Record the suite in several cassettes." });
    }
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError([{ file, message: `cannot be read (${systemCode(cause)})` }], {
      cause,
      nextStep: `Record it with \`agentctl eval --record ${file}\`.`,
    });
  }
  const { simulations, problems } = parseCassette(text, file);
  if (problems.length > 0) {
    throw new DatasetError(problems, {
      nextStep: `Record it again with \`agentctl eval --record ${file}\`.`,
    });
  }
  return simulations;
}

/** Where recorded calls go. */
export interface CassetteSink {
  /** Adds a line as a whole; resolves when the system has it. */
  write(line: CassetteLine): Promise<void>;
  /** Waits for the lines under way and closes the file. */
  close(): Promise<void>;
}

export interface CassetteSinkOptions {
  /** Whether to go on with an existing file (a resumed run); otherwise it is replaced. */
  readonly append: boolean;
  /** Values that must not reach the file, e.g. the provider's key; blacked out wherever a reply repeats them. */
  readonly secrets: readonly string[];
}

/**
 * Opens a cassette file for writing, with its folder. Each line is one write to a file opened for appending.
 *
 * @throws {StoreError} when the file cannot be written, here and from `write`
 * @throws {UsageError} when a file that is no cassette is there already
 */
export async function openCassette(file: string, options: CassetteSinkOptions): Promise<CassetteSink> {
  const redactor = secretRedactor(options.secrets);
  const handle = await attempt(file, () => prepareFile(file, options.append));
  let last: Promise<void> = Promise.resolve();
  return {
    write(line) {
      const text = JSON.stringify(redactor === null ? line : redactor.value(line));
      const done = last.then(() => attempt(file, () => handle.appendFile(`${text}\n`)));
      // A failed write is reported to its caller; the lines after it are still tried.
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      await last;
      await handle.close();
    },
  };
}

async function prepareFile(file: string, append: boolean): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  await refuseOtherFile(file);
  const size = append ? await dropCutLine(file) : 0;
  if (!append) await (await open(file, "w")).close();
  const handle = await open(file, "a");
  if (size === 0) await handle.appendFile(`${CASSETTE_HEADER}\n`);
  return handle;
}

/** Recording replaces a cassette, but never a file of another kind that was named by mistake. */
async function refuseOtherFile(file: string): Promise<void> {
  const handle = await openExisting(file, "r");
  if (handle === undefined) return;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CASSETTE_HEADER.length));
    const start = buffer.toString("utf8", 0, bytesRead);
    // A killed run can leave no more than a part of the header.
    if (start.startsWith(CASSETTE_MARK) || CASSETTE_HEADER.startsWith(start)) return;
    throw new UsageError(`${file} exists and is no cassette`, {
      nextStep: "Name another file for the recording.",
    });
  } finally {
    await handle.close();
  }
}

async function openExisting(file: string, flags: "r" | "r+"): Promise<FileHandle | undefined> {
  try {
    return await open(file, flags);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A killed run can leave half a line: it is cut off, so that the next line starts on its own. */
async function dropCutLine(file: string): Promise<number> {
  const handle = await openExisting(file, "r+");
  if (handle === undefined) return 0;
  try {
    const { size } = await handle.stat();
    const block = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - block.length);
      const { bytesRead } = await handle.read(block, 0, end - start, start);
      const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (newline >= 0) {
        const whole = start + newline + 1;
        if (whole < size) await handle.truncate(whole);
        return whole;
      }
      end = start;
    }
    await handle.truncate(0);
    return 0;
  } finally {
    await handle.close();
  }
}

async function attempt<T>(file: string, effect: () => Promise<T>): Promise<T> {
  try {
    return await effect();
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new StoreError(`cannot write the cassette ${file} (${systemCode(cause)})`, { cause });
  }
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

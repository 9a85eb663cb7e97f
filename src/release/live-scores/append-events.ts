import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../core/errors.js";
import type { LiveEvent } from "../../core/live-event.js";

/**
 * Appends events to the event log that releases are judged by, in one write.
 *
 * @param folder - of the live events, which is made when missing
 * @returns the file
 * @throws {StoreError} when it cannot be written
 */
export async function appendEvents(folder: string, events: readonly LiveEvent[]): Promise<string> {
  const file = join(folder, "scores.jsonl");
  try {
    await mkdir(folder, { recursive: true });
    await appendFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""), { flush: true });
  } catch (error) {
    throw new StoreError(`${file}: cannot write scores: ${(error as Error).message}`, {
      cause: error,
      nextStep: "free space or rights, then score again: nothing is counted twice",
    });
  }
  return file;
}

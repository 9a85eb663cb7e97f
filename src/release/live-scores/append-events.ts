import { appendFile, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { boundedJson } from "../../core/bounded-json.js";
import { StoreError } from "../../core/errors.js";
import type { LiveEvent } from "../../core/live-event.js";
import { EventTail } from "../evidence/event-tail.js";

/** How the lines begin that are written here; an id is hexadecimal. */
const OWN_LINE = /^\{"event_id":"([\da-f]+)"/;
const LINE_END = 0x0a;

/**
 * Appends events to the event log that releases are judged by, in one write; those that stand in it already are left out.
 * The log is read in pieces, and only the ids that are to be written are kept.
 *
 * @param folder - of the live events, which is made when missing
 * @returns how many were not in it
 * @throws {StoreError} when it cannot be read or written
 */
export async function appendEvents(folder: string, events: readonly LiveEvent[]): Promise<number> {
  const file = join(folder, "scores.jsonl");
  const missing = new Map(events.map((event) => [event.event_id, `${JSON.stringify(event)}\n`]));
  try {
    await mkdir(folder, { recursive: true });
    const isTorn = await withoutThoseOf(file, missing);
    if (missing.size === 0) return 0;
    await appendFile(file, (isTorn ? "\n" : "") + [...missing.values()].join(""), { flush: true });
  } catch (error) {
    throw new StoreError(`${file}: cannot write scores: ${(error as Error).message}`, {
      cause: error,
      nextStep: "free space or rights, then score again: nothing is counted twice",
    });
  }
  return missing.size;
}

/** Removes what stands in a file. @returns whether its last line has no end: what follows must not become a part of it */
async function withoutThoseOf(file: string, missing: Map<string, string>): Promise<boolean> {
  const handle = await open(file, "a+");
  let isTorn = false;
  try {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    isTorn = buffer[0] !== LINE_END;
  } finally {
    await handle.close();
  }
  await new EventTail().read(file, (line) => {
    const id = OWN_LINE.exec(line)?.[1] ?? idOf(boundedJson(line));
    if (id !== null) missing.delete(id);
  });
  return isTorn;
}

function idOf(event: unknown): string | null {
  const id = typeof event === "object" && event !== null && "event_id" in event ? event.event_id : null;
  return typeof id === "string" ? id : null;
}

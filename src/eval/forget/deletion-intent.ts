import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { StoreError } from "../../core/errors.js";

const SUFFIX = ".intent.json";

const intentSchema = z.strictObject({
  id: z.uuid(),
  tenantId: z.string(),
  userId: z.string(),
  /** When it was asked for, milliseconds since the epoch. */
  requestedAtMs: z.number(),
  /** Conversations of the user: what names one of them is theirs. */
  conversations: z.array(z.string()),
  /** Ids of cases that were saved from them: reports and recordings name these. */
  savedCases: z.array(z.string()),
  /** Names that labels and verdicts know their trials by. */
  items: z.array(z.string()).default([]),
  places: z.strictObject({
    project: z.string(),
    history: z.string(),
    exports: z.array(z.string()),
    datasets: z.array(z.string()),
    recordings: z.array(z.string()),
  }),
  /** Runs of the deletion that did not come to their end. */
  interruptions: z.int(),
  /** What earlier runs removed, by step and kind. */
  removed: z.record(z.string(), z.record(z.string(), z.number())),
});

/** A deletion that was asked for and is not done yet. It lies on the disk from before the first thing is removed. */
export type DeletionIntent = z.output<typeof intentSchema>;

/** Folder of intents. */
export function intentFolder(dataFolder: string): string {
  return join(dataFolder, "forget");
}

export function writeIntent(dataFolder: string, intent: DeletionIntent): void {
  const folder = intentFolder(dataFolder);
  mkdirSync(folder, { recursive: true });
  writeDurably(join(folder, `${intent.id}${SUFFIX}`), JSON.stringify(intent));
}

export function removeIntent(dataFolder: string, { id }: DeletionIntent): void {
  rmSync(join(intentFolder(dataFolder), `${id}${SUFFIX}`), { force: true });
}

/**
 * The deletions that are not done, the oldest first.
 *
 * @throws {StoreError} when an intent cannot be read
 */
export function readIntents(dataFolder: string): readonly DeletionIntent[] {
  const folder = intentFolder(dataFolder);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const found = names.filter((name) => name.endsWith(SUFFIX)).map((name) => readIntent(join(folder, name)));
  return found.sort((left, right) => left.requestedAtMs - right.requestedAtMs);
}

function readIntent(path: string): DeletionIntent {
  try {
    return intentSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new StoreError(`${path}: a deletion that was begun cannot be read`, {
      cause,
      nextStep: "Run agentctl memory forget for the user once more, then remove the file.",
    });
  }
}

/** Writes a file so that it is there whole after a power cut, or not at all. */
export function writeDurably(path: string, text: string, mode = 0o644): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode });
  const file = openSync(draft, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  // Windows cannot open a folder; its renames are durable without.
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

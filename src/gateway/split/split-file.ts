import { readFileSync } from "node:fs";
import { z } from "zod";
import { StoreError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import { writeDurably } from "../write-durably.js";

const storedSplit = z.strictObject({
  version: z.literal(1),
  bps: z.int().min(0).max(ALL_BPS),
  salt: z.string().max(256),
  release: z.string().max(256).nullable(),
  /** Version of the split, which changes with every change. */
  split_version: z.string().min(1),
  /** Whether the lease of its controller ended, so that 0 is in force whatever `bps` says. */
  fell: z.boolean(),
});

/** What is kept of a split. */
export type StoredSplit = z.output<typeof storedSplit>;

/**
 * @returns `null` when there is no file
 * @throws {StoreError} when there is one that cannot be read: an unknown split is not taken for none
 */
export function readSplitFile(file: string): StoredSplit | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`${file}: the split cannot be read`, { cause: error });
  }
  try {
    return storedSplit.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreError(`${file}: expected the split that the gateway wrote, found something else`, {
      cause: error,
      nextStep: "delete the file: the gateway then starts with a split of 0",
    });
  }
}

/** @throws {StoreError} when it cannot be written */
export function writeSplitFile(file: string, split: StoredSplit): void {
  try {
    writeDurably(file, `${JSON.stringify(split)}\n`);
  } catch (error) {
    throw new StoreError(`${file}: the split cannot be written: ${(error as Error).message}`, {
      cause: error,
      nextStep: "make room on the disk, or give the gateway the right to write there",
    });
  }
}

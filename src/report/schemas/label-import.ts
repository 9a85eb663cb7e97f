import { z } from "zod";
import { count, hash, timestamp } from "./shared.js";

const tally = z.array(z.strictObject({ name: z.string(), count })).describe("The commonest first.");
const notes = z.array(z.string()).describe("What else a reader must know.");
const source = z.string().describe("The file that was read, as it was given.");

export const importedLabels = z.strictObject({
  source,
  rubrics: z.array(z.string()),
  rows: count,
  added: count.describe("Labels that are new."),
  alreadyThere: count.describe("Labels that an earlier import had added."),
  missing: count.describe("Rows without a label, left out."),
  repeated: count.describe("Rows that said again what an earlier one said."),
  items: count.describe("Items with a label in the file."),
  authors: tally,
  labels: tally,
  notes,
});

export const importedVerdicts = z.strictObject({
  source,
  rubric: z.string(),
  rows: count,
  added: count.describe("Verdicts that are new."),
  alreadyThere: count.describe("Verdicts that an earlier import had added."),
  repeated: count.describe("Verdicts that said again what an earlier row said."),
  judges: z.array(
    z.strictObject({
      judge: z.string(),
      judgeVersion: hash,
      added: count,
      alreadyThere: count,
      labels: tally,
      withoutLabel: tally.describe("Verdicts without a label, by reason."),
    }),
  ),
  unmappedWords: tally.describe("Words that stand for no label."),
  notes,
});

export const exportedLabels = z.strictObject({
  rubric: z.string(),
  isCurrent: z.boolean().describe("What is said now, rather than every entry."),
  file: z.string().nullable().describe("File written; null when it was printed."),
  rows: count,
  entries: z
    .array(
      z.strictObject({
        id: z.string(),
        rubric: z.string(),
        item: z.string(),
        author: z.string(),
        action: z.enum(["label", "skip", "flag", "comment", "adjudicate", "undo"]),
        value: z.string().nullable(),
        comment: z.string().nullable(),
        at: timestamp,
        source: z.string(),
      }),
    )
    .nullable()
    .describe("Every entry; null when a file was written, and for the current state."),
});

import { z } from "zod";
import { count, hash } from "./shared.js";

export const importedDataset = z.strictObject({
  source: z.string().describe("The file that was read, as it was given."),
  dataset: z.string().describe("The golden set that was written, likewise."),
  cases: count,
  hash: hash.describe("Content hash of what was written."),
  notes: z.array(z.string()).describe("What was left out or read in a certain way."),
});

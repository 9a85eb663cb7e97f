import { z } from "zod";
import { count } from "./shared.js";

/** Where the labels of a rubric stand. */
export const reviewSummary = z.strictObject({
  rubric: z.string(),
  mode: z.enum(["label", "adjudicate", "flagged"]),
  annotator: z.string(),
  items: count.describe("Items that may be reviewed."),
  progress: z
    .strictObject({
      done: count.describe("Items that the annotator is done with."),
      total: count.describe("Done, skipped and still to do."),
      skipped: count,
      flagged: count.describe("Items that anybody flagged."),
    })
    .describe("Of the annotator's queue."),
  session: z
    .strictObject({ labels: count, skips: count, flags: count, comments: count, undos: count })
    .describe("What the annotator did now; all 0 with `--status`."),
  labelled: count.describe("Items with a label of anybody."),
  shared: count.describe("Items that at least two people labelled."),
  disputed: count.describe("Items on which people disagree and nobody has settled it."),
  wanted: count.describe("Labels that a calibration needs."),
  annotators: z.array(z.strictObject({ author: z.string(), labels: count })),
  next: z.array(z.string()).describe("What to do next, the most urgent first."),
});

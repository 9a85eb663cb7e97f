import { z } from "zod";
import { count } from "./shared.js";

/** A page for labelling that is being served. */
export const reviewServer = z.strictObject({
  url: z.string().describe("Link to the page, with the secret that lets a browser in."),
  rubric: z.string(),
  mode: z.enum(["label", "adjudicate", "flagged"]),
  items: count.describe("Items that may be reviewed."),
});

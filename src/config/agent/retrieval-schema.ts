import { z } from "zod";
import { positiveInt } from "./quantities.js";

/** `retrieval` block of an agent file. */
export const retrievalSchema = z.strictObject({
  documents: z.string().describe("Folder of Markdown documents, relative to the agent file."),
  top_k: positiveInt.default(5).describe("Chunks that one search returns."),
  chunk_words: positiveInt.default(120).describe("Largest size of a chunk, in words."),
});

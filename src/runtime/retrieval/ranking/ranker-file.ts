import { z } from "zod";
import { ConfigError } from "../../../core/errors.js";

const share = z.number().min(0).max(1);

/** Weights of the features of a passage, as `agentctl insights train-ranker` writes them. */
const rankerSchema = z.strictObject({
  schema: z.literal("agentctl/ranker"),
  version: z.literal(1),
  weights: z.strictObject({
    similarity: z.number(),
    recency: z.number(),
    authority: z.number(),
    usefulness: z.number(),
    safety: z.number(),
    segment: z.number(),
    length: z.number(),
  }),
  bias: z.number().default(0),
  recency_half_life_days: z.number().positive().default(365),
  length_words: z.number().positive().default(80),
  /** How often a document helped where it was shown, by document id. */
  usefulness: z.record(z.string(), share).default({}),
  trained: z.strictObject({ at: z.string(), examples: z.int().min(0), method: z.string() }).optional(),
});

export type RankerFile = z.output<typeof rankerSchema>;
export type FeatureName = keyof RankerFile["weights"];

/**
 * What is used without a weights file: similarity decides, the others break what are nearly ties. Set by hand, not
 * trained.
 */
export const DEFAULT_RANKER: RankerFile = {
  schema: "agentctl/ranker",
  version: 1,
  weights: {
    similarity: 1,
    recency: 0.05,
    authority: 0.2,
    usefulness: 0.1,
    safety: 0.2,
    segment: 0.1,
    length: 0.05,
  },
  bias: 0,
  recency_half_life_days: 365,
  length_words: 80,
  usefulness: {},
};

/**
 * Reads a weights file.
 *
 * @param file - its name, for messages
 * @throws {ConfigError} with every problem
 */
export function parseRankerFile(text: string, file: string): RankerFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError([{ file, message: "is not JSON; expected weights of the feature ranker" }], {
      cause,
    });
  }
  const result = rankerSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => ({
      file,
      message: `${issue.path.join(".") || "the file"}: ${issue.message}`,
    })),
  );
}

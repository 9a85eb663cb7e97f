import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

const share = z.number().min(0).max(1);
const days = z.number().positive().max(36_500);

const recallSchema = z.strictObject({
  top_k: positiveInt.max(100).default(5).describe("Most facts that enter a request by their score."),
  min_score: share.default(0.35).describe("Facts with a lower recall score stay out."),
  alpha: share
    .default(0.7)
    .describe(
      "Weight of similarity; the rest is that of recency: alpha·similarity + (1 − alpha)·2^(−age/half-life).",
    ),
  half_life_days: days.default(90).describe("Age at which recency is one half, in days."),
  profile_k: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe(
      "Facts of profile, preferences and open issues that enter whatever is asked, best score first.",
    ),
});

const embeddingsSchema = z.strictObject({
  name: z.string().min(1).describe("Model name, as the endpoint knows it."),
  base_url: z.url().describe("Base URL of an OpenAI-compatible endpoint with /embeddings."),
  api_key_env: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, "wants the name of a variable such as OPENAI_API_KEY, never the key itself")
    .optional()
    .describe("Environment variable that holds the key; none for an own server without one."),
  timeout_ms: milliseconds.default(10_000).describe("Total time of one request, in milliseconds."),
  max_retries: z.int().min(0).max(10).default(1).describe("Retries of a failed request that may succeed."),
});

const ttlSchema = z.strictObject({
  preference: days.optional().describe("What the user likes things to be like."),
  profile: days.optional().describe("Who the user is: name, address, employer."),
  fact: days.optional().describe("Anything else that the user told."),
  issue: days.default(180).describe("What was left unresolved."),
  satisfaction: days.default(365).describe("How content the user was."),
  summary: days.default(90).describe("What a conversation was about."),
});

/** `memory` block of an agent file. */
export const memorySchema = z
  .strictObject({
    recall: recallSchema.prefault({}).describe("Which facts enter a request."),
    embeddings: embeddingsSchema
      .optional()
      .describe("Endpoint that tells similarity; the hashed n-gram baseline when left out."),
    extraction: z
      .enum(["baseline", "model", "none"])
      .default("baseline")
      .describe("Who finds facts after a conversation: fixed rules, the agent's model, or nobody."),
    ttl_days: ttlSchema
      .prefault({})
      .describe("After how many days facts of a kind are forgotten; kinds left out are kept."),
    seed: z
      .string()
      .min(1)
      .optional()
      .describe("JSONL file of facts that every trial begins with, relative to the agent file."),
  })
  .describe("What is remembered of a user who has signed in, from one conversation to the next.");

export type MemoryConfig = z.output<typeof memorySchema>;

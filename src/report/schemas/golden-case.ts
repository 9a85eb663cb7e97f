import { z } from "zod";
import { count, hash } from "./shared.js";

const action = z.strictObject({ name: z.string(), args: z.record(z.string(), z.json()) });

const toolCall = action.extend({
  argsMode: z.enum(["exact", "subset", "any_of", "regex"]).exactOptional().describe("absent: exact."),
  tolerance: z.number().min(0).exactOptional().describe("absent: 0."),
  argsSchema: z.record(z.string(), z.json()).exactOptional().describe("JSON Schema of the arguments."),
});

const input = z.union([
  z.strictObject({ kind: z.literal("text"), text: z.string() }),
  z.strictObject({
    kind: z.literal("messages"),
    messages: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.string() })),
  }),
  z.strictObject({
    kind: z.literal("user"),
    goal: z.string(),
    script: z.array(z.string()).nullable(),
    persona: z.string().exactOptional(),
    maxTurns: z.int().exactOptional(),
    endMarks: z.array(z.string()).exactOptional(),
    tools: z.array(z.string()).exactOptional(),
  }),
]);

const expectation = z.strictObject({
  sources: z.array(z.string()),
  grades: z
    .record(z.string(), z.int())
    .exactOptional()
    .describe("Relevance by document id, if stated; else every source has grade 1."),
  mustInclude: z.array(z.string()),
  mustNotInclude: z.array(z.string()),
  answer: z.string().nullable(),
  toolCalls: z.array(toolCall).nullable().describe("null: not stated; empty: none allowed."),
  toolCallsMode: z.enum(["exact", "subset", "ordered", "unordered"]),
  tools: z
    .array(z.strictObject({ name: z.string(), parameters: z.record(z.string(), z.json()) }))
    .exactOptional()
    .describe("Tools on offer; absent: not stated."),
  state: z.strictObject({ actions: z.array(action) }).nullable(),
  outputs: z.array(z.string()),
  refusal: z.boolean().nullable().describe("null: not stated."),
  schema: z.record(z.string(), z.json()).exactOptional().describe("JSON Schema of the answer, if stated."),
});

/** A case as it was when the run was made. */
export const goldenCase = z.strictObject({
  id: z.string(),
  input,
  expect: expectation,
  environment: z.string().nullable(),
  risk: z.enum(["low", "medium", "high", "critical"]).nullable(),
  tags: z.array(z.string()),
  group: z.string(),
  split: z.enum(["dev", "test", "holdout"]).describe("Texts of holdout cases are left out."),
  review: z
    .strictObject({
      status: z.enum(["approved", "rejected", "pending"]),
      by: z.string().nullable(),
      at: z.string().nullable(),
    })
    .nullable(),
  line: count.describe("Line in the dataset file, from 1."),
  hash,
});

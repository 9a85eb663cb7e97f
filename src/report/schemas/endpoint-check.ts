import { z } from "zod";
import { count, milliseconds } from "./shared.js";

/** What an endpoint may be able to do; each is tried by itself. */
export const CAPABILITIES = [
  "reachable",
  "models",
  "chat",
  "streaming",
  "stream-usage",
  "tools",
  "tools-streamed",
  "structured-output",
  "context-limit",
  "logprobs",
  "embeddings",
  "responses",
  "messages",
  "ttft",
  "metrics",
  "identity",
] as const;

const capabilityName = z.enum(CAPABILITIES);
const state = z
  .enum(["pass", "fail", "unknown"])
  .describe("unknown: it was not tried, or the answer settles nothing; never taken for pass.");

const capability = z.strictObject({
  name: capabilityName,
  state,
  isRequired: z.boolean(),
  evidence: z.string().describe("What was asked and what came back."),
});

const metrics = z
  .strictObject({
    system: z.enum(["vllm", "sglang", "tgi"]),
    present: z.array(z.string()),
    renamed: z
      .array(z.strictObject({ name: z.string().describe("As newer versions call it."), found: z.string() }))
      .describe("Present under another name than that of now."),
    missing: z.array(
      z.strictObject({
        name: z.string(),
        use: z.enum(["capacity", "latency", "traffic", "cache", "detail"]).describe("What it is wanted for."),
      }),
    ),
  })
  .nullable()
  .describe("Names of the metrics page; null without a page of a known system.");

const checked = z.strictObject({
  url: z.string(),
  model: z.string().nullable().describe("Model that was asked; null when none is known."),
  verdict: z
    .enum(["usable", "lacking", "unreachable"])
    .describe("lacking: a required capability is not there, or nobody can tell."),
  capabilities: z.array(capability),
  contextTokens: z.int().positive().nullable().describe("Longest context; null when it is not told."),
  ttft: z
    .strictObject({ medianMs: milliseconds, fastestMs: milliseconds, slowestMs: milliseconds, n: count })
    .nullable()
    .describe("Time to first token, one request at a time."),
  server: z.string().nullable().describe("What serves, as far as it says."),
  metrics,
});

/** `agentctl endpoint check --json`. */
export const endpointCheck = z.strictObject({
  ...checked.shape,
  against: checked.nullable().describe("The second endpoint; null without --against."),
  differences: z
    .array(z.strictObject({ what: z.string(), first: z.string(), second: z.string() }))
    .describe("What differs between both; empty without --against."),
});

export type CapabilityName = z.output<typeof capabilityName>;
export type Capability = z.output<typeof capability>;
export type CheckedEndpoint = z.output<typeof checked>;
export type EndpointCheckReport = z.output<typeof endpointCheck>;

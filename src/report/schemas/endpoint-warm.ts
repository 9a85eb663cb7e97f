import { z } from "zod";
import { count, milliseconds } from "./shared.js";

/** `agentctl endpoint warm --json`. */
export const endpointWarm = z.strictObject({
  url: z.string(),
  model: z.string(),
  state: z
    .enum(["stable", "unstable", "failed", "interrupted"])
    .describe("unstable: the limit came first. failed: a whole batch brought no answer."),
  requests: count.describe("Sent."),
  failed: count,
  medians: z.array(milliseconds).describe("Median time to first token of each batch, in order."),
  reason: z.string(),
});

/** `agentctl endpoint lora … --json`. */
export const endpointLora = z.strictObject({
  url: z.string(),
  action: z.enum(["load", "unload", "list"]),
  name: z.string().nullable(),
  changed: z.boolean().describe("Whether anything had to be done."),
  path: z
    .enum(["listed", "asked", "unknown"])
    .nullable()
    .describe(
      "Of a load. listed: the endpoint lists the adapter with the path that was asked for. asked: it lists no path, and has " +
        "just loaded that one. unknown: it lists no path, and had an adapter of that name before.",
    ),
  adapters: z
    .array(z.strictObject({ name: z.string(), base: z.string().nullable(), path: z.string().nullable() }))
    .describe("As the endpoint lists them afterwards."),
});

export type EndpointWarmReport = z.output<typeof endpointWarm>;
export type EndpointLoraReport = z.output<typeof endpointLora>;

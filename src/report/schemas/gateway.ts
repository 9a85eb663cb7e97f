import { z } from "zod";
import { count } from "./shared.js";

const arm = z.enum(["stable", "canary"]);
const limit = z.int().min(1).nullable();

/** A gateway that listens. */
export const gatewayServer = z.strictObject({
  service: z.string(),
  url: z.string().describe("Where clients send their requests, without `/v1`."),
  control: z
    .string()
    .nullable()
    .describe("Where the control API listens: `unix:PATH` or a URL; `null`: there is none."),
  events: z.string().describe("Folder of the event log."),
});

/** Whether a gateway file can be used, and whether its arms answer. */
export const gatewayCheck = z.strictObject({
  file: z.string().describe("As it was given."),
  service: z.string(),
  keys: count.nullable().describe("Keys that are let in; `null`: nobody is asked for one."),
  arms: z.array(
    z.strictObject({
      arm,
      url: z.string(),
      ok: z.boolean(),
      status: z.int().nullable().describe("HTTP status; `null`: there was no answer."),
      latencyMs: z.number().min(0),
      reason: z.string().nullable().describe("What is wrong; `null`: nothing."),
    }),
  ),
  isReady: z.boolean().describe("Whether every arm answers."),
});

/** A key that was made. */
export const gatewayKey = z.strictObject({
  name: z.string(),
  tenant: z.string(),
  key: z.string().describe("The key itself: it is in this document and nowhere else."),
});

/** The keys of a gateway, without what lets in. */
export const gatewayKeyList = z.strictObject({
  file: z.string(),
  keys: z.array(
    z.strictObject({
      name: z.string(),
      tenant: z.string(),
      isTester: z.boolean().describe("Whether it may choose an arm by header."),
      isReporter: z.boolean().describe("Whether it may tell verified safety violations."),
      requestsPerMinute: limit,
      tokensPerMinute: limit,
      maxConcurrent: limit,
    }),
  ),
});

export const gatewayKeyRemoved = z.strictObject({ name: z.string() });

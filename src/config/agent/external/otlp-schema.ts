import { z } from "zod";
import { milliseconds, positiveInt } from "../quantities.js";
import { execShape } from "./exec-schema.js";
import { checkHttp, httpShape } from "./http-schema.js";
import { sharedShape } from "./shared-schema.js";

const triggerSchema = z.union([
  z
    .strictObject({
      http: z.strictObject(httpShape).superRefine(checkHttp).describe("As kind http."),
    })
    .describe("A request; `traceparent` is a header of it."),
  z
    .strictObject({ exec: z.strictObject(execShape).describe("As kind exec.") })
    .describe(
      "A program; `traceparent` stands in each message, and OTEL_EXPORTER_OTLP_ENDPOINT in its environment.",
    ),
]);

export const otlpAgentSchema = z.strictObject({
  kind: z.literal("otlp").describe("An agent that is graded by the OpenTelemetry spans it sends."),
  ...sharedShape,
  trigger: triggerSchema.describe("How a message reaches the agent."),
  listen: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").describe("Address to listen at; loopback by default."),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(0)
        .describe("Port to listen at; 0 for a free one, which only a program of the trigger gets to know."),
      max_bytes: positiveInt
        .default(16_000_000)
        .describe("Larger exports are refused, both as sent and unpacked."),
    })
    .prefault({})
    .describe("Where spans are received; the path is /v1/traces."),
  wait_ms: milliseconds
    .default(10_000)
    .describe(
      "Longest wait for the root span after the reply, in milliseconds; then the trial ends in error.",
    ),
  settle_ms: milliseconds
    .default(150)
    .describe("Silence after the root span until the trace is read, in milliseconds."),
});

export type OtlpAgentConfig = z.output<typeof otlpAgentSchema>;

import { z } from "zod";
import { positiveInt } from "../agent/quantities.js";
import { duration } from "../gates/canary-schema.js";
import { waitingTime, waitingTimeOrNever } from "../waiting-time.js";
import { armSchema } from "./arm-schema.js";
import { listenSchema, secret } from "./listen-schema.js";

const headerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "wants the name of a header in lower case, such as x-conversation-id");

const headersSchema = z.strictObject({
  conversation: headerName.default("x-conversation-id").describe("Header with the id of a conversation."),
  user: headerName.default("x-user-id").describe("Header with the id of a user."),
  arm: headerName
    .default("x-agentctl-arm")
    .describe("Header by which a tester chooses `stable` or `canary`; of others it is not read."),
  no_shadow: headerName
    .default("x-agentctl-no-shadow")
    .describe("Header of a request that must not be copied, whatever its value."),
});

const timeoutsSchema = z.strictObject({
  connect: waitingTime.prefault("5s").describe("Longest time to connect to an arm."),
  first_byte: waitingTime
    .prefault("60s")
    .describe("Longest wait for the head of an answer, from when it was asked."),
  idle: waitingTime.prefault("60s").describe("Longest silence within an answer."),
  total: waitingTime.prefault("10m").describe("Longest time of one request, with its retries."),
});

const limitsSchema = z.strictObject({
  request_bytes: positiveInt
    .default(20 * 1024 * 1024)
    .describe("Largest body of a request, in bytes; a larger one is answered 413."),
  header_bytes: positiveInt
    .default(16 * 1024)
    .describe("Largest head of a request, in bytes; a larger one is answered 431."),
  header_time: waitingTime.prefault("10s").describe("Longest time in which a client sends the head."),
  request_time: waitingTime
    .prefault("60s")
    .describe("Longest time in which a client sends the whole request."),
  connections: positiveInt.default(1024).describe("Most connections to one arm; requests beyond them wait."),
});

const healthSchema = z.strictObject({
  path: z
    .string()
    .regex(/^\/\S*$/, "wants a path such as /v1/models")
    .default("/v1/models")
    .describe("What an arm is asked for; any status below 500 says that it is up."),
  interval: waitingTimeOrNever.prefault("5s").describe("Time between two checks; `0s` makes none."),
  timeout: waitingTime.prefault("2s").describe("Longest wait for the answer to a check."),
  fall: positiveInt.default(2).describe("Failed checks in a row after which an arm is down."),
});

const breakerSchema = z.strictObject({
  failures: positiveInt
    .default(5)
    .describe(
      "Failures in a row that stop requests to an arm: no connection, no answer, 502, 503, 504, cut.",
    ),
  window: duration.prefault("30s").describe("Failures further apart than this are not in a row."),
  open: duration.prefault("5s").describe("Time until one request may try the arm again."),
});

const shadowSchema = z.strictObject({
  percent: z
    .number()
    .min(0)
    .max(100)
    .describe("Share of the conversations of the stable arm whose requests are copied, in percent."),
  max_concurrency: positiveInt.default(8).describe("Most copies under way; beyond them none is made."),
});

const captureSchema = z.strictObject({
  percent: z
    .number()
    .gt(0)
    .max(100)
    .describe("Share of the conversations whose words are kept, redacted, in percent."),
  folder: z.string().default(".agentctl/captures").describe("Folder of what is kept."),
  max_bytes: positiveInt
    .default(256 * 1024)
    .describe("Longest request and answer together that are kept, in bytes."),
});

/** `gateway.yaml`: what `agentctl gateway` listens to, and where it sends requests. */
export const gatewaySchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  service: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/, "wants lower-case letters, digits, `.`, `_`, `-`")
    .describe("Name of the service, as in release.yaml."),
  listen: listenSchema.prefault({}).describe("Where clients send their requests."),
  arms: z
    .strictObject({
      stable: armSchema.describe("The version that everybody gets."),
      canary: armSchema.optional().describe("The version that is released; none when left out."),
    })
    .describe("The model servers behind the gateway."),
  key: z
    .enum(["conversation", "user", "tenant"])
    .default("conversation")
    .describe("What the split hashes; requests without it go to the stable arm."),
  headers: headersSchema.prefault({}).describe("Names of the headers that the gateway reads."),
  timeouts: timeoutsSchema.prefault({}).describe("How long requests may take."),
  limits: limitsSchema.prefault({}).describe("What one client may use."),
  retries: z
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe("Further attempts at the same arm when it cannot be reached or says 502 or 503."),
  health: healthSchema.prefault({}).describe("How the gateway asks the arms whether they are up."),
  breaker: breakerSchema.prefault({}).describe("When the gateway stops sending to an arm that fails."),
  shadow: shadowSchema
    .optional()
    .describe("Copies requests to the canary and throws its answers away; off when left out."),
  capture: captureSchema
    .optional()
    .describe("Keeps what is said in a sample of the conversations; off when left out."),
  keys: z
    .string()
    .optional()
    .describe("File of access keys, relative to this file; without one nobody is asked for a key."),
  control: z
    .strictObject({
      listen: z
        .string()
        .regex(
          /^(unix:.+|(127(\.\d+){3}|localhost|\[::1\]):\d+)$/,
          "wants `unix:PATH` or a loopback address such as 127.0.0.1:9901",
        )
        .describe("Where the control API listens: `unix:PATH`, or a loopback address with its port."),
      token: secret.describe("Token that its callers must show, as `env:NAME` or `file:PATH`."),
    })
    .optional()
    .describe("API by which a release moves the split; none when left out."),
  events: z.string().default(".agentctl/events").describe("Folder for the events of live traffic."),
  state: z
    .string()
    .default(".agentctl/gateway")
    .describe("Folder for what outlives a restart: the split, and which address was promoted."),
  otlp: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).describe("Where traces go, e.g. http://127.0.0.1:4318/v1/traces."),
      sample: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe(
          "Share of the traces that are exported, 0 to 1, without those that the caller does not sample; " +
            "the same trace is in or out everywhere.",
        ),
    })
    .optional()
    .describe("Export of traces by OpenTelemetry; none when left out."),
  expose: z
    .boolean()
    .default(false)
    .describe(
      "Whether clients reach /metrics and /healthz, without a key; else the control API alone has them.",
    ),
  prices: z.boolean().default(true).describe("Whether requests are priced."),
  lease: z
    .strictObject({
      required: z
        .boolean()
        .default(true)
        .describe("Whether the canary gets nothing when the controller of a release is silent."),
      grace: waitingTime
        .prefault("30s")
        .describe("How long a split stands after it was set, or after a restart, without a word of it."),
    })
    .prefault({})
    .describe("What becomes of the split when nobody watches over it."),
});

export type GatewayConfig = z.output<typeof gatewaySchema>;

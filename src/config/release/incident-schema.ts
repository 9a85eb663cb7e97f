import { z } from "zod";

const figure = z.number().nullable();

const ruleSchema = z.strictObject({
  measure: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive", "error"]),
  canary: figure.describe("Value of the new version."),
  stable: figure,
  difference: figure,
  lower: figure.describe("Limits of the confidence sequence of the difference."),
  upper: figure,
  reason: z.string(),
});

const requestSchema = z.strictObject({
  at: z.string(),
  ok: z.boolean(),
  latency_ms: z.number(),
  first_token_ms: figure,
  finish_reason: z.string().nullable(),
});

const conversationSchema = z.strictObject({
  id: z.string(),
  why: z
    .array(z.string())
    .describe("What was wrong with it; empty: it met the new version, and nothing is known."),
  first_at: z.string(),
  requests: z.int(),
  failed: z.int().describe("Requests that the new version did not answer as it should."),
  slowest_ms: figure,
  resolved: z.boolean().nullable().describe("null: nobody said."),
});

const actionSchema = z.strictObject({
  what: z.string().min(1),
  owner: z.string().optional(),
  due: z.iso.date().optional(),
  case: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Golden case that would have caught it, without an id; `agentctl incident cases` adds it."),
});

/** `incidents/<id>.yaml`: what is known of a rollback, and what people make of it. */
export const incidentSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  service: z.string(),
  release: z.string().describe("Release that was rolled back."),
  status: z.enum(["open", "closed"]),
  opened_at: z.string(),
  summary: z.string().describe("Why it was rolled back, one sentence."),
  canary: z.strictObject({ agent_version: z.string(), url: z.string(), run: z.string().nullable() }),
  stable: z.strictObject({ agent_version: z.string(), url: z.string(), run: z.string().nullable() }),
  gate: z.strictObject({
    run: z.string(),
    report_hash: z.string(),
    dataset_hash: z.string(),
    gates_hash: z.string(),
  }),
  rules: z.array(ruleSchema).describe("What the figures said when it was rolled back, failing ones first."),
  exposure: z.strictObject({
    conversations: z.int().describe("Conversations that met the new version."),
    affected: z.int().describe("Those of them that something was wrong with."),
    requests: z.int(),
    first_traffic_at: z.string().nullable(),
    no_traffic_at: z.string().nullable().describe("When a share of 0 was read back."),
    seconds_to_zero: figure.describe("From the decision to roll back to a share of 0."),
  }),
  timeline: z.array(
    z.strictObject({
      seq: z.int().describe("Row of the journal."),
      at: z.string(),
      event: z.string(),
      state: z.string(),
      share_bps: z.int().nullable(),
      actor: z.string(),
      reason: z.string(),
    }),
  ),
  conversations: z.array(conversationSchema).describe("Affected ones, worst first, at most 200."),
  samples: z
    .array(z.strictObject({ conversation: z.string(), requests: z.array(requestSchema) }))
    .describe("The worst ones request by request."),
  contributing_factors: z.array(z.string()).describe("For people to fill in."),
  actions: z.array(actionSchema).describe("For people to fill in; those with a case become golden cases."),
});

export type Incident = z.output<typeof incidentSchema>;

import { z } from "zod";

const figure = z.number().nullable();

const ruleSchema = z.strictObject({
  measure: z.string().describe("As `rollback_triggers` names it."),
  verdict: z.enum(["pass", "fail", "inconclusive", "error"]).describe("What the rule said."),
  canary: figure.describe("Value of the new version."),
  stable: figure.describe("Value of the stable version at the same time."),
  difference: figure.describe("New minus stable."),
  lower: figure.describe("Limits of the confidence sequence of the difference."),
  upper: figure.describe("Its upper limit."),
  reason: z.string().describe("One sentence."),
});

const versionSchema = z.strictObject({
  agent_version: z.string().describe("Content hash of agent, prompts, tools and model."),
  url: z.string().describe("Where it is served."),
  run: z.string().nullable().describe("Run that its gates passed on."),
});

const requestSchema = z.strictObject({
  at: z.string().describe("When it was answered; ISO 8601, UTC."),
  ok: z.boolean().describe("Whether it was answered as it should."),
  latency_ms: z.number().describe("Milliseconds to the last byte."),
  first_token_ms: figure.describe("Milliseconds to the first byte of the body."),
  finish_reason: z.string().nullable().describe("As the model server gave it."),
});

const conversationSchema = z.strictObject({
  id: z.string().describe("Id of the conversation."),
  why: z
    .array(z.string())
    .describe("What was wrong with it; empty: it met the new version, and nothing is known."),
  first_at: z.string().describe("Its first request; ISO 8601, UTC."),
  requests: z.int().describe("Requests of it."),
  failed: z.int().describe("Requests that the new version did not answer as it should."),
  slowest_ms: figure.describe("Milliseconds of its slowest request."),
  resolved: z.boolean().nullable().describe("null: nobody said."),
});

const actionSchema = z.strictObject({
  what: z.string().min(1).describe("What will be done."),
  owner: z.string().optional().describe("Who does it."),
  due: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "wants a day such as 2026-12-01")
    .optional()
    .describe("By when, YYYY-MM-DD."),
  case: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Golden case that would have caught it, without an id; `agentctl incident cases` adds it."),
});

/** `incidents/<id>.yaml`: what is known of a rollback, and what people make of it. */
export const incidentSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "wants letters, digits, `.`, `_` and `-`")
    .describe("Name of the incident and of its file."),
  service: z.string().describe("What was released."),
  release: z.string().describe("Release that was rolled back."),
  status: z.enum(["open", "closed"]).describe("`closed`: factors and actions are written down."),
  opened_at: z.string().describe("When it was rolled back; ISO 8601, UTC."),
  summary: z.string().describe("Why it was rolled back, one sentence."),
  canary: versionSchema.describe("The version that was rolled back."),
  stable: versionSchema.describe("The version that serves everybody again."),
  gate: z
    .strictObject({
      run: z.string().describe("Run that was judged."),
      report_hash: z.string().describe("Content hash of the gate report."),
      dataset_hash: z.string().describe("Content hash of the golden set."),
      gates_hash: z.string().describe("Content hash of the rules."),
    })
    .describe("The offline gate report that the release rested on."),
  rules: z.array(ruleSchema).describe("What the figures said when it was rolled back, failing ones first."),
  exposure: z
    .strictObject({
      conversations: z.int().describe("Conversations that met the new version."),
      affected: z.int().describe("Those of them that something was wrong with."),
      requests: z.int().describe("Their requests."),
      first_traffic_at: z.string().nullable().describe("First request that the new version served."),
      no_traffic_at: z.string().nullable().describe("When a share of 0 was read back."),
      seconds_to_zero: figure.describe("From the decision to roll back to a share of 0."),
    })
    .describe("Who met the new version, and for how long."),
  timeline: z
    .array(
      z.strictObject({
        seq: z.int().describe("Row of the journal."),
        at: z.string().describe("ISO 8601, UTC."),
        event: z.string().describe("What happened."),
        state: z.string().describe("State of the release afterwards."),
        share_bps: z.int().nullable().describe("Share of the new version, basis points, where it was set."),
        actor: z.string().describe("Person, or `controller`."),
        reason: z.string().describe("One sentence."),
      }),
    )
    .describe("From the journal, without the evaluations."),
  conversations: z.array(conversationSchema).describe("Affected ones, worst first, at most 200."),
  samples: z
    .array(
      z.strictObject({
        conversation: z.string().describe("Its id."),
        requests: z.array(requestSchema).describe("The first 20."),
      }),
    )
    .describe("The worst ones request by request."),
  contributing_factors: z.array(z.string()).describe("For people to fill in."),
  actions: z.array(actionSchema).describe("For people to fill in; those with a case become golden cases."),
});

export type Incident = z.output<typeof incidentSchema>;

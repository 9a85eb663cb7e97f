import { z } from "zod";
import type { EndpointReply } from "../http/endpoint-client.js";
import { fail, type ProbeContext, type ProbeFinding, pass, refused } from "./probe.js";
import { ASK } from "./probe-chat.js";

const embeddingsSchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1) })).min(1),
});
const responsesSchema = z.object({ output: z.array(z.object({ type: z.string() })).min(1) });
const messagesSchema = z.object({
  type: z.literal("message"),
  content: z.array(z.object({ type: z.string() })).min(1),
});
const TOKENS = 64;

function finding(reply: EndpointReply, read: (json: unknown) => string | null): ProbeFinding {
  if (reply.status === 404 || reply.status === 405) return fail(`not offered: HTTP ${reply.status}`);
  if (reply.status !== 200) return refused(reply);
  const evidence = read(reply.json);
  return evidence === null ? fail("HTTP 200 in another form") : pass(evidence);
}

export async function probeEmbeddings({ client, model, signal }: ProbeContext): Promise<ProbeFinding> {
  const reply = await client.ask("/v1/embeddings", { body: { model, input: "ready" }, signal });
  return finding(reply, (json) => {
    const parsed = embeddingsSchema.safeParse(json);
    return parsed.success ? `${parsed.data.data[0]?.embedding.length} dimensions` : null;
  });
}

export async function probeResponses({ client, model, signal }: ProbeContext): Promise<ProbeFinding> {
  const body = { model, input: ASK, max_output_tokens: TOKENS };
  const reply = await client.ask("/v1/responses", { body, signal });
  return finding(reply, (json) => {
    const parsed = responsesSchema.safeParse(json);
    return parsed.success ? parsed.data.output.map(({ type }) => type).join(", ") : null;
  });
}

export async function probeMessages({ client, model, signal }: ProbeContext): Promise<ProbeFinding> {
  const body = { model, max_tokens: TOKENS, messages: [{ role: "user", content: ASK }] };
  const headers = { "anthropic-version": "2023-06-01" };
  const reply = await client.ask("/v1/messages", { body, headers, signal });
  return finding(reply, (json) => {
    const parsed = messagesSchema.safeParse(json);
    return parsed.success ? parsed.data.content.map(({ type }) => type).join(", ") : null;
  });
}

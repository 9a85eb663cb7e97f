import { z } from "zod";
import type { EndpointReply } from "./endpoint-client.js";

/** OpenAI and vLLM nest the error, FastAPI calls it detail, TGI writes the text at the top. */
const errorSchema = z.object({
  message: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  error: z
    .union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)])
    .optional()
    .catch(undefined),
});

const LONGEST = 200;

/** What an endpoint says is wrong; empty when it says nothing. The questions are our own, so no text of a user is in it. */
export function errorOfReply({ json, text }: Pick<EndpointReply, "json" | "text">): string {
  const parsed = errorSchema.safeParse(json);
  const said = parsed.success ? (parsed.data.error ?? parsed.data.message ?? parsed.data.detail) : undefined;
  const words = (said ?? (json === undefined ? text : "")).replaceAll(/\s+/g, " ").trim();
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

/** `HTTP 400: the model has no tools`, or why there was no answer. */
export function failureOf(reply: EndpointReply): string {
  if (reply.status === 0) return reply.problem ?? "no answer";
  if (reply.problem !== null) return `HTTP ${reply.status}, then ${reply.problem}`;
  const said = errorOfReply(reply);
  return said === "" ? `HTTP ${reply.status}` : `HTTP ${reply.status}: ${said}`;
}

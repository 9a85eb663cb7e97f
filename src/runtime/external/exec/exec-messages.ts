import { z } from "zod";

/** Lines that an agent may write. Further fields are passed over. */
export const agentLineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("delta"), text: z.string() }),
  z.object({
    type: z.literal("tool_call"),
    id: z.union([z.string().min(1), z.number()]).transform(String),
    name: z.string().min(1),
    arguments: z.record(z.string(), z.json()).nullish(),
  }),
  z.object({
    type: z.literal("reply"),
    text: z.string().nullish(),
    escalated: z.boolean().nullish(),
    tool_calls: z.unknown().optional(),
    retrievals: z.unknown().optional(),
    reasoning: z.unknown().optional(),
    usage: z.unknown().optional(),
    cost_usd: z.unknown().optional(),
    model: z.string().nullish(),
  }),
  z.object({ type: z.literal("error"), message: z.string().nullish() }),
]);

export type AgentLine = z.output<typeof agentLineSchema>;
export type ReplyLine = Extract<AgentLine, { type: "reply" }>;

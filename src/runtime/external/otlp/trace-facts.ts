import { textAt } from "./read-attributes.js";
import type { Span } from "./span.js";
import { inputMessages } from "./span-messages.js";
import { roleOf } from "./span-role.js";
import { spanTree } from "./span-tree.js";

/** What a recorded trace says of itself, beside what the agent did. */
export interface TraceFacts {
  /** Span that encloses the others: one without a parent, or an agent's whose parent was recorded elsewhere. */
  readonly root: Span | null;
  /** What the user said; `null` when no span records it. */
  readonly userText: string | null;
  /** Session that the trace belongs to; `null` when no span names one. */
  readonly conversationId: string | null;
  readonly agentName: string | null;
}

export function traceFacts(spans: readonly Span[]): TraceFacts {
  const nodes = spanTree(spans);
  const tops = nodes.filter(({ parent }) => parent === null).map(({ span }) => span);
  const root =
    tops.find(({ parentSpanId }) => parentSpanId === null) ??
    tops.find((span) => roleOf(span) === "agent") ??
    null;
  const agents = nodes.filter(({ role }) => role === "agent").map(({ span }) => span);
  const models = nodes.filter(({ role }) => role === "model").map(({ span }) => span);
  const speakers = [...(root === null ? [] : [root]), ...agents, ...models];
  const first = (of: (span: Span) => string | null) =>
    speakers.map(of).find((found) => found !== null) ?? null;
  return {
    root,
    userText: first(saidIn),
    conversationId: first(({ attributes }) => textAt(attributes, "gen_ai.conversation.id", "session.id")),
    agentName: first(({ attributes }) => textAt(attributes, "gen_ai.agent.name")),
  };
}

/** The last thing that the user said before this span. */
function saidIn(span: Span): string | null {
  const said = inputMessages(span).findLast(({ role, text }) => role === "user" && text !== null);
  return said?.text ?? textAt(span.attributes, "input.value", "traceloop.entity.input");
}

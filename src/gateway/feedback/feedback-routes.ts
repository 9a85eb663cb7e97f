import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import type { Clock } from "../../core/clock.js";
import type { LiveEvent } from "../../core/live-event.js";
import { readJson, sendFailure, sendJson } from "../control/json-call.js";
import type { Client, LiveEventSink } from "../parts.js";
import { redactId } from "../redact-id.js";
import type { GatewayRoute } from "../start-gateway.js";
import type { ConversationMemory } from "./conversation-memory.js";
import { feedbackBody, feedbackEvent, safetyBody, safetyEvent, type Told } from "./told-event.js";

export interface FeedbackParts {
  readonly sink: LiveEventSink;
  readonly memory: Pick<ConversationMemory, "lastTrace">;
  readonly clock: Clock;
}

/**
 * Paths on the address for clients by which they tell what came of a conversation. `202`: the event was taken; sent again
 * with the same `id`, it is the same event. It is of the tenant of its key: the same id of another tenant is another
 * conversation.
 */
export function feedbackRoutes(parts: FeedbackParts): readonly GatewayRoute[] {
  return [
    routeOf("/v1/feedback", feedbackBody, feedbackEvent, parts),
    routeOf("/v1/safety", safetyBody, safetyEvent, parts),
  ];
}

function routeOf<
  Schema extends z.ZodType<{
    id?: string | undefined;
    conversation_id: string;
    trace_id?: string | undefined;
  }>,
>(
  path: string,
  schema: Schema,
  eventOf: (told: Told, body: z.output<Schema>) => LiveEvent,
  parts: FeedbackParts,
): GatewayRoute {
  const take = async (request: IncomingMessage, response: ServerResponse, client: Client) => {
    const body = await readJson(request, schema);
    const event = eventOf(toldBy(client, body, parts), body);
    parts.sink.emit(event);
    sendJson(response, 202, { event_id: event.event_id });
  };
  return {
    method: "POST",
    path,
    handle: (request, response, client) =>
      take(request, response, client).catch((error: unknown) => sendFailure(response, error)),
  };
}

function toldBy(
  client: Client,
  body: { id?: string | undefined; conversation_id: string; trace_id?: string | undefined },
  { memory, clock }: FeedbackParts,
): Told {
  const conversationId = redactId(body.conversation_id);
  // Of a conversation from before a restart no trace is known; readers find it by its id.
  const traceId = body.trace_id ?? memory.lastTrace(client.tenantId, conversationId) ?? "";
  return {
    conversationId,
    tenantId: client.tenantId,
    traceId,
    id: body.id,
    now: clock.now(),
    mayVerify: client.isReporter,
  };
}

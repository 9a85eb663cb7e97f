import type { Json } from "../../../core/hash.js";
import {
  draftOfCompletion,
  finishOpenaiDraft,
  type OpenaiDraft,
  OpenaiStreamDraft,
} from "../../../models/openai-reply.js";
import { openaiRequestBody } from "../../../models/openai-request.js";
import { chunkSchema, completionSchema } from "../../../models/openai-wire.js";
import type { AgentErrors } from "../agent-errors.js";
import type { ExternalConversation } from "../external-agent.js";
import type { Dialect, FinishedReply } from "./dialect.js";
import { parsedJson } from "./parsed-json.js";

const WANTED =
  "The preset openai wants the chat completions format; for another one give `request` and `response`.";

/** An agent that speaks chat completions: what a model's endpoint does, with tools that agentctl runs for it. */
export function openaiDialect(
  { model, streaming, url }: { readonly model: string; readonly streaming: boolean; readonly url: URL },
  { tools, conversationId, caseId, trial }: ExternalConversation,
  errors: AgentErrors,
): Dialect {
  let exchanges = 0;
  return {
    stream: streaming ? "sse" : null,
    requestBody: ({ messages }) => {
      const position = {
        caseId: caseId || conversationId,
        trial,
        speaker: "agent",
        turn: exchanges,
      } as const;
      const body = openaiRequestBody(model, url.href, { messages, tools, parameters: {}, position });
      const how = streaming ? { stream: true, stream_options: { include_usage: true } } : { stream: false };
      return { ...(body as unknown as { readonly [key: string]: Json }), ...how };
    },
    begin: () => {
      const turn = exchanges++;
      return streaming ? streamBuilder(model, turn, errors) : wholeBuilder(model, turn, errors);
    },
  };
}

function wholeBuilder(model: string, turn: number, errors: AgentErrors) {
  let draft: OpenaiDraft | null = null;
  return {
    add: (data: string) => {
      const read = completionSchema.safeParse(parsedJson(data, errors));
      if (!read.success) throw wrongShape(read.error.issues, errors);
      draft = draftOfCompletion(read.data);
      return draft.text ?? "";
    },
    finish: () => finished(draft, model, turn, errors),
  };
}

function streamBuilder(model: string, turn: number, errors: AgentErrors) {
  const draft = new OpenaiStreamDraft();
  let isDone = false;
  return {
    add: (data: string) => {
      if (isDone || data === "[DONE]") {
        isDone = true;
        return "";
      }
      const value = parsedJson(data, errors);
      if (typeof value === "object" && value !== null && "error" in value && value.error != null) {
        throw errors.failed("says that it failed", JSON.stringify(value.error));
      }
      const read = chunkSchema.safeParse(value);
      if (!read.success) throw wrongShape(read.error.issues, errors);
      return draft.add(read.data);
    },
    finish: () => finished(draft.build(), model, turn, errors),
  };
}

function finished(
  draft: OpenaiDraft | null,
  model: string,
  turn: number,
  errors: AgentErrors,
): FinishedReply {
  if (draft === null) throw errors.badReply("sent an empty response", WANTED);
  const reply = finishOpenaiDraft(draft, model, turn);
  if ("wrong" in reply) throw errors.badReply(reply.wrong, WANTED);
  const { text, toolCalls, finishReason, usage } = reply;
  if (text === null && toolCalls.length === 0 && usage === null) {
    throw errors.badReply("sent neither a text nor a tool call", WANTED);
  }
  return {
    reply: {
      text: toolCalls.length > 0 ? text : (text ?? ""),
      calls: toolCalls,
      finishReason,
      usage,
      costUsd: null,
      model: draft.model,
      isEscalated: false,
      steps: [],
      says: { tools: false, retrievals: false, modelCalls: false },
    },
    sessionId: null,
  };
}

function wrongShape(issues: readonly { readonly path: readonly PropertyKey[] }[], errors: AgentErrors) {
  const path = issues[0]?.path.join(".") ?? "";
  return errors.badReply(
    path === ""
      ? "sent a body that is no chat completion"
      : `sent a completion whose "${path}" is missing or wrong`,
    WANTED,
  );
}

import { ProviderError } from "../../core/errors.js";
import type { ModelReply } from "../../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "../../models/model.js";
import { RedactedPieces } from "../../models/redacted-pieces.js";
import type { SecretRedactor } from "../../models/secret-redactor.js";
import type { Turn } from "../turn.js";
import type { ExternalReply, ExternalSession, ToolResult } from "./external-agent.js";
import type { TurnCalls } from "./turn-calls.js";

/** What an exchange needs beside what is said. */
export interface ExchangeScene {
  readonly turn: Turn;
  readonly session: ExternalSession;
  /** Kind and name of the agent: provider and model of its exchanges. */
  readonly kind: string;
  readonly name: string;
  readonly calls: TurnCalls;
  /** `null` when there are no secrets. */
  readonly redactor: SecretRedactor | null;
}

/**
 * One exchange as a step of the turn: within its limits, through the parts of the agent, and without secrets in
 * anything that comes back.
 *
 * @param results - of the calls that the agent asked for; empty for what the user said
 * @throws {TurnStopped} at a limit of the conversation
 * @throws {ProviderError} when the agent gives no whole answer
 */
export async function exchange(
  { turn, session, kind, name, calls, redactor }: ExchangeScene,
  results: readonly ToolResult[],
): Promise<{ readonly reply: ExternalReply; readonly modelReply: ModelReply }> {
  let given: ExternalReply | undefined;
  const asked: Model = {
    provider: kind,
    name,
    async complete(request, { signal, onText }) {
      const hooks = calls.begin(request);
      const options = { signal, ...(onText === undefined ? {} : { onText }), ...hooks };
      const reply = await redactedReply(session, said(turn, results, request), options, redactor);
      given = reply;
      const modelReply = modelReplyOf(reply, kind, name);
      if (reply.isPartial !== true) calls.end(modelReply);
      return modelReply;
    },
  };
  const modelReply = await turn.think({ via: asked });
  if (given === undefined) throw new TypeError("a model call ended without its reply");
  return { reply: given, modelReply };
}

function said(turn: Turn, results: readonly ToolResult[], { messages }: ModelRequest) {
  return {
    kind: results.length === 0 ? ("message" as const) : ("results" as const),
    text: messages.findLast(({ role }) => role === "user")?.content ?? turn.userText,
    results,
    messages: messages.filter(({ role, content }) => role !== "system" || content !== ""),
  };
}

async function redactedReply(
  session: ExternalSession,
  message: Parameters<ExternalSession["exchange"]>[0],
  { signal, onText, onFirstToken, onRetry }: CompleteOptions,
  redactor: SecretRedactor | null,
): Promise<ExternalReply> {
  const give = (piece: string) => onText?.(piece);
  const pieces = redactor === null ? null : new RedactedPieces(redactor, give);
  let isFirst = true;
  try {
    const reply = await session.exchange(message, {
      signal,
      onText: (delta) => {
        if (delta === "") return;
        if (isFirst) onFirstToken?.();
        isFirst = false;
        if (pieces === null) give(delta);
        else pieces.add(delta);
      },
      onRetry: (notice) => onRetry?.({ ...notice, error: withoutSecrets(notice.error, redactor) }),
    });
    pieces?.end();
    return redactor === null ? reply : redactor.value(reply);
  } catch (error) {
    throw error instanceof ProviderError ? withoutSecrets(error, redactor) : error;
  }
}

/** The same failure; causes are dropped, as they hold what was sent. */
function withoutSecrets(error: ProviderError, redactor: SecretRedactor | null): ProviderError {
  if (redactor === null) return error;
  const { code, message, nextStep, isRetryable, status, retryAfterMs } = error;
  return new ProviderError(code, redactor.value(message), {
    isRetryable,
    ...(nextStep === undefined ? {} : { nextStep: redactor.value(nextStep) }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function modelReplyOf(reply: ExternalReply, kind: string, name: string): ModelReply {
  const { text, calls, finishReason, usage, costUsd, model } = reply;
  return {
    text,
    toolCalls: calls,
    finishReason,
    usage,
    costUsd,
    model: model ?? name,
    ...(model === null ? {} : { answeredBy: { provider: kind, model } }),
  };
}

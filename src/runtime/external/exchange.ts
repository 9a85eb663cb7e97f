import { ProviderError } from "../../core/errors.js";
import type { ModelReply } from "../../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "../../models/model.js";
import { RedactedPieces } from "../../models/redacted-pieces.js";
import type { SecretRedactor } from "../../models/secret-redactor.js";
import type { Turn } from "../turn.js";
import type { ExternalReply, ExternalSession, ToolResult } from "./external-agent.js";

export interface ExchangeSettings {
  readonly kind: string;
  readonly name: string;
  readonly namesModelCalls: boolean;
  /** `null` when there are no secrets. */
  readonly redactor: SecretRedactor | null;
}

/**
 * One exchange as a step of the turn: within its limits, through the parts of the agent, with the events of a model
 * call, and without secrets in anything that comes back.
 *
 * @param results - of the calls that the agent asked for; empty for what the user said
 * @throws {TurnStopped} at a limit of the conversation
 * @throws {ProviderError} when the agent gives no whole answer
 */
export async function exchange(
  turn: Turn,
  session: ExternalSession,
  results: readonly ToolResult[],
  { kind, name, namesModelCalls, redactor }: ExchangeSettings,
): Promise<{ readonly reply: ExternalReply; readonly modelReply: ModelReply }> {
  let given: ExternalReply | undefined;
  const asked: Model = {
    provider: kind,
    name,
    async complete(request, options) {
      const reply = await redactedReply(session, said(turn, results, request), options, redactor);
      given = reply;
      return modelReplyOf(reply, kind, name);
    },
  };
  const modelReply = await turn.think({ via: { model: asked, hasEvents: !namesModelCalls } });
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
  const clean = (error: unknown) => (redactor === null ? error : withoutSecrets(error, redactor));
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
      onRetry: (notice) =>
        onRetry?.(
          redactor === null
            ? notice
            : { ...notice, error: withoutSecrets(notice.error, redactor) as ProviderError },
        ),
    });
    pieces?.end();
    return redactor === null ? reply : redactor.value(reply);
  } catch (error) {
    throw clean(error);
  }
}

/** The same failure; causes are dropped, as they hold what was sent. */
function withoutSecrets(error: unknown, redactor: SecretRedactor): unknown {
  if (!(error instanceof ProviderError)) return error;
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

import { z } from "zod";
import type { Clock } from "../../../core/clock.js";
import type { EndpointClient, StreamReply } from "./endpoint-client.js";

/** A streamed chat, and when its pieces came. */
export interface StreamedChat {
  readonly reply: StreamReply;
  /** When it was sent, on the monotonic clock. */
  readonly sentAt: number;
  /** When each piece of text, reasoning or tool call came. Those of one packet have the same time. */
  readonly pieceTimes: readonly number[];
  readonly endedAt: number;
  readonly text: string;
  readonly toolName: string | null;
  readonly toolArguments: string;
  readonly outputTokens: number | null;
  readonly promptTokens: number | null;
  /** Events that are no chunk of a chat. */
  readonly malformed: number;
  readonly events: number;
  readonly isDone: boolean;
  /** An error that the server sent as an event. */
  readonly error: string | null;
  readonly finishReason: string | null;
}

const text = z.string().nullish();
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: text,
        delta: z
          .object({
            content: text,
            reasoning_content: text,
            reasoning: text,
            refusal: text,
            tool_calls: z
              .array(
                z.object({
                  index: z.int().nullish(),
                  function: z.object({ name: text, arguments: text }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish().catch(null),
  error: z.union([z.string(), z.object({ message: z.string() })]).nullish(),
});

interface StreamOptions {
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** End the request at its first piece. */
  readonly firstPieceOnly?: boolean;
}

/** Asks for a chat as a stream. Never throws for what the endpoint does. */
export async function streamChat(
  client: EndpointClient,
  body: { readonly [name: string]: unknown },
  { clock, firstPieceOnly = false, ...options }: StreamOptions,
): Promise<StreamedChat> {
  const pieceTimes: number[] = [];
  const seen = {
    text: "",
    toolName: null as string | null,
    toolArguments: "",
    outputTokens: null as number | null,
    promptTokens: null as number | null,
    malformed: 0,
    events: 0,
    isDone: false,
    error: null as string | null,
    finishReason: null as string | null,
  };
  const sentAt = clock.monotonic();
  const reply = await client.stream("/v1/chat/completions", {
    body: { ...body, stream: true, stream_options: { include_usage: true } },
    ...options,
    onEvent: (data) => {
      const now = clock.monotonic();
      if (data === "[DONE]") {
        seen.isDone = true;
        return;
      }
      seen.events += 1;
      const chunk = chunkOf(data);
      if (chunk === null) {
        seen.malformed += 1;
        return;
      }
      if (chunk.error) seen.error = typeof chunk.error === "string" ? chunk.error : chunk.error.message;
      if (chunk.usage) {
        seen.outputTokens = chunk.usage.completion_tokens;
        seen.promptTokens = chunk.usage.prompt_tokens;
      }
      const [choice] = chunk.choices ?? [];
      seen.finishReason = choice?.finish_reason ?? seen.finishReason;
      // Pieces of several calls come in turn; the first call is told by its index.
      const call = choice?.delta?.tool_calls?.find(({ index }) => (index ?? 0) === 0)?.function;
      seen.toolName = call?.name ?? seen.toolName;
      seen.toolArguments += call?.arguments ?? "";
      seen.text += choice?.delta?.content ?? "";
      if (isPiece(choice?.delta)) {
        pieceTimes.push(now);
        return !firstPieceOnly;
      }
    },
  });
  return { reply, sentAt, pieceTimes, endedAt: clock.monotonic(), ...seen };
}

type Delta = NonNullable<NonNullable<z.output<typeof chunkSchema>["choices"]>[number]["delta"]>;

function isPiece(delta: Delta | null | undefined): boolean {
  if (!delta) return false;
  const texts = [delta.content, delta.reasoning_content, delta.reasoning, delta.refusal];
  return texts.some((one) => one != null && one !== "") || (delta.tool_calls ?? []).length > 0;
}

function chunkOf(data: string): z.output<typeof chunkSchema> | null {
  try {
    const parsed = chunkSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

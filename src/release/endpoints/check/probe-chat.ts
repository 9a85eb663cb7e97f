import { z } from "zod";
import { errorOfReply } from "../http/error-of-reply.js";
import { streamChat } from "../http/stream-chat.js";
import {
  CHAT,
  fail,
  type ProbeContext,
  type ProbeFinding,
  pass,
  question,
  refused,
  unknown,
} from "./probe.js";

export const ASK = "Reply with the single word: ready";
const TOKENS = 64;

const text = z.string().nullish();
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: text,
        message: z.object({ content: text, reasoning_content: text, reasoning: text }),
        logprobs: z
          .object({ content: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish() })
          .nullish(),
      }),
    )
    .min(1),
  usage: z.object({ completion_tokens: z.int() }).nullish().catch(null),
});

/** A plain chat. Tells too which name the limit of the answer has here. */
export async function probeChat(
  context: Omit<ProbeContext, "limitField">,
): Promise<{ readonly finding: ProbeFinding; readonly limitField: ProbeContext["limitField"] }> {
  const ask = (limitField: ProbeContext["limitField"]) =>
    context.client.ask(CHAT, {
      body: question({ ...context, limitField }, ASK, TOKENS),
      signal: context.signal,
    });
  let limitField: ProbeContext["limitField"] = "max_tokens";
  let reply = await ask(limitField);
  if (reply.status === 400 && errorOfReply(reply).includes("max_completion_tokens")) {
    limitField = "max_completion_tokens";
    reply = await ask(limitField);
  }
  if (reply.status !== 200) return { finding: refused(reply), limitField };
  const answer = answerSchema.safeParse(reply.json);
  if (!answer.success) return { finding: fail("HTTP 200 without a chat completion"), limitField };
  const message = answer.data.choices[0]?.message;
  const words = message?.content || message?.reasoning_content || message?.reasoning || "";
  const finding =
    words === "" ? fail("an answer without any text") : pass(`${words.length} characters of text`);
  return { finding, limitField };
}

/** Log probabilities of the tokens of an answer. */
export async function probeLogprobs(context: ProbeContext): Promise<ProbeFinding> {
  const body = { ...question(context, ASK, TOKENS), logprobs: true, top_logprobs: 2 };
  const reply = await context.client.ask(CHAT, { body, signal: context.signal });
  if (reply.status !== 200) return refused(reply);
  const answer = answerSchema.safeParse(reply.json);
  const tokens = answer.success ? answer.data.choices[0]?.logprobs?.content : undefined;
  if (!tokens || tokens.length === 0) return fail("asked for, and left out of the answer");
  const isLog = tokens.every(({ logprob }) => logprob <= 1e-6);
  return isLog ? pass(`${tokens.length} tokens`) : fail("values above 0 are no log probabilities");
}

/** Streaming, and the token counts in the stream. */
export async function probeStreaming(
  context: ProbeContext,
): Promise<{ readonly streaming: ProbeFinding; readonly usage: ProbeFinding }> {
  const chat = await streamChat(context.client, question(context, ASK, TOKENS), context);
  const { reply } = chat;
  if (reply.status !== 200) return { streaming: refused(reply), usage: refused(reply) };
  const notTold = (evidence: string) => ({ streaming: fail(evidence), usage: unknown(evidence) });
  if (!reply.contentType.startsWith("text/event-stream")) {
    return notTold(`asked for a stream, answered with ${reply.contentType || "no content type"}`);
  }
  const events = `${chat.events} events`;
  const usage =
    chat.outputTokens === null
      ? fail("no usage although stream_options asked for it")
      : pass(`${chat.outputTokens} output tokens`);
  if (reply.problem !== null) return { streaming: unknown(`${events}, then ${reply.problem}`), usage };
  if (chat.error !== null) return { streaming: fail("an error in the stream"), usage };
  if (chat.malformed > 0) return { streaming: fail(`${chat.malformed} of ${events} are no chunk`), usage };
  if (reply.wasCut) return { streaming: fail(`${events}, and a last one without its end`), usage };
  if (!chat.isDone) return { streaming: fail(`${events}, and no [DONE]`), usage };
  if (chat.pieceTimes.length === 0) return { streaming: fail(`${events} without any text`), usage };
  return { streaming: pass(`${events}, ${chat.pieceTimes.length} with text, then [DONE]`), usage };
}

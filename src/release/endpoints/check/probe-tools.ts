import { z } from "zod";
import { streamChat } from "../http/stream-chat.js";
import { CHAT, fail, type ProbeContext, type ProbeFinding, pass, question, refused } from "./probe.js";

const NAME = "look_up_weather";
/** Room for a model that reasons before it calls. */
const TOKENS = 512;

const argumentsSchema = z.strictObject({ city: z.string().min(1) });
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          tool_calls: z
            .array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .min(1),
});

function request(context: ProbeContext) {
  return {
    ...question(context, "What is the weather in Oslo?", TOKENS),
    tools: [
      {
        type: "function",
        function: {
          name: NAME,
          description: "The weather in a city.",
          parameters: {
            type: "object",
            properties: { city: { type: "string" } },
            required: ["city"],
            additionalProperties: false,
          },
        },
      },
    ],
    tool_choice: { type: "function", function: { name: NAME } },
  };
}

/** A tool that must be called. */
export async function probeTools(context: ProbeContext): Promise<ProbeFinding> {
  const reply = await context.client.ask(CHAT, { body: request(context), signal: context.signal });
  if (reply.status !== 200) return refused(reply);
  const answer = answerSchema.safeParse(reply.json);
  const call = answer.success ? answer.data.choices[0]?.message.tool_calls?.[0]?.function : undefined;
  return call === undefined
    ? fail("no call, although the tool was forced")
    : callFinding(call.name, call.arguments);
}

/** The same as a stream: the pieces of the call must make a whole one. */
export async function probeStreamedTools(context: ProbeContext): Promise<ProbeFinding> {
  const chat = await streamChat(context.client, request(context), context);
  if (chat.reply.status !== 200) return refused(chat.reply);
  if (!chat.reply.contentType.startsWith("text/event-stream")) return fail("answered without a stream");
  if (chat.toolName === null) return fail("no call in the stream, although the tool was forced");
  return callFinding(chat.toolName, chat.toolArguments);
}

function callFinding(name: string, text: string): ProbeFinding {
  if (name !== NAME) return fail("another tool than the forced one was called");
  try {
    const parsed = argumentsSchema.safeParse(JSON.parse(text));
    return parsed.success
      ? pass("the forced tool, with arguments that fit its schema")
      : fail("the forced tool, with arguments that do not fit its schema");
  } catch {
    return fail("the forced tool, with arguments that are no JSON");
  }
}

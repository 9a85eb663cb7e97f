import type { Emit } from "../../core/events.js";
import type { Message, ModelReply, ToolCall } from "../../core/message.js";
import { USER_END_MARKS, USER_STOP_MARK } from "../../core/recording.js";
import type { EnvironmentTool, ToolOutcome } from "../../environments/environment.js";
import type { ModelCaller } from "../model-caller.js";
import type { User } from "./user.js";

/** Rounds of tool calls that a user may make before it must say something. */
const MOST_TOOL_ROUNDS = 8;

export interface SimulatedUserOptions {
  readonly goal: string;
  /** How the user is and talks; `null` for nobody in particular. */
  readonly persona: string | null;
  /** A reply that holds one of these ends the conversation. */
  readonly endMarks: readonly string[];
  /** Messages after which the user leaves; `null` for no limit. */
  readonly maxTurns: number | null;
  /** Tools of the user, such as the settings of a phone; `null` for none. */
  readonly tools: UserTools | null;
}

export interface UserTools {
  readonly tools: readonly EnvironmentTool[];
  readonly call: (name: string, args: ToolCall["arguments"]) => ToolOutcome;
}

const PROMPT = `You play a customer who talks to a support agent. Your situation:

{goal}

Say one short message at a time, in the customer's words. Give only the facts above, only when they are asked for or
needed; if something is not stated above, say that you do not know it. When your goal is reached, or clearly cannot be
reached, answer with exactly ${USER_STOP_MARK}.`;

const PERSONA = `

Who you are and how you talk:

{persona}`;

const TOOLS = `

You have tools of your own: what the customer can look up and do. Use them when the agent asks you to, or when you need
them to answer; tell the agent what they show in your own words.`;

const OTHER_ENDS = `

Other ways to end the conversation, each as the whole answer: ###TRANSFER### when the agent has handed you over to a
person; ###OUT-OF-SCOPE### when the situation above does not say enough to go on.`;

/**
 * A user played by a model that knows the goal of the case. Without persona, tools and other end marks its prompt is the
 * same as ever, so that recordings of it stay valid.
 */
export function simulatedUser(options: SimulatedUserOptions, call: ModelCaller, emit: Emit): User {
  const { endMarks, maxTurns, tools } = options;
  const system: Message = { role: "system", content: promptOf(options) };
  const specs = tools?.tools.map(({ spec }) => spec) ?? [];
  /** What the user did with its tools before each of its messages. */
  const exchanges: Message[][] = [];
  let said = 0;
  return {
    next: async (transcript) => {
      if (maxTurns !== null && said >= maxTurns) return { kind: "leave" };
      const exchange: Message[] = [];
      exchanges.push(exchange);
      let reply: ModelReply;
      for (let round = 0; ; round += 1) {
        const messages = [system, ...seenByTheUser(transcript, exchanges)];
        reply = await call({ messages, tools: round < MOST_TOOL_ROUNDS ? specs : [] });
        if (tools === null || reply.toolCalls.length === 0) break;
        exchange.push(...ran(reply, tools));
      }
      const text = reply.text ?? "";
      if (endMarks.some((mark) => text.includes(mark))) {
        emit("msg_received", { role: "user", text });
        return { kind: "leave" };
      }
      said += 1;
      return { kind: "say", text };
    },
  };
}

function promptOf({ goal, persona, tools, endMarks }: SimulatedUserOptions): string {
  const isPlain = persona === null && tools === null;
  return [
    PROMPT.replace("{goal}", () => goal),
    ...(persona === null ? [] : [PERSONA.replace("{persona}", () => persona)]),
    ...(tools === null ? [] : [TOOLS]),
    ...(!isPlain && USER_END_MARKS.every((mark) => endMarks.includes(mark)) ? [OTHER_ENDS] : []),
  ].join("");
}

function ran(reply: ModelReply, { call }: UserTools): Message[] {
  return [
    { role: "assistant", content: reply.text, toolCalls: reply.toolCalls },
    ...reply.toolCalls.map(
      ({ id, name, arguments: args }): Message => ({
        role: "tool",
        toolCallId: id,
        name,
        content: call(name, args).content,
      }),
    ),
  ];
}

/** The same conversation with the roles swapped: the simulated user is the "assistant" of its own model. */
function seenByTheUser(
  transcript: readonly Message[],
  exchanges: readonly (readonly Message[])[],
): Message[] {
  const opening: Message = { role: "user", content: "Hello, how can I help you today?" };
  let turn = 0;
  const swapped = transcript.flatMap((message): readonly Message[] => {
    if (message.role === "user") {
      const before = exchanges[turn++] ?? [];
      return [...before, { role: "assistant", content: message.content }];
    }
    return message.role === "assistant" && message.content !== null
      ? [{ role: "user", content: message.content }]
      : [];
  });
  return [opening, ...swapped, ...exchanges.slice(turn).flat()];
}

import type { Json } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { callCount } from "../conversation-turn.js";
import type { ToolInvocation } from "../tools/tool.js";
import { TurnStopped } from "../turn.js";
import { CallCounts, sameCallKey } from "./call-counts.js";
import { UnseenCalls } from "./unseen-calls.js";

export interface LoopGuardOptions {
  /** Failures of the same call after which the model is told, at least 1. */
  readonly warnAfter: number;
  /** Failures of the same call after which the turn ends, above `warnAfter`. */
  readonly stopAfter: number;
  /** Successful repeats of the same call that one turn may have, at least 1. */
  readonly maxPolls: number;
  /** What the user is told; `null` for the text of {@link STOPPED_REPLY}. */
  readonly reply: string | null;
}

const STOPPED_REPLY =
  "I tried the same step several times and it did not work, so I have stopped. I can go on if you give me other " +
  "details, or a person can take over.";
const RULE = "tool.loop";
const NOTE = "loop-guard";

/**
 * Notices tool calls that go round in circles. The same call (tool and arguments) that fails `warnAfter` times gets a
 * notice in its result; at `stopAfter` failures the turn ends with `tool_loop` before the model is asked again, and the
 * last failure stays in the log as it was. Two calls that fail in turn are counted each on its own. A successful
 * call with a side effect and a message of the user begin a new count. Calls that were refused before a tool was
 * reached count as failures; their notice stands in the request alone.
 */
export function loopGuard(options: LoopGuardOptions): ConversationPart {
  return { name: "loop-guard", open: (context) => new LoopGuard(options, context) };
}

class LoopGuard implements ConversationHooks {
  private readonly counts: CallCounts;
  private readonly unseen: UnseenCalls;
  private readonly notices = new Map<string, string>();
  private stopped: boolean;

  constructor(
    private readonly options: LoopGuardOptions,
    private readonly context: ConversationContext,
  ) {
    const { log } = context;
    this.counts = new CallCounts(storedCounts(log.note(NOTE)));
    this.unseen = new UnseenCalls(log.messages, callCount(log.messages));
    this.stopped = this.counts.failureCounts().some(([, count]) => count >= options.stopAfter);
  }

  readonly onUserMessage = (text: string) => {
    this.counts.reset();
    this.stopped = false;
    this.keep();
    return { kind: "pass", text } as const;
  };

  readonly toolLayer: NonNullable<ConversationHooks["toolLayer"]> = async (invocation, next) => {
    const { call, tool, step } = invocation;
    this.unseen.markSeen(step);
    if (this.stopped) throw this.stop();
    const key = sameCallKey(call.name, call.arguments);
    if (this.counts.successesOf(key) >= this.options.maxPolls) {
      this.report("block", `${call.name} was called ${this.options.maxPolls} times alike`, invocation);
      throw this.stop();
    }
    const outcome = await next(invocation);
    if (!outcome.isError) {
      const polls = this.counts.addSuccess(key, tool.reversibility !== "read");
      this.keep();
      return polls < this.options.maxPolls
        ? outcome
        : { ...outcome, content: `${outcome.content}\n\n${pollNotice(polls)}` };
    }
    const notice = this.noteFailure(call.name, key, invocation);
    return notice === null ? outcome : { ...outcome, content: `${outcome.content}\n\n${notice}` };
  };

  readonly onModelRequest = (messages: readonly Message[]): readonly Message[] => {
    for (const { name, args, toolCallId } of this.unseen.next()) {
      const notice = this.noteFailure(name, sameCallKey(name, args), null);
      if (notice !== null) this.notices.set(toolCallId, notice);
    }
    if (this.stopped) throw this.stop();
    return this.notices.size === 0 ? messages : messages.map((message) => this.withNotice(message));
  };

  /** @returns what the model is told, or `null` when there is nothing to tell yet */
  private noteFailure(name: string, key: string, invocation: ToolInvocation | null): string | null {
    const { warnAfter, stopAfter } = this.options;
    const failures = this.counts.addFailure(key);
    this.keep();
    if (failures < warnAfter) return null;
    const alternates = this.counts.alternates(key);
    const detail = `${name} failed ${failures} times with the same arguments${alternates ? ", in turn with another call" : ""}`;
    this.stopped ||= failures >= stopAfter;
    this.report(failures >= stopAfter ? "block" : "flag", detail, invocation);
    return failureNotice(failures, stopAfter - failures, alternates);
  }

  private withNotice(message: Message): Message {
    const notice = message.role === "tool" ? this.notices.get(message.toolCallId) : undefined;
    return notice === undefined ? message : { ...message, content: `${message.content}\n\n${notice}` };
  }

  private report(action: "flag" | "block", detail: string, invocation: ToolInvocation | null): void {
    this.context.emit("guardrail_triggered", {
      rule: RULE,
      action,
      detail,
      ...(invocation === null ? {} : { callId: invocation.callId }),
    });
  }

  private stop(): TurnStopped {
    return new TurnStopped("tool_loop", this.options.reply ?? STOPPED_REPLY);
  }

  private keep(): void {
    const counts = this.counts.failureCounts();
    const { log } = this.context;
    if (counts.length > 0) log.setNote(NOTE, counts as Json);
    else if (log.note(NOTE) !== undefined) log.setNote(NOTE, null);
  }
}

function failureNotice(failures: number, left: number, alternates: boolean): string {
  const pattern = alternates ? " You alternate between two calls that both fail." : "";
  const limit = left > 0 ? ` After ${left} more failure${left === 1 ? "" : "s"} the turn is ended.` : "";
  return (
    `[Notice of the runtime: this same call has failed ${failures} times.${pattern} It will fail again: change the ` +
    `arguments, use another tool, ask the user, or say that it cannot be done.${limit}]`
  );
}

function pollNotice(polls: number): string {
  return `[Notice of the runtime: this same call was made ${polls} times; it is not run once more in this turn.]`;
}

function storedCounts(note: Json | undefined): readonly (readonly [string, number])[] {
  if (!Array.isArray(note)) return [];
  return note.flatMap((pair: Json): (readonly [string, number])[] => {
    if (!Array.isArray(pair)) return [];
    const [key, count] = pair as readonly Json[];
    return typeof key === "string" && typeof count === "number" ? [[key, count]] : [];
  });
}

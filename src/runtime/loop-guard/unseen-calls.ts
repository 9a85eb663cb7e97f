import type { Message } from "../../core/message.js";
import type { ToolArguments } from "../tools/tool.js";

/** A call that got a result without reaching the tool: refused by an earlier layer, unknown, not permitted. */
export interface UnseenCall {
  readonly name: string;
  readonly args: ToolArguments;
  readonly toolCallId: string;
}

/**
 * Walks the log of a conversation and finds the calls that no tool layer was asked about. The number of a call is its
 * place among all calls of the conversation, as in `ToolInvocation.step`.
 */
export class UnseenCalls {
  private position: number;
  private calls: number;
  private open: { readonly id: string; readonly step: number; readonly call: UnseenCall }[] = [];
  private readonly seen = new Set<number>();

  constructor(
    private readonly messages: readonly Message[],
    callsSoFar: number,
  ) {
    this.position = messages.length;
    this.calls = callsSoFar;
  }

  /** A layer was asked about the call with this number. */
  markSeen(step: number): void {
    this.seen.add(step);
  }

  /** Those that got their result since the last time; those that a stopped turn left open are not among them. */
  next(): readonly UnseenCall[] {
    const found: UnseenCall[] = [];
    for (; this.position < this.messages.length; this.position += 1) {
      const message = this.messages[this.position];
      if (message?.role === "assistant") this.openCalls(message.toolCalls ?? []);
      if (message?.role !== "tool") continue;
      const index = this.open.findIndex((one) => one.id === message.toolCallId);
      const [answered] = index === -1 ? [] : this.open.splice(index, 1);
      if (answered === undefined) continue;
      const wasSeen = this.seen.delete(answered.step);
      if (!wasSeen && !message.content.startsWith("Not run:")) found.push(answered.call);
    }
    return found;
  }

  private openCalls(calls: NonNullable<Extract<Message, { role: "assistant" }>["toolCalls"]>): void {
    this.open = calls.map(({ id, name, arguments: args, malformedArguments }) => ({
      id,
      step: this.calls++,
      call: {
        toolCallId: id,
        name,
        args: malformedArguments === undefined ? args : { malformed: malformedArguments },
      },
    }));
  }
}

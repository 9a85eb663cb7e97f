import type { Clock } from "../core/clock.js";
import type { Emit, EventPayloads } from "../core/events.js";
import type { Identity } from "../core/identity.js";
import type { Message, ModelReply, ToolCall } from "../core/message.js";
import type { StopReason } from "../core/trial.js";
import type { ConversationLog } from "./conversation-log.js";
import type { ConversationHooks } from "./conversation-part.js";
import { hasLedger } from "./ledger/effects-view.js";
import { markCall } from "./marked-calls.js";
import type { ModelCaller } from "./model-caller.js";
import { withContext } from "./retrieval/context-block.js";
import type { Passage } from "./retrieval/retriever.js";
import type { Tool } from "./tools/tool.js";
import type { RanCall, ToolRunner } from "./tools/tool-runner.js";
import type { TrialBudget } from "./trial-budget.js";
import { type ActedCall, type StrategyEvent, type ThinkRequest, type Turn, TurnStopped } from "./turn.js";

export interface ConversationTurnOptions {
  readonly userText: string;
  readonly identity: Identity;
  readonly passages: readonly Passage[] | null;
  readonly tools: readonly Tool[];
  readonly log: ConversationLog;
  readonly system: Message;
  readonly hooks: readonly ConversationHooks[];
  readonly runner: ToolRunner;
  readonly budget: TrialBudget;
  readonly emit: Emit;
  readonly clock: Clock;
  /** Name of the strategy, for its events. */
  readonly strategy: string;
  readonly call: ModelCaller;
  /** Numbers of the next tool call and the next step of reasoning of the conversation; counted on here. */
  readonly next: { call: number; thought: number };
  readonly onText?: (delta: string) => void;
}

/** The ways to think, act and answer within one turn; each passes the limits and the parts of the agent. */
export class ConversationTurn implements Turn {
  readonly userText: string;
  readonly identity: Identity;
  readonly tools: readonly Tool[];
  readonly passages: readonly Passage[] | null;
  readonly log: ConversationLog;
  readonly clock: Clock;

  constructor(private readonly options: ConversationTurnOptions) {
    this.userText = options.userText;
    this.identity = options.identity;
    this.tools = options.tools;
    this.passages = options.passages;
    this.log = options.log;
    this.clock = options.clock;
  }

  async think(request: ThinkRequest = {}): Promise<ModelReply> {
    const { budget, call, hooks, system, onText } = this.options;
    const limit = budget.exhausted();
    if (limit !== null) throw new TurnStopped(limit);
    budget.addStep();
    const conversation = [system, ...(request.messages ?? this.log.messages)];
    const tools = request.tools ?? this.tools.map((tool) => tool.spec);
    let messages: readonly Message[] =
      this.passages === null ? conversation : withContext(conversation, this.passages);
    for (const { onModelRequest } of hooks) {
      if (onModelRequest !== undefined) messages = await onModelRequest(messages, tools);
    }
    const reply = await call({
      messages,
      tools,
      ...(request.responseSchema === undefined ? {} : { responseSchema: request.responseSchema }),
      ...(request.via === undefined ? {} : { via: request.via }),
      ...(onText === undefined ? {} : { onText }),
    });
    for (const { onModelReply } of hooks) onModelReply?.(reply);
    return reply;
  }

  async act(reply: ModelReply, { parallel = false } = {}): Promise<readonly ActedCall[]> {
    this.log.append({ role: "assistant", content: reply.text, toolCalls: reply.toolCalls });
    const numbered = reply.toolCalls.map((call) => ({ call, step: this.options.next.call++ }));
    return parallel ? this.runTogether(numbered) : this.runInOrder(numbered);
  }

  /**
   * Runs the calls of the last reply that have no result: what a crash left open. Of a side effect that no ledger knows
   * of nobody can say whether it was made, so it is not made again.
   */
  async finishOpenCalls(): Promise<void> {
    const { messages } = this.log;
    const asked = messages.findLastIndex((message) => message.role === "assistant");
    const reply = messages[asked];
    if (reply?.role !== "assistant" || reply.toolCalls === undefined) return;
    if (messages.slice(asked + 1).some((message) => message.role === "user")) return;
    const done = new Set(
      messages.slice(asked + 1).flatMap((message) => (message.role === "tool" ? [message.toolCallId] : [])),
    );
    const first = callCount(messages.slice(0, asked));
    for (const [index, call] of reply.toolCalls.entries()) {
      if (done.has(call.id)) continue;
      if (hasLedger(this.log) || this.mayBeMadeTwice(call))
        await this.runInOrder([{ call, step: first + index }]);
      else this.note(call, { content: NOT_KNOWN, isError: true, ends: false });
    }
  }

  async respond(text: string): Promise<StopReason> {
    let said = text;
    let stop: StopReason = "answered";
    // From the inside out: what the ledger has to undo or to admit comes before what others think of the words.
    for (const { onReply } of this.options.hooks.toReversed()) {
      if (onReply === undefined) continue;
      const decision = await onReply(said);
      said = decision.text;
      if (decision.kind === "reply") {
        stop = decision.stop;
        break;
      }
    }
    this.log.append({ role: "assistant", content: said });
    this.options.emit("response_sent", { text: said });
    return stop;
  }

  reason(step: Omit<EventPayloads["reasoning_step"], "step">): void {
    const { emit, strategy, next } = this.options;
    emit("reasoning_step", { step: next.thought++, strategy, ...step });
  }

  emit<Type extends StrategyEvent>(type: Type, payload: EventPayloads[Type]): void {
    this.options.emit(type, payload);
  }

  /** Another agent goes on where it was, with effects and a log of its own. */
  private mayBeMadeTwice({ name }: ToolCall): boolean {
    const tool = this.tools.find(({ spec }) => spec.name === name);
    return tool?.reversibility === "read" || tool?.isIdempotent === true || tool?.source === "agent";
  }

  private async runInOrder(calls: readonly NumberedCall[]): Promise<readonly ActedCall[]> {
    const acted: ActedCall[] = [];
    for (const { call, step } of calls) {
      try {
        const ran = await this.options.runner.run(call, step);
        acted.push(this.note(call, ran));
        if (ran.ends) throw new TurnStopped("environment_done");
      } catch (error) {
        if (error instanceof TurnStopped) this.closeCalls(calls.slice(acted.length), error);
        throw error;
      }
    }
    return acted;
  }

  /** A result is noted once all before it have settled, so that a crash loses as few as the order allows. */
  private async runTogether(calls: readonly NumberedCall[]): Promise<readonly ActedCall[]> {
    const acted: ActedCall[] = [];
    const settled: (PromiseSettledResult<RanCall> | undefined)[] = calls.map(() => undefined);
    let seen = 0;
    const noteSettled = () => {
      for (let one = settled[seen]; one !== undefined; one = settled[++seen]) {
        const numbered = calls[seen];
        if (numbered === undefined) return;
        if (one.status === "fulfilled") acted.push(this.note(numbered.call, one.value));
        else if (one.reason instanceof TurnStopped) this.closeCalls([numbered], one.reason);
      }
    };
    await Promise.all(
      calls.map(async ({ call, step }, index) => {
        const [result] = await Promise.allSettled([this.options.runner.run(call, step)]);
        settled[index] = result;
        noteSettled();
      }),
    );
    const failed = settled.find((one) => one?.status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    if (settled.some((one) => one?.status === "fulfilled" && one.value.ends)) {
      throw new TurnStopped("environment_done");
    }
    return acted;
  }

  private note(call: ToolCall, { content, isError }: RanCall): ActedCall {
    if (isError) markCall(this.log, call.id, "failed");
    this.log.append({ role: "tool", toolCallId: call.id, name: call.name, content });
    return { call, content, isError };
  }

  /** Providers refuse a conversation in which a call has no result. */
  private closeCalls(open: readonly NumberedCall[], stopped: TurnStopped): void {
    for (const { call } of open) {
      const content = `Not run: ${stopped.reply === null ? "the conversation ended" : "the user is asked first"}.`;
      markCall(this.log, call.id, "not_run");
      this.log.append({ role: "tool", toolCallId: call.id, name: call.name, content });
    }
  }
}

const NOT_KNOWN =
  "Error: it is not known whether this was done: the process stopped. Do not call it again and do not say that it is done";

interface NumberedCall {
  readonly call: ToolCall;
  readonly step: number;
}

/** Tool calls that the messages hold: the number of the next one. */
export function callCount(messages: readonly Message[]): number {
  return messages.reduce(
    (sum, message) => sum + (message.role === "assistant" ? (message.toolCalls?.length ?? 0) : 0),
    0,
  );
}

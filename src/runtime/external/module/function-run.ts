import type { ToolCall } from "../../../core/message.js";
import type { ExternalConversation, ExternalMessage, ToolResult } from "../external-agent.js";
import type { ReadReport } from "../read-reported.js";
import type { AgentContext, AgentFunction, AgentInput, AgentToolResult } from "./agent-function.js";
import { readReportOf } from "./read-answer.js";

/** What a running function wants next. */
export type FunctionNews =
  | { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
  | { readonly kind: "done"; readonly answer: unknown; readonly reports: readonly ReadReport[] }
  | { readonly kind: "failed"; readonly error: unknown };

export interface FunctionRunOptions {
  readonly run: AgentFunction;
  readonly said: ExternalMessage;
  readonly conversation: ExternalConversation;
  readonly env: { readonly [name: string]: string | undefined };
  /** Numbers the tool calls of the conversation. */
  readonly nextCallId: () => string;
  readonly onText: (delta: string) => void;
}

interface WaitingCall {
  readonly call: ToolCall;
  readonly resolve: (result: AgentToolResult) => void;
}

/** One call of an agent's function. It runs on its own; tool calls that it waits for are handed out and answered here. */
export class FunctionRun {
  /** What was streamed, or yielded as text. */
  streamed = "";
  private readonly controller = new AbortController();
  private readonly reports: ReadReport[] = [];
  private readonly asked: WaitingCall[] = [];
  private handedOut: readonly WaitingCall[] = [];
  private news: FunctionNews | null = null;
  private listener: (() => void) | null = null;
  private isOver = false;

  constructor(private readonly options: FunctionRunOptions) {
    // Begun in a later tick, so that what it throws at once is a failure like any other.
    setImmediate(() => void this.start());
  }

  /** The next thing that the function wants; calls that it asked for at the same time come together. */
  async next(): Promise<FunctionNews> {
    while (this.news === null && this.asked.length === 0) {
      await new Promise<void>((resolve) => {
        this.listener = resolve;
      });
    }
    if (this.news !== null) return this.news;
    this.handedOut = this.asked.splice(0);
    return { kind: "calls", calls: this.handedOut.map(({ call }) => call) };
  }

  /** Gives the results of the calls that were handed out; the function goes on. */
  answer(results: readonly ToolResult[]): void {
    for (const { call, resolve } of this.handedOut) {
      const result = results.find(({ id }) => id === call.id);
      resolve({ content: result?.content ?? "not run", isError: result?.isError ?? true });
    }
    this.handedOut = [];
  }

  /** Tells the function to stop. What it still does is not looked at. */
  stop(): void {
    this.isOver = true;
    this.controller.abort();
    this.listener?.();
  }

  private async start(): Promise<void> {
    const { run } = this.options;
    try {
      const answer: unknown = await run(this.input(), this.context());
      this.settle({
        kind: "done",
        answer: isStream(answer) ? await this.readStream(answer) : answer,
        reports: this.reports,
      });
    } catch (error) {
      this.settle({ kind: "failed", error });
    }
  }

  private settle(news: FunctionNews): void {
    this.news ??= news;
    this.listener?.();
  }

  /** Texts are pieces of the answer; an object is the reply, and the last one counts. */
  private async readStream(stream: AsyncIterable<unknown>): Promise<unknown> {
    let reply: unknown;
    for await (const piece of stream) {
      if (this.isOver) break;
      if (typeof piece === "string") this.say(piece);
      else reply = piece;
    }
    return reply;
  }

  private say(delta: string): void {
    if (this.isOver || this.news !== null) return;
    this.streamed += delta;
    this.options.onText(delta);
  }

  /** A copy: what the function changes must not change the conversation. */
  private input(): AgentInput {
    const { said, conversation } = this.options;
    const { conversationId, caseId, trial, identity } = conversation;
    return structuredClone({
      message: said.text,
      messages: said.messages,
      conversationId,
      caseId,
      trial,
      identity,
    });
  }

  private context(): AgentContext {
    const { conversation, env } = this.options;
    const callTool: AgentContext["callTool"] = (name, args) => this.callTool(name, args);
    return {
      signal: this.controller.signal,
      tools: conversation.tools.map((tool) => ({
        ...structuredClone(tool),
        call: (args) => callTool(tool.name, args),
      })),
      callTool,
      stream: (delta) => this.say(String(delta)),
      report: (report) => {
        if (this.news === null) this.reports.push(readReportOf(report));
      },
      env,
    };
  }

  private callTool(name: string, args: ToolCall["arguments"]): Promise<AgentToolResult> {
    const { nextCallId } = this.options;
    if (this.isOver || this.news !== null) {
      return Promise.reject(new Error("the trial is over: no tool can be called any more"));
    }
    return new Promise((resolve) => {
      const call = { id: nextCallId(), name: String(name), arguments: jsonObject(args) };
      this.asked.push({ call, resolve });
      // Calls made in one go, as by Promise.all, are all in the list by then.
      setImmediate(() => this.listener?.());
    });
  }
}

/** Arguments as they would reach a tool over a wire. What this throws rejects the call. */
function jsonObject(args: unknown): ToolCall["arguments"] {
  const value: unknown = JSON.parse(JSON.stringify(args ?? {}));
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as ToolCall["arguments"];
  throw new TypeError("expected an object with the arguments of a tool");
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

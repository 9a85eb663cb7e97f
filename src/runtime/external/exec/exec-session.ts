import type { Message, ToolCall } from "../../../core/message.js";
import type { AgentErrors } from "../agent-errors.js";
import { askingReply } from "../asking-reply.js";
import type {
  ExchangeOptions,
  ExternalConversation,
  ExternalMessage,
  ExternalReply,
  ExternalSession,
} from "../external-agent.js";
import { readCost, readReport, readUsage } from "../read-reported.js";
import { type AgentLine, agentLineSchema, type ReplyLine } from "./exec-messages.js";
import { LineProcess, type LineProcessOptions, type ProcessNews } from "./line-process.js";

export interface ExecTarget {
  readonly process: LineProcessOptions;
  readonly startupTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly errors: AgentErrors;
}

const PROTOCOL =
  "docs/bring-your-own-agent.md has the lines that an agent may write; its log belongs on stderr.";

/** A conversation with a process of its own, which is started by the first message. */
export class ExecSession implements ExternalSession {
  private running: LineProcess | null = null;

  constructor(
    private readonly target: ExecTarget,
    private readonly conversation: ExternalConversation,
  ) {}

  async exchange(said: ExternalMessage, options: ExchangeOptions): Promise<ExternalReply> {
    const { errors, replyTimeoutMs } = this.target;
    if (options.signal.aborted) throw errors.aborted();
    const child = this.running ?? (await this.start(options.signal));
    if (child.hasUnread && said.kind === "message") {
      const news = await child.next(options.signal);
      throw news.kind === "line"
        ? errors.badReply("wrote a line after its reply that nobody asked for", PROTOCOL)
        : this.failure(news, child);
    }
    this.tell(child, said);
    return this.within(
      replyTimeoutMs,
      "reply_timeout_ms",
      "gave no reply",
      options.signal,
      async (signal) => {
        for (;;) {
          const line = await this.hear(child, signal);
          if (line.type === "delta") options.onText(line.text);
          else if (line.type === "reply") return this.replyOf(line);
          else if (line.type === "tool_call") return askingReply([callOf(line)]);
          else if (line.type === "error") throw errors.failed("says that it failed", line.message ?? "");
          else throw errors.badReply(`wrote \`${line.type}\` where a reply was wanted`, PROTOCOL);
        }
      },
    );
  }

  async close(): Promise<void> {
    const child = this.running;
    this.running = null;
    await child?.close();
  }

  private async start(signal: AbortSignal): Promise<LineProcess> {
    const { errors, startupTimeoutMs } = this.target;
    const child = new LineProcess(this.target.process);
    this.running = child;
    const { conversationId, caseId, trial, identity, tools } = this.conversation;
    child.write(
      JSON.stringify({
        type: "start",
        protocol: 1,
        conversation_id: conversationId,
        case_id: caseId,
        trial,
        tenant: identity.tenantId,
        user: identity.userId,
        tools,
      }),
    );
    await this.within(startupTimeoutMs, "startup_timeout_ms", "was not ready", signal, async (stopped) => {
      const line = await this.hear(child, stopped);
      if (line.type === "error") throw errors.failed("says that it failed", line.message ?? "");
      if (line.type !== "ready") throw errors.badReply(`wrote \`${line.type}\` before \`ready\``, PROTOCOL);
    });
    return child;
  }

  /** Runs out of time, or is aborted: the process ends at once then, as it cannot be told to stop. */
  private async within<T>(
    ms: number,
    setting: string,
    what: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { errors } = this.target;
    if (signal.aborted) throw errors.aborted();
    const controller = new AbortController();
    const stop = (error: Error) => {
      this.running?.kill();
      controller.abort(error);
    };
    const onAbort = () => stop(errors.aborted());
    signal.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(() => stop(errors.timeout(`${what} within ${ms} ms`, setting)), ms);
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  private tell(child: LineProcess, { kind, text, messages, results, traceparent }: ExternalMessage): void {
    if (kind === "message") {
      const trace = traceparent === undefined ? {} : { traceparent };
      child.write(JSON.stringify({ type: "message", text, messages: messages.flatMap(spoken), ...trace }));
      return;
    }
    for (const { id, name, content, isError } of results) {
      child.write(JSON.stringify({ type: "tool_result", id, name, content, is_error: isError }));
    }
  }

  private async hear(child: LineProcess, signal: AbortSignal): Promise<AgentLine> {
    const { errors } = this.target;
    const news = await child.next(signal);
    if (news.kind !== "line") throw this.failure(news, child);
    let value: unknown;
    try {
      value = JSON.parse(news.line);
    } catch {
      throw errors.badReply("wrote a line that is not JSON", PROTOCOL);
    }
    const read = agentLineSchema.safeParse(value);
    if (read.success) return read.data;
    const path = read.error.issues[0]?.path.join(".") ?? "";
    throw errors.badReply(
      path === "" ? "wrote a line that is no message" : `wrote a line whose "${path}" is missing or wrong`,
      PROTOCOL,
    );
  }

  private failure(news: Exclude<ProcessNews, { kind: "line" }>, child: LineProcess) {
    const { errors } = this.target;
    const { command } = this.target.process;
    if (news.kind === "unstarted") {
      return errors.unavailable(
        `cannot be started (${news.why})`,
        `Check \`command\`, ${command}, and \`cwd\` of the agent file.`,
      );
    }
    return news.kind === "broken"
      ? errors.badReply(news.what, PROTOCOL)
      : errors.failed(`ended before its reply (${news.how})`, child.lastWords);
  }

  private replyOf(line: ReplyLine): ExternalReply {
    const { errors } = this.target;
    const isEscalated = line.escalated === true;
    if (typeof line.text !== "string" && !isEscalated) {
      throw errors.badReply('wrote a reply whose "text" is missing or wrong', PROTOCOL);
    }
    const report = readReport(line);
    if ("wrong" in report) {
      throw errors.badReply(`wrote a reply whose "${report.wrong}" is missing or wrong`, PROTOCOL);
    }
    return {
      text: line.text ?? null,
      calls: [],
      finishReason: "stop",
      usage: readUsage(line.usage),
      costUsd: readCost(line.cost_usd),
      model: line.model ?? null,
      isEscalated,
      ...report,
    };
  }
}

function callOf({ id, name, arguments: args }: Extract<AgentLine, { type: "tool_call" }>): ToolCall {
  return { id, name, arguments: args ?? {} };
}

function spoken({ role, content }: Message): { readonly role: string; readonly content: string }[] {
  return role === "tool" || content === null ? [] : [{ role, content }];
}

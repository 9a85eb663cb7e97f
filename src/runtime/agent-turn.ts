import type { Clock } from "../core/clock.js";
import type { Emit } from "../core/events.js";
import type { Message, ToolCall, ToolSpec } from "../core/message.js";
import type { StopReason } from "../core/trial.js";
import type { Environment, EnvironmentSession, ToolOutcome } from "../environments/environment.js";
import type { Agent } from "./agent.js";
import type { ModelCaller } from "./model-caller.js";
import { withContext } from "./retrieval/context-block.js";
import type { TrialLedger } from "./trial-ledger.js";
import { truncateResult } from "./truncate-result.js";

export interface AgentTurnOptions {
  readonly agent: Agent;
  readonly tools: readonly ToolSpec[];
  readonly environment: Environment | null;
  readonly session: EnvironmentSession | null;
  readonly maxResultChars: number;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly ledger: TrialLedger;
  readonly call: ModelCaller;
}

/** The agent's side of one user turn: observe, think, act until it answers or must stop. */
export class AgentTurn {
  private queries = 0;
  private executedCalls = 0;

  constructor(private readonly options: AgentTurnOptions) {}

  /**
   * @param messages - the conversation, grown in place
   * @param userText - what the user said last; the retrieval query
   */
  async run(messages: Message[], userText: string): Promise<StopReason> {
    const { ledger, call, emit, tools } = this.options;
    const chunks = this.retrieve(userText);
    for (;;) {
      const limit = ledger.exhausted();
      if (limit !== null) return limit;
      ledger.addStep();
      const reply = await call({
        messages: chunks === null ? messages : withContext(messages, chunks),
        tools,
      });
      if (reply.toolCalls.length === 0) {
        const text = reply.text ?? "";
        messages.push({ role: "assistant", content: text });
        emit("response_sent", { text });
        return "answered";
      }
      if (reply.text !== null && reply.text !== "")
        emit("reasoning_step", { step: this.executedCalls, text: reply.text });
      messages.push({ role: "assistant", content: reply.text, toolCalls: reply.toolCalls });
      if (this.act(messages, reply.toolCalls)) return "environment_done";
    }
  }

  private retrieve(query: string) {
    const { agent, clock, emit } = this.options;
    if (agent.retrieval === null) return null;
    const { retriever, topK } = agent.retrieval;
    const queryId = `query-${this.queries++}`;
    const started = clock.monotonic();
    emit("retrieval_query", { queryId, query, topK });
    const chunks = retriever.search(query, topK);
    emit("retrieval_result", { queryId, chunks, durationMs: clock.monotonic() - started });
    return chunks;
  }

  /** @returns whether one of the calls ended the conversation */
  private act(messages: Message[], calls: readonly ToolCall[]): boolean {
    for (const toolCall of calls) {
      const outcome = this.execute(toolCall);
      messages.push({ role: "tool", toolCallId: toolCall.id, name: toolCall.name, content: outcome.content });
      if (outcome.ends) return true;
    }
    return false;
  }

  private execute(toolCall: ToolCall): ToolOutcome & { readonly ends: boolean } {
    const { environment, clock, emit, maxResultChars } = this.options;
    const tool = environment?.tools.find((candidate) => candidate.spec.name === toolCall.name);
    const callId = `tool-${this.executedCalls++}`;
    const started = clock.monotonic();
    emit("tool_call_start", {
      callId,
      name: toolCall.name,
      arguments: toolCall.arguments,
      sideEffect: tool?.sideEffect ?? false,
    });
    const outcome = this.call(toolCall);
    const { text, removedChars } = truncateResult(outcome.content, maxResultChars);
    emit("tool_call_end", {
      callId,
      name: toolCall.name,
      result: text,
      isError: outcome.isError,
      truncatedChars: removedChars,
      durationMs: clock.monotonic() - started,
    });
    return { content: text, isError: outcome.isError, ends: tool?.ends === true && !outcome.isError };
  }

  /** A tool that is not offered is refused here, whatever the environment has: permissions are code. */
  private call(toolCall: ToolCall): ToolOutcome {
    const { session, tools } = this.options;
    if (toolCall.malformedArguments !== undefined) {
      return { content: `Error: the arguments of ${toolCall.name} are not a JSON object`, isError: true };
    }
    if (session === null) return { content: `Error: there is no tool ${toolCall.name}`, isError: true };
    const known = this.options.environment?.tools.some((tool) => tool.spec.name === toolCall.name) === true;
    if (known && !tools.some((tool) => tool.name === toolCall.name)) {
      return { content: `Error: tool ${toolCall.name} is not permitted for this agent`, isError: true };
    }
    return session.call(toolCall.name, toolCall.arguments);
  }
}

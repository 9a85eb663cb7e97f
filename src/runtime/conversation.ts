import type { Clock } from "../core/clock.js";
import type { Identity } from "../core/identity.js";
import type { Message } from "../core/message.js";
import type { StopReason } from "../core/trial.js";
import type { EnvironmentSession } from "../environments/environment.js";
import type { CallPosition } from "../models/model.js";
import type { Agent } from "./agent.js";
import type { ConversationLog } from "./conversation-log.js";
import type { ConversationHooks } from "./conversation-part.js";
import { ConversationTurn, callCount } from "./conversation-turn.js";
import type { EventRecorder } from "./event-recorder.js";
import { type ModelCaller, modelCaller } from "./model-caller.js";
import type { Passage } from "./retrieval/retriever.js";
import type { Tool } from "./tools/tool.js";
import { withPolicies } from "./tools/tool-policy.js";
import { ToolRunner } from "./tools/tool-runner.js";
import type { TrialBudget } from "./trial-budget.js";
import { TurnStopped } from "./turn.js";

export interface ConversationOptions {
  readonly agent: Agent;
  /** Every tool that there is; the agent may be offered fewer. */
  readonly tools: readonly Tool[];
  /** The world that the tools act in; it has words of its own for unknown tools. */
  readonly session: EnvironmentSession | null;
  /** Rules of the environment, added to the agent's prompt. */
  readonly policy: string;
  readonly identity: Identity;
  readonly conversationId: string;
  readonly traceId: string;
  readonly position: Pick<CallPosition, "caseId" | "trial">;
  readonly recorder: EventRecorder;
  readonly budget: TrialBudget;
  readonly log: ConversationLog;
  readonly clock: Clock;
  /** Called with each piece of an answer as the model writes it, before it was checked. */
  readonly onText?: (delta: string) => void;
}

/**
 * One conversation of an agent: takes what the user says, lets the strategy work within limits, guardrails and
 * permissions, and answers. Evaluations, chat and services all talk to an agent through this.
 */
export class Conversation {
  private readonly hooks: readonly ConversationHooks[];
  private readonly runner: ToolRunner;
  private readonly offered: readonly Tool[];
  private readonly call: ModelCaller;
  private readonly help: ModelCaller;
  private readonly system: Message;
  private queries = 0;
  private readonly next: { call: number; thought: number };

  constructor(private readonly options: ConversationOptions) {
    const { agent, recorder, clock, log, identity, conversationId, budget, session } = options;
    const tools = withPolicies(options.tools, agent.toolPolicies);
    const names = agent.toolNames;
    this.offered = names === null ? tools : tools.filter((tool) => names.includes(tool.spec.name));
    this.system = {
      role: "system",
      content: [agent.systemPrompt, options.policy].filter((part) => part.trim() !== "").join("\n\n"),
    };
    this.call = this.callerOf("agent");
    this.help = this.callerOf("helper");
    const context = {
      agentName: agent.name,
      conversationId,
      traceId: options.traceId,
      identity,
      clock,
      emit: recorder.emit,
      log,
      tools: this.offered,
      allTools: tools,
      signal: budget.signal,
      help: this.help,
      host: {
        worldTools: withPolicies(
          options.tools.filter((tool) => !agent.tools.includes(tool)),
          agent.toolPolicies,
        ),
        session,
        policy: options.policy,
        position: options.position,
        budget,
      },
    };
    this.hooks = agent.parts.map((part) => part.open(context));
    this.runner = new ToolRunner({
      tools,
      offered: new Set(this.offered.map((tool) => tool.spec.name)),
      unknownTool: session === null ? null : (call) => session.call(call.name, call.arguments),
      layers: this.hooks.flatMap(({ toolLayer }) => (toolLayer === undefined ? [] : [toolLayer])),
      identity,
      conversationId,
      maxResultChars: agent.limits.toolResultMaxChars,
      clock,
      emit: recorder.emit,
      signal: budget.signal,
      keep: () => log.keep(),
    });
    this.next = { call: callCount(log.messages), thought: 0 };
  }

  /** Takes one message of the user and works until the agent has answered or must stop. */
  async receive(text: string): Promise<StopReason> {
    const { recorder, log } = this.options;
    recorder.emit("msg_received", { role: "user", text });
    let said = text;
    for (const { onUserMessage } of this.hooks) {
      if (onUserMessage === undefined) continue;
      const decision = await onUserMessage(said);
      if (decision.kind === "reply") {
        log.append({ role: "user", content: said });
        log.append({ role: "assistant", content: decision.text });
        recorder.emit("response_sent", { text: decision.text });
        return decision.stop;
      }
      said = decision.text;
    }
    log.append({ role: "user", content: said });
    return this.work(said);
  }

  /**
   * Goes on with a turn that a crash cut off: first its open tool calls, then the strategy.
   *
   * @returns `null` when no turn is open
   */
  async resume(): Promise<StopReason | null> {
    const { log } = this.options;
    const last = log.messages.at(-1);
    if (last === undefined || last.role === "system" || isAnswer(last)) return null;
    const said = log.messages.findLast((message) => message.role === "user");
    return this.work(said?.content ?? "");
  }

  /** Ends the conversation: parts may write down what they learned. */
  async end(stop: StopReason): Promise<void> {
    for (const { onEnd } of this.hooks) await onEnd?.(stop);
  }

  private async work(said: string): Promise<StopReason> {
    const { agent, recorder, log, budget, identity, clock, onText } = this.options;
    const passages = await this.retrieve(said);
    const turn = new ConversationTurn({
      userText: said,
      identity,
      passages,
      tools: this.offered,
      log,
      system: this.system,
      hooks: this.hooks,
      runner: this.runner,
      budget,
      emit: recorder.emit,
      clock,
      strategy: agent.strategy.name,
      call: this.call,
      next: this.next,
      ...(onText === undefined ? {} : { onText }),
    });
    try {
      await turn.finishOpenCalls();
      return await agent.strategy.run(turn);
    } catch (error) {
      if (!(error instanceof TurnStopped)) throw error;
      if (error.reply === null) return error.stop;
      const stop = await turn.respond(error.reply);
      return stop === "answered" ? error.stop : stop;
    }
  }

  private async retrieve(query: string): Promise<readonly Passage[] | null> {
    const { agent, clock, recorder, identity, log, budget } = this.options;
    if (agent.retrieval === null) return null;
    const { retriever, topK } = agent.retrieval;
    const queryId = `query-${this.queries++}`;
    const started = clock.monotonic();
    recorder.emit("retrieval_query", { queryId, query, topK });
    const found = retriever.search({
      query,
      topK,
      tenant: identity.tenantId,
      user: identity.userId,
      segments: identity.roles,
      history: log.messages.slice(0, -1),
      call: this.help,
      onSearch: (search) => recorder.emit("retrieval_searched", { queryId, ...search }),
      signal: budget.signal,
    });
    let chunks = found instanceof Promise ? await found : found;
    recorder.emit("retrieval_result", { queryId, chunks, durationMs: clock.monotonic() - started });
    for (const { onPassages } of this.hooks) {
      if (onPassages !== undefined) chunks = await onPassages(chunks);
    }
    return chunks;
  }

  private callerOf(speaker: "agent" | "helper"): ModelCaller {
    const { agent, position, clock, recorder, budget } = this.options;
    return modelCaller({
      model: agent.model,
      parameters: agent.parameters,
      position: { ...position, speaker },
      clock,
      emit: recorder.emit,
      signal: budget.signal,
      onReply: budget.addReply,
    });
  }
}

function isAnswer(message: Message): boolean {
  return message.role === "assistant" && (message.toolCalls?.length ?? 0) === 0;
}

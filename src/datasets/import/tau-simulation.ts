import type { ExpectedToolCall } from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { ModelReply, TokenUsage, ToolCall } from "../../core/message.js";
import type { RecordedSimulation, RecordedTurn } from "../../core/recording.js";

/** What a results file says of a task beside the conversations that it led to. */
export interface TauTask {
  /** What the simulated user was told. */
  readonly text: string;
  /** Actions of the gold solution; `null` when not stated. */
  readonly actions: readonly ExpectedToolCall[] | null;
  /** Texts that the agent must tell the user. */
  readonly outputs: readonly string[];
}

/** A tool's answer as recorded. */
export interface TauToolResult {
  readonly callId: string;
  readonly name: string;
  readonly content: string;
  readonly isError: boolean;
  /** Milliseconds; `null` when the recording does not say. */
  readonly durationMs: number | null;
}

/** A simulation of tau-bench or tau2-bench, with what only these recordings say. */
export interface TauSimulation extends RecordedSimulation {
  readonly shape: "tau-bench" | "tau2-bench";
  /** First part of the case id. */
  readonly domain: string;
  readonly toolResults: readonly TauToolResult[];
  /** `null` when the file does not hold its tasks. */
  readonly task: TauTask | null;
  /** ISO 8601, UTC; `null` when the recording does not say. */
  readonly startedAt: string | null;
  /** The trial number in the file; `trial` differs where the file gives one number twice. */
  readonly recordedTrial: number;
  /** Wall-clock time of the whole simulation, milliseconds; `null` when the recording does not say. */
  readonly durationMs: number | null;
  /** Why it ended, in the recording's own word; `null` when it does not say. */
  readonly terminationReason: string | null;
  /** Parts of the reward by their name, e.g. `DB`, `COMMUNICATE`; empty when the recording does not say. */
  readonly rewardBreakdown: Readonly<Record<string, number>>;
  /** Whether the final state is that of the gold actions; `null` when the recording does not say. */
  readonly stateMatches: boolean | null;
  /** Gold tool calls and whether the recording counts each as made; `null` when it does not say. */
  readonly actionChecks:
    | readonly {
        readonly name: string;
        readonly arguments: { readonly [key: string]: Json };
        readonly isMatched: boolean;
      }[]
    | null;
}

/** What the file does not hold but its reader knows. */
export interface RecordingContext {
  /** First part of the case ids, e.g. `airline` for `airline-13`. */
  readonly domain: string;
  /** Name of the model that played the agent, as it will be reported. */
  readonly agentModel: string;
  /** Name of the model that played the user. */
  readonly userModel: string;
  /** By task id. */
  readonly tasks: ReadonlyMap<string, TauTask>;
}

/** Gathers the turns and tool answers of one simulation in conversation order. */
export class SimulationTurns {
  readonly turns: RecordedTurn[] = [];
  readonly toolResults: TauToolResult[] = [];
  private readonly count = { agent: 0, user: 0 };
  /** By the id in the file: the latest call under it, and how many there were. */
  private readonly calls = new Map<string, { readonly call: ToolCall; readonly count: number }>();

  constructor(
    private readonly caseId: string,
    private readonly trial: number,
    private readonly context: RecordingContext,
  ) {}

  add(
    speaker: "agent" | "user",
    said: {
      text: string | null;
      toolCalls?: readonly ToolCall[];
      usage?: TokenUsage | null;
      costUsd?: number | null;
      durationMs?: number | null;
    },
  ): void {
    const toolCalls = (said.toolCalls ?? []).map((call) => this.withOwnId(call));
    const reply: ModelReply = {
      text: said.text,
      toolCalls,
      finishReason: toolCalls.length > 0 ? "tool_calls" : "stop",
      usage: said.usage ?? null,
      costUsd: said.costUsd ?? null,
      model: speaker === "agent" ? this.context.agentModel : this.context.userModel,
    };
    this.turns.push({
      caseId: this.caseId,
      trial: this.trial,
      speaker,
      turn: this.count[speaker]++,
      requestHash: null,
      reply,
      durationMs: said.durationMs ?? null,
    });
  }

  /** @param answer.name - `null` where the message itself does not say; then the call's */
  addToolResult(
    callId: string,
    answer: {
      readonly name: string | null;
      readonly content: string | null;
      readonly isError?: boolean | null;
      readonly durationMs?: number | null;
    },
  ): void {
    const call = this.calls.get(callId)?.call;
    // A Python tool that returned nothing.
    const content = answer.content ?? "None";
    this.toolResults.push({
      callId: call?.id ?? callId,
      name: answer.name ?? call?.name ?? "",
      content,
      isError: answer.isError ?? content.startsWith("Error"),
      durationMs: answer.durationMs ?? null,
    });
  }

  /** Providers' ids repeat within one published conversation; ours must not. */
  private withOwnId(call: ToolCall): ToolCall {
    const count = (this.calls.get(call.id)?.count ?? 0) + 1;
    const own = count === 1 ? call : { ...call, id: `${call.id}#${count}` };
    this.calls.set(call.id, { call: own, count });
    return own;
  }
}

/** A tool call whose arguments are JSON text, or an object as they are. */
export function toolCallOf(id: string, name: string, given: unknown): ToolCall {
  if (isArguments(given)) return { id, name, arguments: given };
  const text = typeof given === "string" ? given : JSON.stringify(given ?? null);
  try {
    const parsed: unknown = JSON.parse(text);
    if (isArguments(parsed)) return { id, name, arguments: parsed };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { id, name, arguments: {}, malformedArguments: text };
}

function isArguments(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

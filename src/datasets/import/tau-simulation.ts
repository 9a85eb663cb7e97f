import type { Json } from "../../core/hash.js";
import type { ModelReply, TokenUsage, ToolCall } from "../../core/message.js";
import type { RecordedSimulation, RecordedTurn } from "../../core/recording.js";

/** A simulation of tau-bench or tau2-bench, with what only these recordings say. */
export interface TauSimulation extends RecordedSimulation {
  /** The trial number in the file; `trial` differs where the file gives one number twice. */
  readonly recordedTrial: number;
  /** Wall-clock time of the whole simulation, milliseconds; `null` when the recording does not say. */
  readonly durationMs: number | null;
  /** Why it ended, in the recording's own word; `null` when it does not say. */
  readonly terminationReason: string | null;
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
}

/** Gathers the turns and tool answers of one simulation in conversation order. */
export class SimulationTurns {
  readonly turns: RecordedTurn[] = [];
  readonly toolResults: { callId: string; name: string; content: string }[] = [];
  private readonly count = { agent: 0, user: 0 };
  private readonly callNames = new Map<string, string>();

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
    const toolCalls = said.toolCalls ?? [];
    for (const call of toolCalls) this.callNames.set(call.id, call.name);
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

  /** @param name - `null` where the message itself does not say; then the call's */
  addToolResult(callId: string, name: string | null, content: string | null): void {
    const called = name ?? this.callNames.get(callId) ?? "";
    // A Python tool that returned nothing.
    this.toolResults.push({ callId, name: called, content: content ?? "None" });
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

import type { Clock } from "../../core/clock.js";
import type { Emit } from "../../core/events.js";
import { contentHash } from "../../core/hash.js";
import type { Identity } from "../../core/identity.js";
import type { ToolCall } from "../../core/message.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { truncateResult } from "../truncate-result.js";
import { refusedCall, type Tool, type ToolInvocation, type ToolLayer } from "./tool.js";

export interface ToolRunnerOptions {
  /** Every tool that there is. */
  readonly tools: readonly Tool[];
  /** Names of those that the agent may use. */
  readonly offered: ReadonlySet<string>;
  /** Answers a call of a tool that does not exist, where a world has words of its own for that. */
  readonly unknownTool: ((call: ToolCall) => ToolOutcome) | null;
  /** From the outermost to the innermost. */
  readonly layers: readonly ToolLayer[];
  readonly identity: Identity;
  readonly conversationId: string;
  readonly maxResultChars: number;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What the model reads of a call. */
export interface RanCall {
  readonly content: string;
  readonly isError: boolean;
  /** Whether it ended the conversation. */
  readonly ends: boolean;
}

/** Runs tool calls: what is not offered is refused, everything else passes all layers, and each call has its events. */
export class ToolRunner {
  private readonly byName: ReadonlyMap<string, Tool>;
  private readonly through: (invocation: ToolInvocation) => ToolOutcome | Promise<ToolOutcome>;

  constructor(private readonly options: ToolRunnerOptions) {
    this.byName = new Map(options.tools.map((tool) => [tool.spec.name, tool]));
    const innermost = ({ tool, call, context }: ToolInvocation) => tool.call(call.arguments, context);
    this.through = options.layers.reduceRight<typeof this.through>(
      (next, layer) => (invocation) => layer(invocation, next),
      innermost,
    );
  }

  /**
   * @param step - 0-based number of the call in its conversation, the same after a crash
   * @throws what a layer or a tool throws; the call's end event is emitted first
   */
  async run(call: ToolCall, step: number): Promise<RanCall> {
    const { clock, emit, maxResultChars } = this.options;
    const tool = this.byName.get(call.name);
    const callId = `tool-${step}`;
    const started = clock.monotonic();
    const end = ({ content, isError }: ToolOutcome): string => {
      const { text, removedChars } = truncateResult(content, maxResultChars);
      emit("tool_call_end", {
        callId,
        name: call.name,
        result: text,
        isError,
        truncatedChars: removedChars,
        durationMs: clock.monotonic() - started,
      });
      return text;
    };
    emit("tool_call_start", {
      callId,
      name: call.name,
      arguments: call.arguments,
      sideEffect: tool !== undefined && tool.reversibility !== "read",
    });
    try {
      const outcome = await this.outcomeOf(call, tool, callId, step);
      return {
        content: end(outcome),
        isError: outcome.isError,
        ends: tool?.ends === true && !outcome.isError,
      };
    } catch (error) {
      end({ content: `not run: ${error instanceof Error ? error.message : String(error)}`, isError: true });
      throw error;
    }
  }

  /** A tool that is not offered is refused here, whatever there is: permissions are code. */
  private outcomeOf(
    call: ToolCall,
    tool: Tool | undefined,
    callId: string,
    step: number,
  ): ToolOutcome | Promise<ToolOutcome> {
    const { offered, identity, conversationId, signal, unknownTool } = this.options;
    if (call.malformedArguments !== undefined) {
      return refusedCall(`the arguments of ${call.name} are not a JSON object`);
    }
    if (tool === undefined) return unknownTool?.(call) ?? refusedCall(`there is no tool ${call.name}`);
    if (!offered.has(call.name)) return refusedCall(`tool ${call.name} is not permitted for this agent`);
    const idempotencyKey =
      tool.reversibility === "read"
        ? null
        : contentHash([conversationId, step, call.name, call.arguments]).slice(0, 32);
    return this.through({
      tool,
      call,
      callId,
      step,
      context: { identity, conversationId, idempotencyKey, signal },
    });
  }
}

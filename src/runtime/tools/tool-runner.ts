import type { Clock } from "../../core/clock.js";
import { ProviderError } from "../../core/errors.js";
import type { Emit } from "../../core/events.js";
import { contentHash, type Json } from "../../core/hash.js";
import type { Identity } from "../../core/identity.js";
import type { ToolCall } from "../../core/message.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { truncateResult } from "../truncate-result.js";
import { callWithin } from "./call-within.js";
import { refusedCall, type Tool, type ToolInvocation, type ToolLayer, UnknownOutcomeError } from "./tool.js";

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
  /** Called before a call that may have a side effect: the conversation outlives the process with all that led to it. */
  readonly keep: () => void;
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
  /** Failures of tools, told apart from those of a layer that asked a model. */
  private readonly unreached = new WeakSet<Error>();
  private readonly byName: ReadonlyMap<string, Tool>;
  private readonly through: (invocation: ToolInvocation) => ToolOutcome | Promise<ToolOutcome>;

  constructor(private readonly options: ToolRunnerOptions) {
    this.byName = new Map(options.tools.map((tool) => [tool.spec.name, tool]));
    const innermost = async ({ tool, call, context }: ToolInvocation) => {
      if (tool.reversibility !== "read") options.keep();
      try {
        return await callWithin(tool, call.arguments, context);
      } catch (error) {
        if (error instanceof ProviderError && !context.signal.aborted) this.unreached.add(error);
        throw error;
      }
    };
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
      const outcome = await this.answered(call, tool, callId, step);
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

  /** What no layer has dealt with, the model is told. */
  private async answered(
    call: ToolCall,
    tool: Tool | undefined,
    callId: string,
    step: number,
  ): Promise<ToolOutcome> {
    try {
      return await this.outcomeOf(call, tool, callId, step);
    } catch (error) {
      if (error instanceof UnknownOutcomeError) return refusedCall(unknownNotice(call.name, error.message));
      if (error instanceof ProviderError && this.unreached.has(error)) {
        return refusedCall(`${call.name} could not be reached, so nothing was done: ${error.message}`);
      }
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
    const { offered, identity, conversationId, signal, unknownTool, emit } = this.options;
    if (call.malformedArguments !== undefined) {
      return refusedCall(`the arguments of ${call.name} are not a JSON object`);
    }
    if (tool === undefined) return unknownTool?.(call) ?? refusedCall(`there is no tool ${call.name}`);
    if (!offered.has(call.name)) {
      const detail = `${call.name} is not offered to this agent`;
      emit("guardrail_triggered", { rule: "tool.permission", action: "block", detail, callId });
      return refusedCall(`tool ${call.name} is not permitted for this agent`);
    }
    // A model can write 1e999, which JSON reads as infinity and nothing can hash.
    if (!isFiniteJson(call.arguments))
      return refusedCall(`the arguments of ${call.name} hold no finite number`);
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

function unknownNotice(name: string, reason: string): string {
  return (
    `it is not known whether ${name} took effect (${reason}). ` +
    "Do not call it again and do not say that it is done: say that it has to be checked"
  );
}

function isFiniteJson(value: Json): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isFiniteJson);
}

import type { Emit } from "../../core/events.js";
import type { Json } from "../../core/hash.js";
import type { Identity } from "../../core/identity.js";
import type { ToolCall, ToolSpec } from "../../core/message.js";
import type { ToolOutcome } from "../../environments/environment.js";

export type ToolArguments = { readonly [key: string]: Json };

/** What a call may do to the world: nothing, something that can be undone, something that cannot. */
export type Reversibility = "read" | "reversible" | "irreversible";

/**
 * A limit on one argument, checked in code. Numbers, and texts that are a plain decimal such as `"49.90"`; every other
 * value breaks the cap.
 */
export interface ArgumentCap {
  /** Dotted path of the argument, such as `amount_usd` or `items.0.discount`; `*` stands for every item. */
  readonly path: string;
  readonly max?: number;
  /** Default 0: a negative amount turns a payment round. */
  readonly min?: number;
  /** Largest sum of the argument over all calls of the tool in one conversation that took effect, or may have. */
  readonly maxTotal?: number;
  /** Above this the user is asked first. */
  readonly confirmAbove?: number;
  /** Whether the argument may be left out. Default: an absent argument breaks the cap, as it may stand for "all". */
  readonly optional?: boolean;
}

/** An argument that belongs to the identity, such as the customer whose orders are listed. */
export interface ArgumentBinding {
  /** Dotted path, as in {@link ArgumentCap}. */
  readonly path: string;
  readonly to: "tenant" | "user";
  /** `refuse`: another value, or none, is refused. `force`: the identity's value is put there, whatever was given. */
  readonly mode: "refuse" | "force";
}

/** The tool that undoes a call, and its arguments; `$args.x` and `$result.x` stand for those of the call. */
export interface Compensation {
  readonly tool: string;
  readonly args: ToolArguments;
}

/** What a call gets beside its arguments. None of it can be set by a model. */
export interface ToolCallContext {
  readonly identity: Identity;
  readonly conversationId: string;
  /** The same for the same effect, also after a crash; `null` for tools without side effects. */
  readonly idempotencyKey: string | null;
  /** Whether a call with this key was made before and nobody knows what became of it. Left out: no. */
  readonly isRepeated?: boolean;
  readonly signal: AbortSignal;
}

/**
 * A tool as the runtime sees it, whatever stands behind it: an environment, a module, an HTTP operation, an MCP
 * server, another agent.
 */
export interface Tool {
  readonly spec: ToolSpec;
  readonly source: "environment" | "module" | "http" | "mcp" | "agent";
  readonly reversibility: Reversibility;
  /** Whether a successful call ends the conversation. */
  readonly ends: boolean;
  /** Scope that the identity must have; `null` for none. */
  readonly permission: string | null;
  readonly caps: readonly ArgumentCap[];
  /** Absent: no argument is bound to the identity. */
  readonly bindings?: readonly ArgumentBinding[];
  /** Whether the user is asked before a call, whatever the strategy thinks of it. */
  readonly needsConfirmation: boolean;
  readonly timeoutMs: number | null;
  /** Fields of a JSON result that reach the model; `null` for all. */
  readonly resultFields: readonly string[] | null;
  readonly compensation: Compensation | null;
  /** Whether a second call with the same idempotency key has no second effect; left out, it may have one. */
  readonly isIdempotent?: boolean;
  /**
   * Never throws for what a model can cause: that is an outcome with `isError`. Throws {@link UnknownOutcomeError}
   * when it cannot be told whether the call took effect, and a `ProviderError` when the system behind it was not
   * reached, so that nothing can have happened.
   */
  call(args: ToolArguments, context: ToolCallContext): ToolOutcome | Promise<ToolOutcome>;
  /** The outcome of an earlier call with the same key; `null` when it never took effect. Absent: it cannot be asked. */
  lookUp?(key: string, context: ToolCallContext): Promise<ToolOutcome | null>;
}

/** A call may or may not have taken effect: a lost connection, a timeout after the request was sent. */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";
}

/** One call on its way through the layers. */
export interface ToolInvocation {
  readonly tool: Tool;
  readonly call: ToolCall;
  /** Id of the call's events. */
  readonly callId: string;
  /** 0-based number of the call in its conversation. */
  readonly step: number;
  readonly context: ToolCallContext;
}

/**
 * Something that every tool call passes: permission, caps, confirmation, ledger. It may answer instead of the tool.
 * It never calls `next` twice.
 */
export type ToolLayer = (
  invocation: ToolInvocation,
  next: (invocation: ToolInvocation) => ToolOutcome | Promise<ToolOutcome>,
) => ToolOutcome | Promise<ToolOutcome>;

/** A refusal that the model reads; says what a layer decided, and why. */
export function refusedCall(message: string): ToolOutcome {
  return { content: `Error: ${message}`, isError: true };
}

/** Emits that a layer blocked a call. */
export function emitBlocked(emit: Emit, rule: string, { callId }: ToolInvocation, detail: string): void {
  emit("guardrail_triggered", { rule, action: "block", detail, callId });
}

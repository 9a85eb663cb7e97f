import type { Json } from "../../../core/hash.js";
import type { Identity } from "../../../core/identity.js";
import type { JsonSchema, Message, TokenUsage } from "../../../core/message.js";

/**
 * An agent of kind `module`: the function that its file exports. It is called once for each message of the user; what
 * it throws ends the trial in error, as nothing can be said of the agent then.
 */
export type AgentFunction = (
  input: AgentInput,
  context: AgentContext,
) => AgentAnswer | Promise<AgentAnswer> | AsyncIterable<string | AgentReply>;

export interface AgentInput {
  /** What the user said last. */
  readonly message: string;
  /** The whole conversation, this message included; rules of the environment first, where there are some. */
  readonly messages: readonly Message[];
  readonly conversationId: string;
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly identity: Identity;
}

export interface AgentContext {
  /** Aborted when the trial is over: at a limit, at a timeout, or when the user interrupts. */
  readonly signal: AbortSignal;
  /** What agentctl runs for the agent, with permissions, caps, ledger and all; empty without an `environment`. */
  readonly tools: readonly AgentTool[];
  /** Calls one of them by name. A refusal is a result with `isError`, never an exception. */
  callTool(name: string, args: { readonly [key: string]: Json }): Promise<AgentToolResult>;
  /** Shows a piece of the answer as it comes in. */
  stream(delta: string): void;
  /** Tells what the agent did, before it answers; adds to what the reply tells. */
  report(report: AgentReport): void;
  /** Values of the variables in `env_allow`; they are blacked out wherever they turn up. */
  readonly env: { readonly [name: string]: string | undefined };
}

export interface AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments object. */
  readonly parameters: JsonSchema;
  call(args: { readonly [key: string]: Json }): Promise<AgentToolResult>;
}

export interface AgentToolResult {
  readonly content: string;
  readonly isError: boolean;
}

/** What an agent says that it did. A list that is left out is not known, an empty one says that there was nothing. */
export interface AgentReport {
  /** Calls of tools of its own; those through `context` are known anyway. */
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments?: { readonly [key: string]: Json };
    readonly result?: Json;
    readonly isError?: boolean;
    readonly durationMs?: number;
  }[];
  /** Searches; documents best first, each an id or an object. */
  readonly retrievals?: readonly {
    readonly query?: string;
    readonly documents: readonly (
      | string
      | { readonly id: string; readonly title?: string; readonly text?: string; readonly score?: number }
    )[];
    readonly durationMs?: number;
  }[];
  /** Thoughts. */
  readonly reasoning?: readonly (
    | string
    | { readonly text: string; readonly confidence?: number; readonly alternatives?: readonly string[] }
  )[];
}

export interface AgentReply extends AgentReport {
  /** The answer. May be left out where it was streamed, or where a person takes over. */
  readonly text?: string;
  /** Tokens of all model calls behind the reply. */
  readonly usage?: TokenUsage;
  /** US dollars. */
  readonly costUsd?: number;
  /** The model that answered. */
  readonly model?: string;
  /** Whether it handed over to a person. */
  readonly escalated?: boolean;
}

/** The answer alone, or with what the agent tells of it. */
export type AgentAnswer = string | AgentReply;

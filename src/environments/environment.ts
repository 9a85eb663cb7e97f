import type { ExpectedToolCall } from "../core/golden-case.js";
import type { Json } from "../core/hash.js";
import type { ToolSpec } from "../core/message.js";
import type { EnvironmentCheck } from "../core/trial.js";

/** What a tool answers. `content` is exactly what the model reads. */
export interface ToolOutcome {
  readonly content: string;
  /** Whether the tool refused or failed; the state is then as before unless the tool says otherwise. */
  readonly isError: boolean;
}

export interface EnvironmentTool {
  readonly spec: ToolSpec;
  /** Whether a call can change the state. */
  readonly sideEffect: boolean;
  /** Whether a successful call ends the conversation (e.g. hand-over to a person). */
  readonly ends: boolean;
}

/** A world with state and tools that a case can run in. Loaded once, shared by all trials. */
export interface Environment {
  readonly name: string;
  /** The rules that the agent must follow, Markdown; becomes part of the system prompt. */
  readonly policy: string;
  readonly tools: readonly EnvironmentTool[];
  /** What simulated users can do in this world themselves, on the same state; none when left out. */
  readonly userTools?: readonly EnvironmentTool[];
  /** SHA-256 over policy, tool specs and initial state: part of the agent version. */
  readonly hash: string;
  /** A fresh state for one trial. Must be cheap: share structure, copy on write. */
  start(): EnvironmentSession;
}

/** The state of one trial. */
export interface EnvironmentSession {
  /**
   * Runs a tool. Never throws for what a model can cause (unknown tool, wrong arguments): that is an
   * outcome with `isError`.
   */
  call(name: string, args: { readonly [key: string]: Json }): ToolOutcome;
  /** The same for a tool of the user; there where the environment has `userTools`. */
  callAsUser?(name: string, args: { readonly [key: string]: Json }): ToolOutcome;
  /** SHA-256 of the state as canonical JSON. */
  stateHash(): string;
  /**
   * Compares the state with the one that `actions` produce on a fresh session, and looks for `outputs` in
   * the replies.
   *
   * @param expected.actions - gold actions, or `null` when no final state is asked for
   * @param expected.outputs - texts that must each occur in some reply
   * @param replies - everything that the agent said to the user, in order
   */
  check(
    expected: { readonly actions: readonly ExpectedToolCall[] | null; readonly outputs: readonly string[] },
    replies: readonly string[],
  ): EnvironmentCheck;
}

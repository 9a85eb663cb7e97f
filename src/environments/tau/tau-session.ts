import type { ExpectedToolCall } from "../../core/golden-case.js";
import type { EnvironmentCheck } from "../../core/trial.js";
import { checkEnd } from "../check-end.js";
import type { EnvironmentSession, ToolOutcome } from "../environment.js";
import { PythonError } from "./python-error.js";
import { stateDifferences } from "./state-differences.js";
import type { TauDatabase } from "./tau-database.js";
import { TauState } from "./tau-state.js";
import { requireSignature, type TauTool, type ToolArguments } from "./tau-tool.js";

const MAX_DIFFERENCES = 20;

/** A tool with the argument names that its schema declares. */
export interface DeclaredTool extends TauTool {
  readonly parameters: readonly string[];
}

/** What the sessions of one environment share. */
export interface TauWorld {
  readonly database: TauDatabase;
  readonly tools: ReadonlyMap<string, DeclaredTool>;
  /** Final state of a list of gold actions, computed once. */
  readonly goldStates: Map<string, TauState>;
}

/** One trial in a tau-bench world. */
export class TauSession implements EnvironmentSession {
  private readonly state: TauState;

  constructor(private readonly world: TauWorld) {
    this.state = new TauState(world.database);
  }

  call(name: string, args: ToolArguments): ToolOutcome {
    const content = callTool(this.world, this.state, name, args);
    return { content, isError: content.startsWith("Error") || !this.world.tools.has(name) };
  }

  stateHash(): string {
    return this.state.hash();
  }

  /**
   * As tau-bench scores: gold actions that end the conversation are not taken. States are compared by value, so 5 and 5.0
   * are one (tau-bench tells them apart).
   */
  check(
    expected: { readonly actions: readonly ExpectedToolCall[] | null; readonly outputs: readonly string[] },
    replies: readonly string[],
  ): EnvironmentCheck {
    const gold = expected.actions === null ? null : this.goldState(expected.actions);
    return checkEnd(
      expected.outputs,
      replies,
      this.state.hash(),
      gold === null
        ? null
        : { hash: gold.hash(), differences: () => stateDifferences(this.state, gold, MAX_DIFFERENCES) },
    );
  }

  private goldState(actions: readonly ExpectedToolCall[]): TauState {
    const key = JSON.stringify(actions.map(({ name, args }) => [name, args]));
    const known = this.world.goldStates.get(key);
    if (known !== undefined) return known;
    const gold = new TauState(this.world.database);
    for (const { name, args } of actions) {
      if (this.world.tools.get(name)?.ends !== true) callTool(this.world, gold, name, args);
    }
    this.world.goldStates.set(key, gold);
    return gold;
  }
}

function callTool(world: TauWorld, state: TauState, name: string, args: ToolArguments): string {
  const tool = world.tools.get(name);
  if (tool === undefined) return `Unknown action ${name}`;
  try {
    requireSignature(name, tool.parameters, args);
    return tool.invoke(state, args);
  } catch (error) {
    if (error instanceof PythonError) return `Error: ${error.message}`;
    // Arguments nested some thousand levels deep: Python refuses them as well.
    if (error instanceof RangeError) return "Error: maximum recursion depth exceeded";
    throw error;
  }
}

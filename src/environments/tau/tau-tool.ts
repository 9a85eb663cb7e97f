import type { Json } from "../../core/hash.js";
import { PythonError } from "./python-error.js";
import type { TauState } from "./tau-state.js";

export type ToolArguments = { readonly [key: string]: Json };

/** What one tool does. Its name, description and parameters come from the domain's `tools.json`. */
export interface TauTool {
  /** Whether a call can change the state. */
  readonly sideEffect: boolean;
  /** Whether a successful call ends the conversation. */
  readonly ends?: boolean;
  /**
   * Runs the tool. All declared arguments are there; their types are as the model chose.
   *
   * @returns the text that the model reads; `Error: ...` when the tool refuses
   * @throws {PythonError} where the Python original raises; changes made before stay made, as there
   */
  invoke(state: TauState, args: ToolArguments): string;
}

/** The value of an argument that `requireSignature` has seen. */
export function argument(args: ToolArguments, name: string): Json {
  return args[name] ?? null;
}

/**
 * Refuses a call that Python would refuse before the tool's first line: every declared argument must be
 * there, and no other.
 *
 * @throws {PythonError} in the words of a Python TypeError
 */
export function requireSignature(name: string, declared: readonly string[], args: ToolArguments): void {
  const method = `${name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}.invoke()`;
  const unexpected = Object.keys(args).find((key) => !declared.includes(key));
  if (unexpected !== undefined) {
    throw new PythonError(`${method} got an unexpected keyword argument '${unexpected}'`);
  }
  const missing = declared.filter((key) => !Object.hasOwn(args, key)).map((key) => `'${key}'`);
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? "argument" : "arguments";
  throw new PythonError(
    `${method} missing ${missing.length} required positional ${noun}: ${enumerate(missing)}`,
  );
}

function enumerate(names: readonly string[]): string {
  if (names.length <= 2) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
}

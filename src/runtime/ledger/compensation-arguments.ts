import { boundedJson } from "../../core/bounded-json.js";
import type { Json } from "../../core/hash.js";
import type { Compensation, ToolArguments } from "../tools/tool.js";

/** What a compensation may refer to: the call that it undoes, and what the tool answered. */
export interface CompensatedCall {
  readonly args: ToolArguments;
  /** Text of the outcome; JSON where the tool answers in JSON. */
  readonly result: string;
}

/**
 * The arguments of a compensation, with `$args.a.b` and `$result.a.b` replaced by the values that they stand for, and
 * `$args` and `$result` by the whole.
 *
 * @returns `null` when one stands for nothing
 */
export function compensationArguments({ args }: Compensation, call: CompensatedCall): ToolArguments | null {
  const filled = fill(args, { args: call.args, result: parsed(call.result) });
  return filled === undefined ? null : (filled as ToolArguments);
}

function fill(value: Json, roots: { readonly [root: string]: Json }): Json | undefined {
  if (typeof value === "string") {
    const match = /^\$(args|result)((?:\.[^.]+)*)$/.exec(value);
    if (match === null) return value;
    return at(roots[match[1] ?? ""], (match[2] ?? "").split(".").slice(1));
  }
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => fill(item, roots));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fill(item as Json, roots)] as const);
  return entries.some(([, item]) => item === undefined)
    ? undefined
    : (Object.fromEntries(entries) as { [key: string]: Json });
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? (inner as { readonly [key: string]: Json })[key]
        : undefined,
    value,
  );
}

function parsed(text: string): Json {
  const value = boundedJson(text);
  return value === undefined ? text : value;
}

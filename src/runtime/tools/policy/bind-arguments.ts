import type { Json } from "../../../core/hash.js";
import type { Identity } from "../../../core/identity.js";
import type { ArgumentBinding, ToolArguments } from "../tool.js";
import { valuesAt } from "./argument-path.js";

/** The arguments after binding, or why they are refused. */
export type BoundArguments =
  | { readonly problem: string }
  | { readonly problem: null; readonly args: ToolArguments };

/**
 * Holds arguments against the identity. A refusal does not repeat the value: whether another customer exists is nobody's
 * business. Without a user nothing that is bound to the user goes through.
 */
export function bindArguments(
  bindings: readonly ArgumentBinding[],
  args: ToolArguments,
  identity: Identity,
): BoundArguments {
  let bound = args;
  for (const { path, to, mode } of bindings) {
    const own = to === "tenant" ? identity.tenantId : identity.userId;
    if (own === null) return { problem: `${path} belongs to a signed-in user, and nobody is signed in` };
    if (mode === "force") {
      bound = withValue(bound, path.split("."), own);
      continue;
    }
    const found = valuesAt(bound, path);
    const isOwn = ({ value }: { readonly value: Json | undefined }) =>
      (typeof value === "string" || typeof value === "number") && String(value) === own;
    if (found.length === 0 || !found.every(isOwn)) {
      return { problem: `${path} must be that of the signed-in ${to}` };
    }
  }
  return { problem: null, args: bound };
}

function withValue(args: ToolArguments, steps: readonly string[], value: string): ToolArguments {
  const [step = "", ...rest] = steps;
  if (rest.length === 0) return { ...args, [step]: value };
  const child = Object.hasOwn(args, step) ? args[step] : undefined;
  const inner = typeof child === "object" && child !== null && !Array.isArray(child) ? child : {};
  return { ...args, [step]: withValue(inner as ToolArguments, rest, value) };
}

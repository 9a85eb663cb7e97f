import type { Json } from "../../../core/hash.js";
import type { ArgumentCap, ToolArguments } from "../tool.js";
import { valuesAt } from "./argument-path.js";

/** The numbers that a cap is about, or what is wrong with them. */
export type CapFinding =
  | { readonly problem: string }
  | { readonly problem: null; readonly amounts: readonly number[] };

/** ASCII digits alone: no exponent, no separators, no other script's digits, nothing that a system may read otherwise. */
const PLAIN_DECIMAL = /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/;

/** Holds one call against one cap; sums over calls are not looked at. */
export function checkCap(cap: ArgumentCap, args: ToolArguments): CapFinding {
  const amounts: number[] = [];
  for (const { place, value } of valuesAt(args, cap.path)) {
    if (value === undefined || value === null) {
      if (cap.optional === true) continue;
      return { problem: `${place} must be given` };
    }
    const amount = amountOf(value);
    if (amount === null) return { problem: `${place} must be a plain number` };
    if (cap.max !== undefined && amount > cap.max) {
      return { problem: `${place} is ${amount}, at most ${cap.max} is allowed` };
    }
    const min = cap.min ?? 0;
    if (amount < min) return { problem: `${place} is ${amount}, at least ${min} is allowed` };
    amounts.push(amount);
  }
  return { problem: null, amounts };
}

function amountOf(value: Json): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && PLAIN_DECIMAL.test(value) ? Number(value) : null;
}

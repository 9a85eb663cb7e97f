import type { Verdict } from "../core/score.js";
import { type AnyRule, uniqueNames } from "./gate-kind.js";
import type { GateResult } from "./gate-report.js";
import type { GateContext } from "./judge-gate.js";

export type JudgePart = (rule: AnyRule, context: GateContext) => GateResult;

const VERBS = {
  pass: "passes",
  fail: "fails",
  inconclusive: "is inconclusive",
  error: "is in error",
} as const;

/** Judges the parts of a gate that consists of others; they weigh what the whole weighs. */
export function judgeParts(
  parts: readonly AnyRule[],
  whole: Pick<AnyRule, "severity">,
  context: GateContext,
  judgePart: JudgePart,
): GateResult[] {
  const names = uniqueNames(parts);
  return parts.map((part, index) =>
    judgePart({ ...part, severity: whole.severity }, { ...context, name: names[index] as string }),
  );
}

export function partsIn(parts: readonly GateResult[], verdict: Verdict): GateResult[] {
  return parts.filter((part) => part.verdict === verdict);
}

/** `steps fails: Measured 5, wanted at most 3.` for each part. */
export function reasonsOf(parts: readonly GateResult[]): string[] {
  return parts.map(({ name, verdict, reason }) => `${name} ${VERBS[verdict]}: ${reason}`);
}

/** What would settle the open parts, each by its name; `null` where that can be said of none. */
export function settledBy(open: readonly GateResult[], between: string): string | null {
  const known = open.flatMap(({ name, toSettle }) => (toSettle === null ? [] : `${toSettle} for ${name}`));
  return known.length === 0 ? null : known.join(between);
}

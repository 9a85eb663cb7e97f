import { valuesAt } from "../../tools/policy/argument-path.js";
import { checkCap } from "../../tools/policy/check-caps.js";
import type { Reversibility, Tool, ToolArguments } from "../../tools/tool.js";
import type { Candidate, CandidateCall } from "./candidates.js";

/** What code can say of a candidate, without carrying anything out. */
export interface Assessment {
  /** 0: nothing can go wrong; 1: cannot be undone, and near a cap. */
  readonly risk: number;
  /** Tool calls that it takes. */
  readonly cost: number;
  /** Why it cannot be chosen at all; `null` when it can. */
  readonly refusal: string | null;
}

const RISK: Readonly<Record<Reversibility, number>> = { read: 0, reversible: 0.4, irreversible: 0.8 };

/** Share of a cap from which on an argument counts as near it. */
export const NEAR_CAP = 0.8;

/** Risk of a candidate: that of its riskiest call; 1 for an action near a cap. Beyond a cap it is refused. */
export function assessCandidate({ calls }: Candidate, tools: readonly Tool[]): Assessment {
  let risk = 0;
  for (const call of calls) {
    const tool = tools.find(({ spec }) => spec.name === call.tool);
    const refusal = refusalOf(call, tool);
    if (tool === undefined || refusal !== null) return { risk: 1, cost: calls.length, refusal };
    risk = Math.max(risk, RISK[tool.reversibility]);
    if (tool.reversibility !== "read" && isNearCap(tool, call.arguments)) risk = 1;
  }
  return { risk, cost: calls.length, refusal: null };
}

function refusalOf(call: CandidateCall, tool: Tool | undefined): string | null {
  if (tool === undefined) return `there is no tool ${call.tool}`;
  const required = tool.spec.parameters.required;
  const missing = Array.isArray(required)
    ? required.filter((name) => typeof name === "string" && !(name in call.arguments))
    : [];
  if (missing.length > 0) return `${call.tool} lacks ${missing.join(", ")}`;
  const broken = tool.caps
    .map((cap) => checkCap(cap, call.arguments).problem)
    .find((problem) => problem !== null);
  return broken === undefined ? null : `${call.tool}: ${broken}`;
}

function isNearCap(tool: Tool, args: ToolArguments): boolean {
  return tool.caps.some(({ path, max }) => {
    return (
      max !== undefined &&
      valuesAt(args, path).some(({ value }) => typeof value === "number" && value >= NEAR_CAP * max)
    );
  });
}

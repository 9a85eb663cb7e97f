import type { Reversibility, Tool } from "../tools/tool.js";
import { withCall } from "../tools/tool-policy.js";

const BY_RISK: readonly Reversibility[] = ["read", "reversible", "irreversible"];

/**
 * A tool of the world as a specialist gets it: its own file may tighten what the supervisor's says, and loosens nothing.
 * The supervisor's permission is asked for beside the own one, by the parts of the team.
 *
 * @param outer - the same tool under the policy of the supervisor
 */
export function boundedTool(own: Tool, outer: Tool): Tool {
  const risk = Math.max(BY_RISK.indexOf(own.reversibility), BY_RISK.indexOf(outer.reversibility));
  return {
    ...withCall(own, (args, context) => own.call(args, context)),
    reversibility: BY_RISK[risk] ?? "irreversible",
    caps: [...new Set([...outer.caps, ...own.caps])],
    bindings: [...new Set([...(outer.bindings ?? []), ...(own.bindings ?? [])])],
    needsConfirmation: own.needsConfirmation || outer.needsConfirmation,
    timeoutMs: least(own.timeoutMs, outer.timeoutMs),
    resultFields: outer.resultFields ?? own.resultFields,
  };
}

function least(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

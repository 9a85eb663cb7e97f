import type { AnyGate } from "../../config/gates/gate-schema.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { type JudgePart, judgeParts, partsIn, reasonsOf, settledBy } from "../judge-parts.js";
import { unjudged } from "../unjudged.js";

/**
 * Judges gates of which one must pass. It passes as soon as one passes, whatever is still open of the others; fails
 * when all fail; else it is inconclusive.
 */
export function judgeAny(rule: AnyGate, context: GateContext, judgePart: JudgePart): GateResult {
  const parts = judgeParts(rule.any, rule, context, judgePart);
  const passed = partsIn(parts, "pass");
  const open = partsIn(parts, "inconclusive");
  const verdict = passed.length > 0 ? "pass" : open.length > 0 ? "inconclusive" : "fail";
  const deciding = verdict === "pass" ? passed : parts;
  const count = `${passed.length} of ${parts.length} parts ${passed.length === 1 ? "passes" : "pass"}.`;
  return {
    ...unjudged(rule, "any", context.name),
    required: parts.length === 1 ? "the one part passes" : `one of ${parts.length} parts passes`,
    verdict,
    reason: [count, ...reasonsOf(deciding)].join(" "),
    toSettle: verdict === "inconclusive" ? settledBy(open, ", or ") : null,
    parts,
  };
}

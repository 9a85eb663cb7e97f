import type { AllGate } from "../../config/gates/gate-schema.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { type JudgePart, judgeParts, partsIn, reasonsOf, settledBy } from "../judge-parts.js";
import { unjudged } from "../unjudged.js";

/**
 * Judges gates that must all pass. It fails as soon as one fails, whatever is still open of the others; passes when
 * all pass; else it is inconclusive.
 */
export function judgeAll(rule: AllGate, context: GateContext, judgePart: JudgePart): GateResult {
  const parts = judgeParts(rule.all, rule, context, judgePart);
  const failed = partsIn(parts, "fail");
  const open = partsIn(parts, "inconclusive");
  const verdict = failed.length > 0 ? "fail" : open.length > 0 ? "inconclusive" : "pass";
  const deciding = verdict === "fail" ? failed : open;
  const count = `${parts.length - failed.length - open.length} of ${parts.length} parts pass.`;
  return {
    ...unjudged(rule, "all", context.name),
    required: parts.length === 1 ? "the one part passes" : `all ${parts.length} parts pass`,
    verdict,
    reason: [count, ...reasonsOf(deciding)].join(" "),
    toSettle: verdict === "inconclusive" ? settledBy(open, " and ") : null,
    parts,
  };
}

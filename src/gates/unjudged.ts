import type { AnyRule, GateKind } from "./gate-kind.js";
import type { GateResult } from "./gate-report.js";

/** The parts of a result that its kind does not speak of. */
export function unjudged(
  rule: Pick<AnyRule, "severity">,
  kind: GateKind,
  name: string,
): Omit<GateResult, "required" | "verdict" | "reason"> {
  return {
    name,
    kind,
    metric: null,
    min: null,
    max: null,
    bound: "estimate",
    estimate: null,
    baseline: null,
    difference: null,
    calibration: null,
    severity: rule.severity,
    toSettle: null,
    parts: [],
    cases: [],
    waiver: null,
  };
}

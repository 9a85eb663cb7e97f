import type { CaseMetric } from "./metric.js";
import { infrastructureError, unscored } from "./scores.js";

/** A case-level metric whose trials broken by infrastructure are never scored, whatever its own rule says. */
export function caseMetric(definition: Omit<CaseMetric, "level">): CaseMetric {
  return {
    ...definition,
    level: "case",
    score: (input) =>
      input.trial.status === "error"
        ? unscored(infrastructureError(input.trial.error?.code ?? null))
        : definition.score(input),
  };
}

import type { MetricUnit } from "../core/score.js";
import type { CandidateComparison, ChangeVerdict } from "./comparison.js";
import { formatAmount } from "./sentences.js";

/** Metrics that a summary names of each kind. */
const MOST_NAMED = 4;

/** The comparison in a few sentences: the primary metric, then what else is worse, then what is better. */
export function summaryOf(
  found: Pick<CandidateComparison, "metrics" | "distributions" | "reversals" | "warnings">,
): string {
  const primary = found.metrics.find((metric) => metric.isPrimary);
  const sentences: string[] = [];
  if (primary !== undefined) {
    const { baseline, candidate, unit } = primary;
    const values = [baseline, candidate].map(({ value }) =>
      value === null ? "none" : formatAmount(value, unit),
    );
    sentences.push(`${primary.metric} ${values.join(" → ")}: ${primary.sentence}.`);
  }
  for (const verdict of ["worse", "better"] as const) {
    const names = namesOf(found, verdict);
    if (names.length === 0) continue;
    const more = names.length > MOST_NAMED ? `; and ${names.length - MOST_NAMED} more` : "";
    const label = verdict === "worse" ? "Worse" : "Better";
    sentences.push(`${label}: ${names.slice(0, MOST_NAMED).join("; ")}${more}.`);
  }
  if (found.reversals.length > 0) sentences.push("Simpson's paradox: see the slices.");
  return sentences.join(" ");
}

function namesOf(
  { metrics, distributions }: Pick<CandidateComparison, "metrics" | "distributions">,
  verdict: ChangeVerdict,
): string[] {
  const step = (a: number | null | undefined, b: number | null | undefined, unit: MetricUnit) =>
    a === null || a === undefined || b === null || b === undefined
      ? ""
      : ` ${formatAmount(a, unit)} → ${formatAmount(b, unit)}`;
  return [
    ...distributions
      .filter((one) => one.verdict === verdict)
      .map(({ label, unit, baseline, candidate }) => {
        const at = (side: typeof baseline, q: number) => side.quantiles.find((one) => one.q === q)?.value;
        const tail = step(at(baseline, 0.95), at(candidate, 0.95), unit);
        return `${label}, median${step(at(baseline, 0.5), at(candidate, 0.5), unit)}, p95${tail}`;
      }),
    ...metrics
      .filter((metric) => metric.verdict === verdict && !metric.isPrimary)
      .map(
        ({ metric, baseline, candidate, unit }) => `${metric}${step(baseline.value, candidate.value, unit)}`,
      ),
  ];
}

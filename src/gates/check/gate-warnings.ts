import type { MetricUnit } from "../../core/score.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import { wilson } from "../../stats/wilson.js";
import type { AnyRule } from "../gate-kind.js";
import type { NamedRule } from "../skip-gates.js";
import type { CheckedWaiver, GateWarning } from "./gate-check.js";

/** What is known beside the rules. */
export interface CheckFacts {
  readonly unitOf: (metric: string) => MetricUnit | undefined;
  /** Why a metric of a judge cannot decide now; `null` when it can. */
  readonly whyNotCalibrated: (metric: string) => string | null;
  /** Ids of the golden set; `null` when nobody knows them. */
  readonly caseIds: ReadonlySet<string> | null;
  /** Confidence level of the intervals. */
  readonly level: number;
}

/** Half of an interval that is wider lets chance decide: a tenth to either side. */
const WIDE = 0.1;
const SOON_DAYS = 7;

/** What the author of the rules should know of each of them, its parts included. */
export function warningsOf(named: readonly NamedRule[], facts: CheckFacts): GateWarning[] {
  const warnings = named.flatMap(({ rule, name }) =>
    [
      ...(neverFails(rule, facts) ? ["can never fail: no value misses it"] : []),
      ...leavesOf(rule).flatMap((leaf) => warningsOfLeaf(leaf, facts)),
    ].map((message): GateWarning => ({ gate: name, message })),
  );
  return [...warnings, ...repeated(named), ...nothingDecides(named)];
}

/** What is to be said of the waivers of a file. */
export function waiverWarnings(
  waivers: readonly CheckedWaiver[],
  severityOf: (gate: string) => string | undefined,
): GateWarning[] {
  return waivers.flatMap(({ gate, by, until, daysLeft }): GateWarning[] => [
    ...(daysLeft <= 0
      ? [
          {
            gate,
            message: `its waiver by ${by} expired on ${until}: every run fails until it is renewed or removed`,
          },
        ]
      : daysLeft <= SOON_DAYS
        ? [{ gate, message: `its waiver by ${by} ends on ${until}; from then on every run fails` }]
        : []),
    ...(daysLeft > 0 && severityOf(gate) === "critical"
      ? [{ gate, message: `a critical gate is waived by ${by} until ${until}` }]
      : []),
  ]);
}

function leavesOf(rule: AnyRule): readonly AnyRule[] {
  if ("all" in rule) return rule.all.flatMap(leavesOf);
  if ("any" in rule) return rule.any.flatMap(leavesOf);
  return [rule];
}

/** Whether every value that the metric can have passes. */
function neverFails(rule: AnyRule, facts: CheckFacts): boolean {
  if ("all" in rule) return rule.all.every((part) => neverFails(part, facts));
  if ("any" in rule) return rule.any.some((part) => neverFails(part, facts));
  if ("coverage" in rule) return rule.min === 0;
  if ("must_pass" in rule || "budget" in rule || "trend" in rule) return false;
  if ("better_than" in rule || ("no_worse_than" in rule && rule.no_worse_than !== undefined)) return false;
  const unit = facts.unitOf(rule.metric);
  if (unit === undefined || unit === "rating" || !("min" in rule || "max" in rule)) return false;
  const top = unit === "proportion" || unit === "score" ? 1 : Number.POSITIVE_INFINITY;
  const { min, max } = rule as { min?: number; max?: number };
  return (min === undefined || min <= 0) && (max === undefined || max >= top);
}

function warningsOfLeaf(rule: AnyRule, facts: CheckFacts): string[] {
  if ("must_pass" in rule && Array.isArray(rule.must_pass) && facts.caseIds !== null) {
    const { caseIds } = facts;
    const unknown = rule.must_pass.filter((id) => !caseIds.has(id));
    if (unknown.length > 0) return [`the golden set has no case ${unknown.slice(0, 5).join(", ")}`];
  }
  const metric = "metric" in rule ? rule.metric : undefined;
  if (metric === undefined) return [];
  const missing = metric.startsWith("judge.") ? facts.whyNotCalibrated(metric) : null;
  return [
    ...(missing === null ? [] : [`${metric} decides nothing yet. ${missing}`]),
    ...("coverage" in rule || "by" in rule ? [] : fewCases(rule, metric, facts)),
  ];
}

/** A floor under a rate: whether as many cases as there are can reach it, and how much chance is in it. */
function fewCases(rule: AnyRule, metric: string, { unitOf, caseIds, level }: CheckFacts): string[] {
  if (!("bound" in rule) || caseIds === null || caseIds.size === 0 || unitOf(metric) !== "proportion")
    return [];
  const threshold = rule.min ?? rule.max;
  if (threshold === undefined || threshold <= 0 || threshold >= 1) return [];
  const n = caseIds.size;
  const percent = `${Number((level * 100).toPrecision(6))} %`;
  if (rule.bound === "estimate") {
    const { lower, upper } = wilson(Math.round(threshold * n), n, level);
    if (lower === null || upper === null || (upper - lower) / 2 <= WIDE) return [];
    return [
      `chance has a say: with ${n} cases the ${percent} interval around ${threshold} is about [${lower.toFixed(2)}, ${upper.toFixed(2)}]; \`bound\` would ask for more than luck`,
    ];
  }
  const reachable = rule.bound === "lower" && rule.min !== undefined ? rule.min : null;
  if (reachable === null) return [];
  const z = normalUpperQuantile((1 - level) / 2);
  // All of n passed: the lower limit of Wilson is n / (n + z²).
  const needed = Math.ceil((z * z * reachable) / (1 - reachable));
  if (n >= needed) return [];
  return [
    `cannot pass with one trial of ${n} cases: the lower limit reaches ${reachable} with ${needed} cases or more, all of them passed`,
  ];
}

function repeated(named: readonly NamedRule[]): GateWarning[] {
  const seen = new Map<string, string>();
  return named.flatMap(({ rule, name }): GateWarning[] => {
    const { name: _own, ...content } = rule;
    const key = JSON.stringify(content);
    const twin = seen.get(key);
    if (twin === undefined) seen.set(key, name);
    return twin === undefined ? [] : [{ gate: name, message: `says the same as ${twin}` }];
  });
}

function nothingDecides(named: readonly NamedRule[]): GateWarning[] {
  if (named.some(({ rule }) => rule.severity !== "minor")) return [];
  return [{ gate: null, message: "every gate is minor, so that none can block: any complete run passes" }];
}

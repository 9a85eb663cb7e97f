import type { ThresholdGate } from "../../../config/gates/gate-schema.js";
import { formatQuantity } from "../../../core/quantity.js";
import type { Estimate } from "../../../core/score.js";
import { isThreshold } from "../../../gates/gate-kind.js";
import type { GateResult } from "../../../gates/gate-report.js";
import { changedParts } from "../changed-parts.js";
import type { PlacedRule, ReadinessFacts, RunFacts } from "../facts.js";
import {
  change,
  command,
  evalCommand,
  evidence,
  type Finding,
  gap,
  type ItemDefinition,
  lines,
  met,
  named,
  noRun,
  unknown,
} from "../finding.js";

const DAY_MS = 86_400_000;
/** A run that is older says how it was, not how it is. */
const MOST_DAYS = 30;

export const sloItems: readonly ItemDefinition[] = [
  slo(
    "latency",
    "Latency (p95)",
    "latency.p95_ms",
    "max",
    "max: 3500",
    "An average hides that one user in twenty waits.",
  ),
  slo(
    "errors",
    "Error rate",
    "error_rate",
    "max",
    "max: 0.02, bound: upper",
    "Nobody mends what nobody said was too much.",
  ),
  slo(
    "cost",
    "Cost per success",
    "cost.per_success_usd",
    "max",
    "max: 0.08",
    "A cheap call that fails costs more than a dear one that works.",
  ),
  slo(
    "success",
    "Task success",
    "task.success",
    "min",
    "min: 0.9, bound: lower",
    "Without a target no release is good enough, or each one is.",
  ),
];

function slo(
  name: string,
  what: string,
  metric: string,
  side: "min" | "max",
  example: string,
  why: string,
): ItemDefinition {
  return {
    id: `slos.${name}`,
    list: "slos",
    title: `${what} has a target that a recent run is held to`,
    why,
    check: (facts) => {
      const target = facts.gates.rules.find(
        (placed): placed is PlacedRule & { readonly rule: ThresholdGate } => {
          const { rule } = placed;
          return isThreshold(rule) && rule.metric === metric && rule[side] !== undefined;
        },
      );
      if (target === undefined) {
        return gap(
          evidence(`no gate says what ${metric} must be`, facts.gates.file),
          lines(facts.gates.file, "gates:", `  - { metric: ${metric}, ${example} }`),
        );
      }
      return held(facts, target.rule, target.place, side);
    },
  };
}

function held(facts: ReadinessFacts, rule: ThresholdGate, place: string, side: "min" | "max"): Finding {
  const {
    run,
    gates,
    now,
    suite,
    agents: [agent],
  } = facts;
  if (run === null) return noRun(facts);
  const where = `run ${run.id}`;
  const target = evidence(`target: ${gateWords(rule, side)}`, place);
  const days = Math.floor((now - Date.parse(run.finishedAt)) / DAY_MS);
  const estimate = run.estimates.find((one) => one.metric === rule.metric);
  if (estimate === undefined || estimate.value === null) {
    const why = estimate?.reason ?? "the run was not scored by it";
    return gap([target, evidence(`not measured: ${why}`, where)], toMeasure(facts, estimate));
  }
  const measured = evidence(`measured: ${measuredWords(estimate)}, ${days} days ago`, where);
  if (days >= MOST_DAYS) {
    return gap([target, measured, evidence(`older than ${MOST_DAYS} days`, where)], evalCommand(suite));
  }
  const changed = changedParts(run, agent);
  if (changed.length > 0) {
    return unknown(
      [target, measured, evidence(`changed since: ${named(changed)}`, agent.file)],
      evalCommand(suite),
    );
  }
  if ((side === "min" ? estimate.lower : estimate.upper) === null) {
    const limit = side === "min" ? "a lower" : "an upper";
    return gap(
      [target, measured, evidence(`too little data for ${limit} limit`, where)],
      change(`run more cases or trials; \`agentctl dataset power ${facts.dataset.file}\` says how many`),
    );
  }
  const result = resultOf(gates.report?.results ?? [], rule);
  if (result === null)
    return unknown(
      [target, measured, evidence("the gate was not judged", where)],
      command(`agentctl gate ${run.id}`),
    );
  return result.verdict === "pass"
    ? met(target, measured)
    : gap(
        [target, measured, evidence(`the gate says ${result.verdict}: ${result.reason}`, where)],
        command(`agentctl gate explain ${quoted(result.name)} ${run.id}`),
      );
}

function toMeasure({ suite }: ReadinessFacts, estimate: RunFacts["estimates"][number] | undefined) {
  return estimate === undefined
    ? evalCommand(suite)
    : change("give the run what the metric needs; `agentctl metrics show` says what");
}

function gateWords(rule: ThresholdGate, side: "min" | "max"): string {
  const bound = rule.bound === "estimate" ? "" : `, held by its ${rule.bound} limit`;
  return `${rule.metric} ${side === "min" ? "at least" : "at most"} ${rule[side]}${bound}`;
}

function measuredWords({ value, lower, upper, unit, n }: Estimate): string {
  const said = (one: number | null) => (one === null ? "none" : formatQuantity(one, unit));
  return `${said(value)} [${said(lower)}, ${said(upper)}], n ${n}`;
}

function resultOf(results: readonly GateResult[], rule: ThresholdGate): GateResult | null {
  for (const result of results) {
    const { metric, min, max, bound, kind } = result;
    const isIt = kind === "threshold" && metric === rule.metric && bound === rule.bound;
    if (isIt && min === (rule.min ?? null) && max === (rule.max ?? null)) return result;
    const part = resultOf(result.parts, rule);
    if (part !== null) return part;
  }
  return null;
}

function quoted(name: string): string {
  return /^[\w./:@=+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

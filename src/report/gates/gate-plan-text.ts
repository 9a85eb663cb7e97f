import { formatThreshold } from "../../core/quantity.js";
import type { GatePlan, PlannedGate, PlannedScenario, VerdictChances } from "../../gates/plan/gate-plan.js";
import { bullets } from "../bullet-list.js";
import { counted } from "../counted.js";
import { shortHash } from "../format.js";
import { oneLine } from "../plain-text.js";
import { painter, type TextStyle, widthOf } from "../text-style.js";
import { textTable } from "../text-table.js";

/**
 * What the rules will do: a table of drops, one of ratios, one around absolute thresholds, then what the gates would need
 * and what all of it rests on. Cells say how often a gate does not pass, and in brackets, where it can be inconclusive, how often it fails outright.
 */
export function renderGatePlan(plan: GatePlan, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { suite, dataset, trialsPerCase } = plan;
  const head = `Plan of ${counted(plan.gates.length, "gate")} on suite ${oneLine(suite, 80)} · ${counted(dataset.cases, "case")} in ${counted(dataset.groups, "independent group")} · ${counted(trialsPerCase, "trial")} a case`;
  const sections = [
    section("drop", "Does not pass (and fails outright) when the candidate is worse by", plan),
    section("ratio", "Does not pass (and fails outright) when times, costs and counts grow by", plan),
    truthSection(plan.gates),
    ["What it would take", ...bullets(plan.gates.flatMap(needsOf), width)],
    ["Not planned", ...bullets(plan.gates.flatMap(notPlanned), width)],
    ["Rests on", ...bullets([...plan.assumptions, methodSentence(plan)], width)],
  ];
  return [
    paint(head, "bold"),
    ...sections.flatMap(([title, ...lines]) =>
      title === undefined || lines.length === 0 ? [] : ["", paint(title, "bold"), ...lines],
    ),
    "",
    paint(`dataset ${shortHash(dataset.hash)} · gates ${shortHash(plan.gatesHash)}`, "dim"),
  ].join("\n");
}

/** Gates, and the policy, by what is planted. */
function section(kind: "drop" | "ratio", title: string, plan: GatePlan): string[] {
  const planned = plan.policy.map(({ planted }) => planted).filter((planted) => planted.kind === kind);
  const gates = plan.gates.filter(({ scenarios }) => scenarios.some(({ planted }) => planted.kind === kind));
  if (gates.length === 0) return [];
  const sizes = planned.map((planted) => (planted.kind === "same" ? 0 : planted.size));
  const cells = (scenarios: readonly PlannedScenario[]) => [
    cell(scenarios.find(({ planted }) => planted.kind === "same")),
    ...sizes.map((size) =>
      cell(scenarios.find(({ planted }) => planted.kind === kind && planted.size === size)),
    ),
  ];
  const table = textTable(
    [
      { title: "gate" },
      { title: "how" },
      { title: "nothing", align: "right" },
      ...sizes.map((size) => ({ title: sizeName(kind, size), align: "right" as const })),
      { title: "seen with 80 %", align: "right" },
    ],
    [
      ...gates.map((gate) => [
        gateName(gate),
        gate.method === "exact" ? "exact" : "simulated",
        ...cells(gate.scenarios),
        gate.kind === "all" || gate.kind === "any" || gate.metric === null ? "" : seen(kind, gate),
      ]),
      ["the whole policy", "simulated", ...cells(plan.policy), ""],
    ],
  );
  return [title, ...table];
}

function seen(kind: "drop" | "ratio", { seenWith80 }: PlannedGate): string {
  return seenWith80 === null ? "none of them" : `about ${sizeName(kind, seenWith80)}`;
}

function sizeName(kind: "drop" | "ratio", size: number): string {
  if (kind === "ratio") return `x ${Number(size.toFixed(2))}`;
  const points = Number((size * 100).toFixed(1));
  return `${points} ${points === 1 ? "point" : "points"}`;
}

function cell(chances: VerdictChances | undefined): string {
  if (chances === undefined) return "";
  const blocked = 1 - chances.pass;
  const error = chances.standardError === null ? "" : ` ±${(chances.standardError * 100).toFixed(1)}`;
  const outright = chances.inconclusive === 0 ? "" : ` (${percent(chances.fail)})`;
  return `${percent(blocked)}${error}${outright}`;
}

function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return "<0.1 %";
  if (value < 100 && value > 99.95) return ">99.9 %";
  return `${value.toFixed(1)} %`;
}

function gateName({ name, severity }: PlannedGate): string {
  return severity === "minor" ? `${oneLine(name, 60)} (warns only)` : oneLine(name, 60);
}

/** Absolute thresholds: how often they pass by where the truth lies. */
function truthSection(gates: readonly PlannedGate[]): string[] {
  const shown = gates.filter(({ truths }) => truths.length > 0);
  if (shown.length === 0) return [];
  const clearances = [...new Set(shown.flatMap(({ truths }) => truths.map((one) => one.clearance)))].sort(
    (a, b) => a - b,
  );
  const table = textTable(
    [
      { title: "gate" },
      { title: "threshold", align: "right" },
      ...clearances.map((clearance) => ({ title: clearanceName(clearance), align: "right" as const })),
    ],
    shown.map((gate) => [
      gateName(gate),
      thresholdOf(gate),
      ...clearances.map((clearance) => {
        const found = gate.truths.find((one) => one.clearance === clearance);
        return found === undefined ? "" : percent(found.pass);
      }),
    ]),
  );
  return ["Passes when the truth misses (-) or clears (+) the threshold by, in points", ...table];
}

function clearanceName(clearance: number): string {
  const points = Number((clearance * 100).toFixed(1));
  return points === 0 ? "at it" : `${points > 0 ? "+" : ""}${points}`;
}

function thresholdOf({ truths, unit }: PlannedGate): string {
  const at = truths.find(({ clearance }) => clearance === 0);
  return at === undefined || unit === null ? "" : formatThreshold(at.truth, unit);
}

function needsOf(gate: PlannedGate): string[] {
  return gate.needs.map((need) => `${oneLine(gate.name, 60)}: ${need}.`);
}

function notPlanned(gate: PlannedGate): string[] {
  return gate.note === null ? [] : [`${oneLine(gate.name, 60)}: ${gate.note}.`];
}

function methodSentence({ gates, draws, resampledDraws, resamples, seed }: GatePlan): string {
  const isDrawn = gates.some(({ method }) => method !== "none");
  const exact = gates.some(({ method }) => method === "exact")
    ? "Exact figures are sums over all outcomes. "
    : "";
  const fewer =
    resampledDraws < draws
      ? ` (${resampledDraws} where comparisons resample, with ${resamples} resamples each; --draws sets both)`
      : "";
  return isDrawn
    ? `${exact}Simulated ones come from ${draws} drawn pairs of runs${fewer}, seed ${seed}, judged by the judge of real runs; after ± stands one Monte Carlo standard error in points.`
    : "Nothing had to be drawn.";
}

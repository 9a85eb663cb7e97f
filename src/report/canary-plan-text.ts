import { bullets } from "./bullet-list.js";
import type {
  CanaryPlanReport,
  PlannedRule,
  PlannedRuleSight,
  PlannedStepSight,
} from "./canary-plan-document.js";
import { counted } from "./counted.js";
import { formatCost } from "./format.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";

/** The steps, what each rule can tell there, what all of it takes, and why the plan is refused where it is. */
export function renderCanaryPlan(plan: CanaryPlanReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { service, unit, perHour, steps, rules, refusals, notes } = plan;
  const head = `Canary of ${oneLine(service, 60)} · ${Math.round(perHour).toLocaleString("en-US")} ${unit}s an hour (${plan.trafficSource}) · stable succeeds at ${percent(plan.stableRate)} (${plan.stableRateSource})`;
  const sections: [string, string[]][] = [
    ["Steps", stepTable(steps)],
    [
      `Least harm that is rolled back with 80 %, at alpha ${percent(plan.alphaOfRule)} a rule over all looks; * = passes with 80 % when nothing is wrong`,
      sightTable(plan),
    ],
    ["Rules", bullets(rules.map(ruleSentence), width)],
    ["Takes", bullets(takes(plan), width)],
    ["Know", bullets(notes, width)],
    ["Refused", bullets(refusals, width)],
  ];
  const verdict =
    refusals.length === 0
      ? paint("The plan can tell what its rules ask.", "green")
      : paint(`The plan is refused: ${counted(refusals.length, "reason")}.`, "red");
  return [
    ...wrap(head, width).map((line) => paint(line, "bold")),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ["", ...wrap(title, width).map((line) => paint(line, "bold")), ...lines],
    ),
    "",
    verdict,
  ].join("\n");
}

function stepTable(steps: readonly PlannedStepSight[]): string[] {
  const right = { align: "right" as const };
  return textTable(
    [
      { title: "step" },
      { title: "traffic", ...right },
      { title: "canary", ...right },
      { title: "stable", ...right },
      { title: "wants", ...right },
      { title: "bake", ...right },
      { title: "at most", ...right },
      { title: "lasts", ...right },
      { title: "none seen rules out", ...right },
      { title: "" },
    ],
    steps.map((step) => [
      String(step.step),
      `${step.percent} %`,
      whole(step.canaryConversations),
      whole(step.stableConversations),
      whole(step.minConversations),
      time(step.bakeMs),
      time(step.maxBakeMs),
      step.lastsMs === null ? "pauses" : time(step.lastsMs),
      step.zeroEventsBound === null ? "nothing" : percent(step.zeroEventsBound),
      step.needsApproval ? "approval" : "",
    ]),
  );
}

/** One row a rule that has figures, one column a step. */
function sightTable({ steps, rules }: CanaryPlanReport): string[] {
  const shown = rules.filter(({ note }) => note === null);
  if (shown.length === 0) return [];
  return textTable(
    [
      { title: "rule" },
      { title: "margin", align: "right" },
      ...steps.map(({ percent: share }) => ({ title: `${share} %`, align: "right" as const })),
    ],
    shown.map((rule) => [
      oneLine(rule.measure, 40),
      rule.margin === null ? "" : points(rule.margin),
      ...steps.map(({ rules: sights }) => sightCell(sights.find(({ measure }) => measure === rule.measure))),
    ]),
  );
}

function sightCell(sight: PlannedRuleSight | undefined): string {
  if (sight === undefined || sight.detectable === null) return "none";
  return `${points(sight.detectable)}${sight.resolvesByEnd ? " *" : "  "}`;
}

function ruleSentence(rule: PlannedRule): string {
  const mode = rule.mode === "observe" ? " (observed only)" : "";
  const name = `${oneLine(rule.measure, 40)}${mode} ${rule.threshold}`;
  if (rule.note !== null) return `${name}: ${rule.note}.`;
  const least = (margin: number | null) => (margin === null ? "none" : points(margin));
  const rate = rule.rate === null ? "" : ` at a rate of ${percent(rule.rate)}`;
  return `${name}${rate}: the plan rules out ${least(rule.resolvableMargin)} by its usual bake and ${least(rule.resolvableMarginByLongest)} by its longest; this margin takes ${whole(rule.neededConversations ?? 0)} conversations of the canary, ${time(rule.neededMs ?? 0)} at the share of the last step with a control.`;
}

function takes(plan: CanaryPlanReport): string[] {
  const usual = plan.lastsMs === null ? "it pauses on the way" : time(plan.lastsMs);
  return [
    `${usual}; at the longest ${time(plan.longestMs)}, without pauses and approvals.`,
    `${counted(plan.exposedConversations, plan.unit)} meet the canary before it is promoted.`,
    plan.canaryCostUsd === null
      ? "Model cost of these is not known; stable would have cost its own for them."
      : `Model cost of these at stable's prices: ${formatCost(plan.canaryCostUsd)}, instead of stable's, not on top of it.`,
    `Stable keeps all of its capacity to the end, so the canary's is extra: up to ${percent(plan.extraCapacity)} of today's at the last step.`,
  ];
}

function points(share: number): string {
  return `${Number((share * 100).toPrecision(3))} pt`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function whole(count: number): string {
  return count.toLocaleString("en-US");
}

/** `90 s`, `30 min`, `1.5 h`, `2.1 d`. */
function time(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Number((ms / 3_600_000).toPrecision(3))} h`;
  return `${Number((ms / 86_400_000).toPrecision(3))} d`;
}

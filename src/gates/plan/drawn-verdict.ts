import type { BetterGate, MustPassGate, NoWorseGate, SliceGate } from "../../config/gates/gate-schema.js";
import type { Verdict } from "../../core/score.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { Metric } from "../../metrics/metric.js";
import type { Contrast } from "../baseline/contrast.js";
import { verdictOnLoss } from "../baseline/judge-loss.js";
import { type Margin, parseMargin } from "../baseline/margin.js";
import { verdictOnDrop } from "../baseline/significant-drop-rule.js";
import { type AnyRule, kindOf } from "../gate-kind.js";
import { judgeGate } from "../judge-gate.js";
import { levelOf } from "../judge-gates.js";
import { verdictOnGain } from "../kinds/better-gate.js";
import { judgedStanding } from "../kinds/judged-metric.js";
import { judgeMustPass } from "../kinds/must-pass-gate.js";
import { lossMarginOf } from "../kinds/no-worse-gate.js";
import { selectCases } from "../kinds/planned-cases.js";
import { judgeThreshold } from "../kinds/threshold-gate.js";
import { findSlices } from "../slices/find-slices.js";
import { stepDown } from "../slices/step-down.js";
import { drawnEvidence } from "./drawn-evidence.js";
import { contrastOn, type DrawnLayout, type DrawnPair, RowSubset } from "./drawn-pair.js";
import type { PlanWorld } from "./plan-input.js";

/** The verdict of one rule on drawn runs. */
export type DrawnJudge = (drawn: DrawnPair) => Verdict;

const WORST_FIRST: readonly Verdict[] = ["error", "fail", "inconclusive", "pass"];
/** From here on an error rate says nothing. */
const USELESS_ALPHA = 0.5;

/**
 * Judges as the judge of real runs does, without sentences, test statistics and lists of cases: what depends on the golden
 * set alone is worked out once, and verdicts on the same counts of pairs are remembered.
 */
export function drawnJudge(rule: AnyRule, name: string, world: PlanWorld, layout: DrawnLayout): DrawnJudge {
  const kind = kindOf(rule);
  if ("all" in rule || "any" in rule) return partsJudge(rule, world, layout);
  const metric = "metric" in rule ? world.set.metrics.find((one) => one.name === rule.metric) : undefined;
  const isOpen = metric !== undefined && judgedStanding(metric.name, world.standings).whyNot === null;
  if (metric !== undefined && kind === "threshold") return thresholdJudge(rule, name, metric, world);
  if (isOpen && kind === "no-worse") return lossJudge(rule as NoWorseGate, metric, world);
  if (isOpen && kind === "better") return gainJudge(rule as BetterGate, metric, world);
  if (isOpen && "by" in rule && "no_worse_than" in rule && rule.no_worse_than !== undefined) {
    return slicesJudge(rule as SliceGate, metric, world, layout);
  }
  if ("must_pass" in rule) return casesJudge(rule, name, world, layout);
  return ({ evidence }) => judgeGate(rule, { evidence, rules: world.rules, name }).verdict;
}

/** Of forbidden failures: the cases that the rule names are looked up once, and the judge sees their trials alone. */
function casesJudge(rule: MustPassGate, name: string, world: PlanWorld, layout: DrawnLayout): DrawnJudge {
  const { rules, header } = world;
  const { must_pass: which } = rule;
  const evidence = drawnEvidence(world, layout.model, () => []);
  const selection = typeof which === "string" ? selectCases(evidence.own, which) : null;
  const named = typeof which === "string" ? [] : which;
  const ids = new Set(
    selection !== null && "cases" in selection
      ? selection.cases.map(({ goldenCase }) => goldenCase.id)
      : named,
  );
  const subset = new RowSubset(layout, ids);
  const run = { ...header, plan: header.plan.filter(({ caseId }) => ids.has(caseId)) };
  const success = world.set.metrics.find((one) => one.name === TASK_SUCCESS);
  const known = new RememberedVerdicts();
  return (drawn) =>
    known.of(success === undefined ? null : drawn.tally(success, subset.at), () => {
      const own = { ...evidence.own, run, rows: subset.pick(drawn.candidate) };
      return judgeMustPass(rule, { evidence: { ...evidence, own }, rules, name }).verdict;
    });
}

function partsJudge(
  rule: Extract<AnyRule, { readonly all: unknown } | { readonly any: unknown }>,
  world: PlanWorld,
  layout: DrawnLayout,
): DrawnJudge {
  const parts: readonly AnyRule[] = "all" in rule ? rule.all : rule.any;
  const order: readonly Verdict[] =
    "all" in rule ? ["fail", "inconclusive", "pass"] : ["pass", "inconclusive", "fail"];
  const deciding = "all" in rule ? "fail" : "pass";
  const judges = parts.map((part) => drawnJudge(part, "", world, layout));
  return (drawn) => {
    const verdicts: Verdict[] = [];
    for (const judge of judges) {
      verdicts.push(judge(drawn));
      // Whatever the others say.
      if (verdicts.includes(deciding)) return deciding;
    }
    return order.find((one) => verdicts.includes(one)) ?? "inconclusive";
  };
}

function thresholdJudge(rule: AnyRule, name: string, metric: Metric, world: PlanWorld): DrawnJudge {
  const judged = { standings: world.standings };
  const known = new RememberedVerdicts();
  return (drawn) =>
    known.of(drawn.tally(metric), () => {
      const evidence = { judged, estimates: [drawn.estimate(metric)] };
      return judgeThreshold(rule as Parameters<typeof judgeThreshold>[0], { evidence, name }).verdict;
    });
}

function lossJudge(rule: NoWorseGate, metric: Metric, { rules }: PlanWorld): DrawnJudge {
  const alpha = rule.alpha ?? rules.defaults.alpha;
  const margin = lossMarginOf(rule, metric.unit);
  const isDrop = rule.rule === "significant-drop";
  return comparedJudge(metric, margin, alpha, (contrast) =>
    isDrop
      ? verdictOnDrop({ contrast, compared: { metric } }, margin, alpha)
      : verdictOnLoss(contrast, metric.direction, margin.amount, alpha),
  );
}

function gainJudge(rule: BetterGate, metric: Metric, { rules }: PlanWorld): DrawnJudge {
  const alpha = rule.alpha ?? rules.defaults.alpha;
  const margin = parseMargin(rule.margin ?? 0);
  return comparedJudge(metric, margin, alpha, (contrast) =>
    verdictOnGain(contrast, metric.direction, margin.amount, alpha),
  );
}

function comparedJudge(
  metric: Metric,
  { isRelative }: Margin,
  alpha: number,
  verdictOn: (contrast: Contrast) => Verdict,
): DrawnJudge {
  if (alpha >= USELESS_ALPHA) return () => "inconclusive";
  const known = new RememberedVerdicts();
  return (drawn) =>
    known.of(drawn.pairs(metric), () => {
      const contrast = drawn.contrast(metric, isRelative);
      return contrast.value === null ? "inconclusive" : verdictOn(contrast);
    });
}

function slicesJudge(rule: SliceGate, metric: Metric, world: PlanWorld, layout: DrawnLayout): DrawnJudge {
  const margin = parseMargin(rule.margin ?? 0);
  const alpha = rule.alpha ?? world.rules.defaults.alpha;
  if (alpha >= USELESS_ALPHA) return () => "inconclusive";
  const level = levelOf(world.rules);
  const slices = findSlices(layout.model, world.cases, rule.by)
    .filter(({ caseIds }) => caseIds.size >= rule.min_cases)
    .map(({ caseIds }) => new RowSubset(layout, caseIds));
  const known = new RememberedVerdicts();
  const { direction } = metric;
  return (drawn) => {
    const judged = slices.map((slice): JudgedPart => {
      let found: Contrast | null = null;
      const contrast = () => {
        found ??= contrastOn(slice.of(drawn.rows), metric, margin.isRelative, level);
        return found;
      };
      const pairs = drawn.pairs(metric, slice.at);
      const at = (error: number) =>
        known.of(pairs === null ? null : `${pairs} ${error}`, () =>
          contrast().value === null
            ? "inconclusive"
            : verdictOnLoss(contrast(), direction, margin.amount, error),
        );
      return {
        verdict: at(alpha),
        hasInterval: () => contrast().value !== null && hasLimits(contrast(), alpha),
        failsAmong: (among) => at(alpha / among) === "fail",
      };
    });
    const verdicts = rule.correction === "none" ? judged.map(({ verdict }) => verdict) : corrected(judged);
    return WORST_FIRST.find((one) => verdicts.includes(one)) ?? "inconclusive";
  };
}

interface JudgedPart {
  readonly verdict: Verdict;
  /** Whether it is among those that are tested. */
  readonly hasInterval: () => boolean;
  readonly failsAmong: (slices: number) => boolean;
}

function hasLimits(contrast: Contrast, alpha: number): boolean {
  const { lower, upper } = contrast.limitsAt(1 - 2 * alpha);
  return lower !== null || upper !== null;
}

/** As Holm's correction leaves them: failures that it takes back are inconclusive. */
function corrected(judged: readonly JudgedPart[]): Verdict[] {
  if (!judged.some(({ verdict }) => verdict === "fail")) return judged.map(({ verdict }) => verdict);
  const tested = judged.filter((one) => one.hasInterval());
  const rejected = stepDown(tested.length, (index, among) => tested[index]?.failsAmong(among) ?? false);
  return judged.map((one) =>
    one.verdict === "fail" && !rejected.has(tested.indexOf(one)) ? "inconclusive" : one.verdict,
  );
}

/** Verdicts by what they rest on; without such a key they are worked out each time. */
class RememberedVerdicts {
  private readonly known = new Map<string, Verdict>();

  of(key: string | null, judge: () => Verdict): Verdict {
    if (key === null) return judge();
    const verdict = this.known.get(key) ?? judge();
    this.known.set(key, verdict);
    return verdict;
  }
}

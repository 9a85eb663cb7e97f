import type { Verdict } from "../../core/score.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { AnyRule } from "../gate-kind.js";
import { sayOf, worstOf } from "../judge-gates.js";
import { skipGates } from "../skip-gates.js";
import { waiverDaysLeft } from "../waivers.js";
import { drawnEvidence } from "./drawn-evidence.js";
import { type DrawnLayout, DrawnPair, DrawnRun, layoutOf } from "./drawn-pair.js";
import { type DrawnJudge, drawnJudge } from "./drawn-verdict.js";
import type { PlanWorld } from "./plan-input.js";
import { type UnchangedFor, unchangedFor } from "./unchanged.js";

interface NamedRule {
  readonly rule: AnyRule;
  readonly name: string;
}

interface PreparedRule {
  /** `null` for a rule whose condition does not hold. */
  readonly judge: DrawnJudge | null;
  readonly unchanged: UnchangedFor | null;
  readonly severity: AnyRule["severity"];
  readonly isWaived: boolean;
  readonly onInconclusive: "fail" | "inconclusive";
}

/** Judges the rows of a scenario by some of the rules; `null` for those that are not asked. */
type RoundJudge = (
  rows: readonly TrialRow[],
  isAsked: (index: number) => boolean,
) => readonly (Verdict | null)[];

/** All rules of a plan, ready to judge one draw after the other. */
export class DrawnPolicy {
  private prepared: { readonly layout: DrawnLayout; readonly rules: readonly PreparedRule[] } | null = null;
  /** What holds of every draw: an expired waiver fails, and nothing is decided where all conditions are unmet. */
  private always: Verdict = "pass";

  constructor(
    private readonly world: PlanWorld,
    private readonly named: readonly NamedRule[],
  ) {}

  /** @param candidate - as good as the baseline */
  judgeOf(candidate: readonly TrialRow[], baseline: () => readonly TrialRow[]): RoundJudge {
    this.prepared ??= this.prepare(candidate);
    const { layout, rules } = this.prepared;
    const equal = new Map<number, Verdict>();
    let drawnBaseline: DrawnRun | null = null;
    const other = () => {
      drawnBaseline ??= new DrawnRun(baseline());
      return drawnBaseline;
    };
    const pairOf = (rows: readonly TrialRow[]) =>
      new DrawnPair(this.world, layout, new DrawnRun(rows), other);
    const equalPair = pairOf(candidate);
    const onEqual = (judge: DrawnJudge, index: number): Verdict => {
      const known = equal.get(index) ?? judge(equalPair);
      equal.set(index, known);
      return known;
    };
    return (rows, isAsked) => {
      const drawn = rows === candidate ? equalPair : pairOf(rows);
      return rules.map(({ judge, unchanged }, index) => {
        if (!isAsked(index)) return null;
        if (judge === null) return "pass";
        const isEqual = rows === candidate || (unchanged !== null && isUnchanged(unchanged, rows, candidate));
        return isEqual ? onEqual(judge, index) : judge(drawn);
      });
    };
  }

  /** Of the whole, by the verdicts of all rules. */
  verdictOf(verdicts: readonly (Verdict | null)[]): Verdict {
    const said = verdicts.map((verdict, index): Verdict => {
      const rule = this.prepared?.rules[index];
      if (verdict === null || rule === undefined || rule.judge === null) return "pass";
      return sayOf({ severity: rule.severity, verdict }, rule.isWaived, rule.onInconclusive);
    });
    return worstOf([this.always, ...said]);
  }

  private prepare(candidate: readonly TrialRow[]): NonNullable<DrawnPolicy["prepared"]> {
    const { world, named } = this;
    const { judged, skipped } = skipGates(
      named,
      drawnEvidence(world, candidate, () => []),
    );
    const { waivers = [], defaults } = world.rules;
    const { now } = world.standings;
    const valid = waivers.filter((waiver) => waiverDaysLeft(waiver, now) > 0).map(({ gate }) => gate);
    const isOpen = skipped.length > 0 && judged.every(({ rule }) => rule.severity === "minor");
    this.always = valid.length < waivers.length ? "fail" : isOpen ? "inconclusive" : "pass";
    const layout = layoutOf(world, candidate);
    const rules = named.map(({ rule, name }) => ({
      judge: judged.some((one) => one.name === name) ? drawnJudge(rule, name, world, layout) : null,
      unchanged: unchangedFor(rule, world.set.metrics),
      severity: rule.severity,
      isWaived: valid.includes(name),
      onInconclusive: rule.on_inconclusive ?? defaults.on_inconclusive,
    }));
    return { layout, rules };
  }
}

function isUnchanged(same: UnchangedFor, rows: readonly TrialRow[], equal: readonly TrialRow[]): boolean {
  return rows.every((row, index) => row === equal[index] || same(row, equal[index] as TrialRow));
}

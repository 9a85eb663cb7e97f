import type { GoldenCase } from "../../core/golden-case.js";
import type { SplitPlan } from "./assign-splits.js";

type Split = GoldenCase["split"];

/** Cases of a stratum by split, after a split. */
export interface StratumSplit {
  /** What the stratum is of. */
  readonly key: "all" | "risk" | "tag";
  /** Its value; `null`: the cases that state none, or all cases. */
  readonly value: string | null;
  readonly dev: number;
  readonly test: number;
  readonly holdout: number;
}

/** What a split did, with the shares that it came to. */
export interface SplitReport {
  readonly plan: SplitPlan;
  readonly cases: number;
  /** Groups, or cases with `by: case`. */
  readonly units: number;
  /** All cases first, then each risk, then each tag. */
  readonly strata: readonly StratumSplit[];
  /** Cases whose split changed, by from and to. */
  readonly moved: readonly { readonly from: Split; readonly to: Split; readonly cases: number }[];
  /** Groups that the new splits tear apart; only with `by: case`. */
  readonly tornGroups: number;
}

/** @param splits - the new split of each case */
export function splitReport(
  cases: readonly GoldenCase[],
  splits: readonly Split[],
  plan: SplitPlan,
): SplitReport {
  const placed = cases.map((one, position) => ({ one, split: splits[position] ?? one.split }));
  const stratum = (
    key: StratumSplit["key"],
    value: string | null,
    isIn: (one: GoldenCase) => boolean,
  ): StratumSplit => {
    const count = (split: Split) => placed.filter((each) => each.split === split && isIn(each.one)).length;
    return { key, value, dev: count("dev"), test: count("test"), holdout: count("holdout") };
  };
  const risks = (["critical", "high", "medium", "low", null] as const).filter((risk) =>
    cases.some((one) => one.risk === risk),
  );
  const tags = [...new Set(cases.flatMap((one) => one.tags))].sort();
  const groups = new Map<string, Set<Split>>();
  for (const { one, split } of placed) groups.set(one.group, (groups.get(one.group) ?? new Set()).add(split));
  const moves = new Map<string, { from: Split; to: Split; cases: number }>();
  for (const { one, split } of placed) {
    if (one.split === split) continue;
    const key = `${one.split} ${split}`;
    const move = moves.get(key) ?? { from: one.split, to: split, cases: 0 };
    move.cases++;
    moves.set(key, move);
  }
  return {
    plan,
    cases: cases.length,
    units: plan.by === "group" ? groups.size : cases.length,
    strata: [
      stratum("all", null, () => true),
      ...risks.map((risk) => stratum("risk", risk, (one) => one.risk === risk)),
      ...tags.map((tag) => stratum("tag", tag, (one) => one.tags.includes(tag))),
    ],
    moved: [...moves.values()],
    tornGroups: [...groups.values()].filter((each) => each.size > 1).length,
  };
}

import { parseCaseCondition } from "../../config/gates/case-condition.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import type { AnyRule } from "../gate-kind.js";
import { observedDiscordance, poolFacts, redrawFor } from "./pool-facts.js";
import { type TrialPool, trialPool } from "./trial-pool.js";

/** Share of cases whose outcome differs between two runs of one agent, where nobody knows better. */
const ASSUMED_DISCORDANT = 0.2;

export interface PlanPool {
  readonly pool: TrialPool;
  /** The metric whose outcomes say how far two runs of one agent differ; `null`: no rule looks at single outcomes. */
  readonly primary: string | null;
  /** Share of cases at which two drawn runs of one agent differ on it. */
  readonly discordant: number | null;
  readonly discordantFrom: "flag" | "trials" | "assumed";
}

/**
 * The pool that runs are drawn from. How far two runs of one agent differ is asked for, else what repeated trials of a
 * case show, else assumed.
 *
 * @param rows - completed trials, at least one
 * @param wanted - share of cases whose outcome differs, in [0, 1]; `null`: as the trials show
 */
export function planPool(
  rows: readonly TrialRow[],
  cases: readonly GoldenCase[],
  rules: GatesConfig,
  metrics: readonly Metric[],
  wanted: number | null,
): PlanPool {
  const declared: readonly AnyRule[] = [...rules.gates, ...(rules.slices ?? [])];
  const pinned = pinnedCases(declared, cases);
  const byId = new Map(cases.map((one) => [one.id, one]));
  const slicings = new Set((rules.slices ?? []).flatMap(({ by }) => by));
  const names = metrics.filter(({ level }) => level === "case").map(({ name }) => name);
  const pool = trialPool(
    rows,
    cases.map(({ id, group }) => ({ caseId: id, group })),
    {
      metrics: names,
      labelOf: (caseId) => labelOf(byId.get(caseId), slicings),
      isPinned: (caseId) => pinned.has(caseId),
    },
  );
  const primary = names.find((name) => poolFacts({ ...pool, redraw: 0 }, name).isBinary) ?? null;
  if (primary === null) {
    return { pool: { ...pool, redraw: 1 }, primary, discordant: null, discordantFrom: "assumed" };
  }
  const observed = observedDiscordance(pool, primary);
  const redraw = redrawFor(pool, primary, wanted ?? observed ?? ASSUMED_DISCORDANT);
  const drawn = { ...pool, redraw };
  return {
    pool: drawn,
    primary,
    discordant: poolFacts(drawn, primary).discordant,
    discordantFrom: wanted !== null ? "flag" : observed !== null ? "trials" : "assumed",
  };
}

function labelOf(goldenCase: GoldenCase | undefined, slicings: ReadonlySet<string>): string {
  if (goldenCase === undefined) return "";
  const { risk, split, group, tags } = goldenCase;
  return JSON.stringify([
    slicings.has("risk") ? risk : null,
    slicings.has("split") ? split : null,
    slicings.has("group") ? group : null,
    slicings.has("tag") || slicings.has("tenant") ? tags : null,
  ]);
}

function pinnedCases(rules: readonly AnyRule[], cases: readonly GoldenCase[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap((rule): readonly string[] => {
      if ("all" in rule) return [...pinnedCases(rule.all, cases)];
      if ("any" in rule) return [...pinnedCases(rule.any, cases)];
      if (!("must_pass" in rule)) return [];
      if (typeof rule.must_pass !== "string") return rule.must_pass;
      const condition = parseCaseCondition(rule.must_pass);
      if ("problem" in condition) return [];
      return cases.filter((one) => condition.value.matches(one)).map(({ id }) => id);
    }),
  );
}

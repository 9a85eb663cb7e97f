import { caseIndexOf, shareCaseIndex } from "../../comparison/case-index.js";
import { type AlignedRows, alignRuns } from "../../comparison/evidence.js";
import type { Estimate } from "../../core/score.js";
import { estimateMetric } from "../../metrics/estimate.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import { caseContrastOf, contrastOf, estimatesOf } from "../baseline/compared-metric.js";
import type { Contrast } from "../baseline/contrast.js";
import type { GateEvidence } from "../gate-evidence.js";
import { levelOf } from "../judge-gates.js";
import { drawnEvidence } from "./drawn-evidence.js";
import { type Outcomes, outcomesOf, pairsKey, tallyKey } from "./drawn-outcomes.js";
import type { PlanWorld } from "./plan-input.js";

/** What drawn runs have in common: the same cases in the same order, whatever came of them. */
export interface DrawnLayout {
  /** Rows of any drawn run. */
  readonly model: readonly TrialRow[];
  readonly design: AlignedRows["design"];
  /** Whether every row is a case and a group of its own: outcomes are then independent, and their counts say all. */
  readonly isIndependent: boolean;
}

/** @param rows - of the first drawn run */
export function layoutOf(world: PlanWorld, rows: readonly TrialRow[]): DrawnLayout {
  const { own } = drawnEvidence(world, rows, () => rows);
  const design = alignRuns(own, own).design;
  return { model: rows, design, isIndependent: design.clusters === rows.length && !design.hasRepeatedTrials };
}

/** One drawn run, and the outcomes in it. */
export class DrawnRun {
  private readonly known = new Map<Metric, Outcomes | null>();

  constructor(readonly rows: readonly TrialRow[]) {}

  outcomes(metric: Metric): Outcomes | null {
    const found = this.known.get(metric);
    if (found !== undefined) return found;
    const outcomes = outcomesOf(this.rows, metric);
    this.known.set(metric, outcomes);
    return outcomes;
  }
}

/** Two drawn runs, of which everything is worked out once, and only when a rule asks for it. */
export class DrawnPair {
  private known: GateEvidence | null = null;
  private pair: AlignedRows | null = null;
  private readonly estimates = new Map<Metric, Estimate>();

  constructor(
    private readonly world: PlanWorld,
    private readonly layout: DrawnLayout,
    private readonly own: DrawnRun,
    private readonly baseline: () => DrawnRun,
  ) {
    shareCaseIndex(own.rows, layout.model);
  }

  get candidate(): readonly TrialRow[] {
    return this.own.rows;
  }

  /** All that the judge of real runs looks at. */
  get evidence(): GateEvidence {
    this.known ??= drawnEvidence(this.world, this.candidate, () => this.baseline().rows);
    return this.known;
  }

  get rows(): AlignedRows {
    this.pair ??= this.joined();
    return this.pair;
  }

  /** Of the candidate, at the level of the rules. */
  estimate(metric: Metric): Estimate {
    const known =
      this.estimates.get(metric) ?? estimateMetric(metric, this.candidate, levelOf(this.world.rules));
    this.estimates.set(metric, known);
    return known;
  }

  /** What the verdict on a metric of independent outcomes rests on; `null` for other metrics and layouts. */
  tally(metric: Metric, at: Int32Array | null = null): string | null {
    const outcomes = this.layout.isIndependent ? this.own.outcomes(metric) : null;
    return outcomes === null ? null : tallyKey(outcomes, at);
  }

  /** The same of a comparison with the baseline. */
  pairs(metric: Metric, at: Int32Array | null = null): string | null {
    const after = this.layout.isIndependent ? this.own.outcomes(metric) : null;
    const before = after === null ? null : this.baseline().outcomes(metric);
    return after === null || before === null ? null : pairsKey(before, after, at);
  }

  contrast(metric: Metric, isRelative: boolean): Contrast {
    return contrastOn(this.rows, metric, isRelative, levelOf(this.world.rules));
  }

  private joined(): AlignedRows {
    const baseline = this.baseline().rows;
    shareCaseIndex(baseline, this.layout.model);
    const { design } = this.layout;
    return { design, baseline, candidate: this.candidate, resamples: this.world.resamples };
  }
}

/** How two drawn runs differ, on rows of the same cases. */
export function contrastOn(rows: AlignedRows, metric: Metric, isRelative: boolean, level: number): Contrast {
  const compared = { metric, rows };
  return (
    caseContrastOf(compared, isRelative) ?? contrastOf(compared, estimatesOf(compared, level), isRelative)
  );
}

/** The same rows of two runs, such as those of a slice. */
export class RowSubset {
  private model: readonly TrialRow[] | null = null;
  readonly at: Int32Array;
  private readonly cases: number;

  constructor({ model }: DrawnLayout, caseIds: ReadonlySet<string>) {
    const { ids, ofRow } = caseIndexOf(model);
    this.at = Int32Array.from(
      [...ofRow.keys()].filter((row) => caseIds.has(ids[ofRow[row] as number] as string)),
    );
    this.cases = caseIds.size;
  }

  of(rows: AlignedRows): AlignedRows {
    return {
      ...rows,
      design: { ...rows.design, cases: this.cases },
      baseline: this.pick(rows.baseline),
      candidate: this.pick(rows.candidate),
    };
  }

  pick(rows: readonly TrialRow[]): readonly TrialRow[] {
    const own = Array.from(this.at, (index) => rows[index] as TrialRow);
    this.model ??= own;
    shareCaseIndex(own, this.model);
    return own;
  }
}

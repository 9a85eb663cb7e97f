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
import type { PlanWorld } from "./plan-input.js";

/** What drawn runs have in common: the same cases in the same order, whatever came of them. */
export interface DrawnLayout {
  /** Rows of any drawn run. */
  readonly model: readonly TrialRow[];
  readonly design: AlignedRows["design"];
}

/** @param rows - of the first drawn run */
export function layoutOf(world: PlanWorld, rows: readonly TrialRow[]): DrawnLayout {
  const { own } = drawnEvidence(world, rows, () => rows);
  return { model: rows, design: alignRuns(own, own).design };
}

/** Two drawn runs, of which everything is worked out once, and only when a rule asks for it. */
export class DrawnPair {
  private known: GateEvidence | null = null;
  private pair: AlignedRows | null = null;
  private readonly estimates = new Map<Metric, Estimate>();

  constructor(
    private readonly world: PlanWorld,
    private readonly layout: DrawnLayout,
    readonly candidate: readonly TrialRow[],
    private readonly baseline: () => readonly TrialRow[],
  ) {
    shareCaseIndex(candidate, layout.model);
  }

  /** All that the judge of real runs looks at. */
  get evidence(): GateEvidence {
    this.known ??= drawnEvidence(this.world, this.candidate, this.baseline);
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

  contrast(metric: Metric, isRelative: boolean): Contrast {
    return contrastOn(this.rows, metric, isRelative, levelOf(this.world.rules));
  }

  private joined(): AlignedRows {
    const baseline = this.baseline();
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
  private readonly at: Int32Array;
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

import { assignmentLogRatio } from "../../stats/assignment-log-ratio.js";
import { changePointEValue } from "../../stats/change-point-e-value.js";
import type { StepLog } from "../evidence/release-evidence.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { AlternativesOf } from "./alternatives.js";
import type { UnitValue } from "./unit-values.js";

/** Evidence of harm from who got which outcome: exact at all looks under random assignment. */
export interface AssignmentEvidence {
  /** Natural logarithm of the e-value against a canary that is no worse. */
  readonly log: number;
  /** When the window began from which on it is largest; `null`: the whole release. */
  readonly since: number | null;
}

interface Block {
  /** Of the windows of the release, over all steps. */
  readonly window: number;
  readonly alternatives: ReturnType<AlternativesOf["next"]>;
  /** Counts by share: canary and stable units of each level. */
  readonly cells: { readonly share: number; readonly canary: number[]; readonly stable: number[] }[];
}

/**
 * Weighs the assignment of the units of a release. What an outcome says is fixed for blocks of units by what both arms
 * together showed before the block, so that the arms cannot choose it.
 */
export function assignmentEvidence(
  values: readonly UnitValue[],
  alternativesOf: AlternativesOf,
  windows: { readonly ms: number; readonly steps: readonly StepLog[]; readonly plan: ReleasePlan },
): AssignmentEvidence {
  const blocks: Block[] = [];
  const starts: number[] = [];
  const { steps, ms } = windows;
  let block: Block | null = null;
  let next = FIRST_BLOCK;
  let seen = 0;
  let place = -1;
  let index = -1;
  for (const value of values) {
    const { unit } = value;
    if (unit.place >= 0) {
      const stepStart = steps[unit.place]?.startedAt ?? 0;
      const within = Math.floor((unit.at - stepStart) / ms);
      const start = stepStart + within * ms;
      if (unit.place !== place || start !== starts[index]) {
        place = unit.place;
        starts.push(start);
        index += 1;
        block = null;
      }
      if (seen >= next) {
        while (seen >= next) next *= 2;
        block = null;
      }
      if (unit.share !== null) {
        if (block === null) {
          block = { window: index, alternatives: alternativesOf.next(), cells: [] };
          blocks.push(block);
        }
        count(block, value, unit.share);
      }
    }
    alternativesOf.learn(value);
    seen += 1;
  }
  if (starts.length === 0) return { log: 0, since: null };
  const weights = alternativesOf.weights;
  const rows = starts.map(() => weights.map(() => 0));
  for (const one of blocks) addRatios(rows[one.window] as number[], one);
  const { log, since } = changePointEValue(rows, weights, plannedWindows(windows.plan, ms));
  return { log, since: since === 0 ? null : (starts[since] ?? null) };
}

/** Units that both arms together must have shown before the first change of what an outcome says; then at each doubling. */
const FIRST_BLOCK = 32;

function count({ alternatives, cells }: Block, value: UnitValue, share: number): void {
  if (alternatives === null) return;
  let cell = cells.find((one) => one.share === share);
  if (cell === undefined) {
    const levels = alternatives.ratios[0]?.length ?? 0;
    cell = { share, canary: new Array<number>(levels).fill(0), stable: new Array<number>(levels).fill(0) };
    cells.push(cell);
  }
  const counts = value.unit.arm === "canary" ? cell.canary : cell.stable;
  counts[alternatives.levelOf(value)]! += 1;
}

function addRatios(row: number[], { alternatives, cells }: Block): void {
  if (alternatives === null) return;
  for (const { share, canary, stable } of cells) {
    for (const [at, ratios] of alternatives.ratios.entries()) {
      for (const [level, ratio] of ratios.entries()) {
        const units = { canary: canary[level] ?? 0, baseline: stable[level] ?? 0 };
        if (units.canary + units.baseline > 0) row[at]! += assignmentLogRatio(units, share, ratio);
      }
    }
  }
}

/** As many windows as the plan may last at most. */
function plannedWindows({ steps }: ReleasePlan, ms: number): number {
  return Math.max(
    1,
    steps.reduce((sum, { maxBakeMs }) => sum + Math.max(1, Math.ceil(maxBakeMs / ms)), 0),
  );
}

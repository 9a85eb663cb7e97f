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
  readonly alternatives: ReturnType<AlternativesOf["next"]>;
  /** Counts by share: canary and stable units of each level. */
  readonly cells: { readonly share: number; readonly canary: number[]; readonly stable: number[] }[];
}

/**
 * Weighs the assignment of the units of a release, one after the other. What an outcome says is fixed for blocks of units
 * by what both arms together showed before the block, so that the arms cannot choose it.
 */
export class AssignmentWeigher {
  readonly #alternativesOf: AlternativesOf;
  readonly #windowMs: number;
  /** When each window began, and its ratios by alternative from the blocks that are closed. */
  readonly #starts: number[] = [];
  readonly #rows: number[][] = [];
  #block: Block | null = null;
  #nextBlock = FIRST_BLOCK;
  #seen = 0;
  #place = -1;

  constructor(alternativesOf: AlternativesOf, windowMs: number) {
    this.#alternativesOf = alternativesOf;
    this.#windowMs = windowMs;
  }

  /** The next unit, in the order in which they began. */
  add(value: UnitValue, steps: readonly StepLog[]): void {
    const { unit } = value;
    if (unit.place >= 0) {
      this.#enterWindow(unit, steps);
      if (this.#seen >= this.#nextBlock) {
        while (this.#seen >= this.#nextBlock) this.#nextBlock *= 2;
        this.#closeBlock();
      }
      if (unit.share !== null) {
        this.#block ??= { alternatives: this.#alternativesOf.next(), cells: [] };
        count(this.#block, value, unit.share);
      }
    }
    this.#alternativesOf.learn(value);
    this.#seen += 1;
  }

  /** What all units so far come to. */
  evidence(plan: ReleasePlan): AssignmentEvidence {
    if (this.#starts.length === 0) return { log: 0, since: null };
    const { weights } = this.#alternativesOf;
    const rows = [...this.#rows.slice(0, -1), this.#openRow()];
    const { log, since } = changePointEValue(rows, weights, plannedWindows(plan, this.#windowMs));
    return { log, since: since === 0 ? null : (this.#starts[since] ?? null) };
  }

  #enterWindow({ place, at }: UnitValue["unit"], steps: readonly StepLog[]): void {
    const ms = this.#windowMs;
    const stepStart = steps[place]?.startedAt ?? 0;
    const start = stepStart + Math.floor((at - stepStart) / ms) * ms;
    if (place === this.#place && start === this.#starts.at(-1)) return;
    this.#closeBlock();
    this.#place = place;
    this.#starts.push(start);
    this.#rows.push(this.#alternativesOf.weights.map(() => 0));
  }

  #closeBlock(): void {
    if (this.#block === null) return;
    this.#rows[this.#rows.length - 1] = this.#openRow();
    this.#block = null;
  }

  /** Ratios of the newest window, with those of the open block. */
  #openRow(): number[] {
    const row = [...(this.#rows.at(-1) ?? [])];
    if (this.#block !== null) addRatios(row, this.#block);
    return row;
  }
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

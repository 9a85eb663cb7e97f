import type { TrialRow } from "../../metrics/metric.js";
import { SeededRandom } from "../../stats/random.js";
import type { Plant } from "./plant.js";
import type { SourceCase, TrialPool } from "./trial-pool.js";

/** Two runs of the planned cases: the baseline, and a candidate on the same cases. */
export interface DrawnRuns {
  readonly candidate: readonly TrialRow[];
  /** Drawn when it is asked for: a policy without a baseline never needs it. */
  readonly baseline: () => readonly TrialRow[];
}

const CASES = 0;
const BASELINE = 1;
const CANDIDATE = 2;
const PLANTED = 3;

/**
 * Draws the runs of one round. Every planned group stands for a stored group of its stratum, drawn with return and the
 * same one in both runs; every trial is one of the stored trials of its case, or, with the chance `redraw`, of any case of
 * the stratum. The same seed and round give the same draws whatever is planted, so that scenarios differ by what is
 * planted alone.
 */
export function drawRuns(
  pool: TrialPool,
  trials: number,
  seed: number,
  round: number,
  plant: Plant | null,
): DrawnRuns {
  const stream = (which: number) => new SeededRandom((seed % 2 ** 20) * 2 ** 32 + round * 4 + which);
  const sources = sourcesOf(pool, stream(CASES));
  const draw = (random: SeededRandom, change: Plant | null, changes: SeededRandom): TrialRow[] => {
    const rows: TrialRow[] = [];
    let at = 0;
    for (const { cases, stratum } of pool.slots) {
      for (const { caseId, group } of cases) {
        const own = (sources[at] as SourceCase).rows;
        at += 1;
        for (let trial = 0; trial < trials; trial += 1) {
          const from = random.nextUnit() < pool.redraw ? stratum.rows : own;
          const row = from[random.nextBelow(from.length)] as TrialRow;
          rows.push({ ...(change === null ? row : change(row, changes)), caseId, group, trial });
        }
      }
    }
    return rows;
  };
  const candidate = draw(stream(CANDIDATE), plant, stream(PLANTED));
  let baseline: readonly TrialRow[] | null = null;
  return {
    candidate,
    baseline: () => {
      baseline ??= draw(stream(BASELINE), null, stream(PLANTED));
      return baseline;
    },
  };
}

/** The stored case that each planned case stands for, in their order. */
function sourcesOf({ slots }: TrialPool, random: SeededRandom): SourceCase[] {
  return slots.flatMap(({ cases, stratum }) => {
    const unit = stratum.units[random.nextBelow(stratum.units.length)];
    const own = unit?.cases ?? [];
    const first = cases.length === own.length ? 0 : random.nextBelow(own.length);
    return cases.map((_, index) => own[(first + index) % own.length] as SourceCase);
  });
}

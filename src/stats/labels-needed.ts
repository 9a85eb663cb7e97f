import { normalUpperQuantile } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireFinite, requireLevel } from "./validate.js";

/** Past this many labels the answer is no plan: kappa is then too close to the floor to tell. */
const MOST_LABELS = 100_000;

/** How many labels would bring the lower limit of kappa to a floor. */
export interface LabelsNeeded {
  /** Labels on top of those there; 0 when the limit is there already; `null`: see `reason`. */
  readonly more: number | null;
  /** Labels in all. */
  readonly total: number | null;
  readonly reason: string | null;
}

/**
 * Labels that would bring the lower confidence limit of kappa to the floor, if kappa stays what it is and its
 * standard error shrinks with the root of the number of labels. Kappa itself will move: a plan, not a promise.
 *
 * @param input.kappa - in [-1, 1], and its standard error `se`, as `cohenKappa` gives them; `null` where it does
 * @param input.n - labels behind them
 * @param input.floor - in [-1, 1]
 * @param input.level - confidence of the two-sided interval in (0, 1), default 0.95
 * @returns `null` with a reason where kappa is not defined or not above the floor, and above 100,000 labels in all.
 *   With se 0 (perfect agreement so far) it is 0 more: a least number of labels is the caller's to ask for
 * @throws {StatisticsError} on a number outside its range
 */
export function labelsNeeded(input: {
  readonly kappa: number | null;
  readonly se: number | null;
  readonly n: number;
  readonly floor: number;
  readonly level?: number;
}): LabelsNeeded {
  const { kappa, se, n, floor, level = 0.95 } = input;
  requireLevel(level);
  requireCount("n", n);
  requireCorrelation("floor", floor);
  const none = (reason: string): LabelsNeeded => ({ more: null, total: null, reason });
  if (kappa === null || se === null || n === 0) return none("kappa is not defined for these labels");
  requireCorrelation("kappa", kappa);
  requireFinite("se", [se]);
  if (se < 0) throw new StatisticsError(`expected a standard error of at least 0, found ${se}`);
  const half = normalUpperQuantile((1 - level) / 2) * se;
  if (kappa - half >= floor) return { more: 0, total: n, reason: null };
  if (kappa <= floor) return none("kappa is not above the floor: more labels do not help");
  const reaches = (total: number) => kappa - half * Math.sqrt(n / total) >= floor;
  const least = Math.ceil(n * (half / (kappa - floor)) ** 2);
  if (least > MOST_LABELS) return none(`more than ${MOST_LABELS} labels: kappa is too close to the floor`);
  // Rounding may put the root on either side of the floor.
  const total = reaches(least - 1) ? least - 1 : reaches(least) ? least : least + 1;
  return { more: total - n, total, reason: null };
}

function requireCorrelation(name: string, value: number): void {
  if (!(value >= -1 && value <= 1)) {
    throw new StatisticsError(`expected ${name} to lie in [-1, 1], found ${value}`);
  }
}

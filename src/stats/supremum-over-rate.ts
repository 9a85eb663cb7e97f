/** Grid steps per standard error of an observed rate; the function cannot bend faster than that error. */
const STEPS_PER_ERROR = 10;
/** Towards rates 0 and 1 the function is uneven: there the grid stays fine, for this many standard errors. */
const FINE_ERRORS = 60;
const COARSE_STEPS = 1000;
const REFINED = 12;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Largest value of a smooth function of a pass rate in (0, 1), by a grid on the arcsine scale (where the standard
 * error of a rate is the same everywhere) and golden-section search around its best local maxima.
 *
 * @param trials - trials that the rate would be estimated from: sets the width of the grid
 */
export function supremumOverRate(valueAt: (rate: number) => number, trials: number): number {
  const valueAtAngle = (angle: number) => valueAt(Math.sin(angle) ** 2);
  const angles = anglesOfGrid(0.5 / Math.sqrt(trials));
  const values = angles.map(valueAtAngle);
  const peaks = values
    .map((value, index) => ({ value, index }))
    .filter(({ value, index }) => value >= (values[index - 1] ?? 0) && value >= (values[index + 1] ?? 0))
    .sort((a, b) => b.value - a.value)
    .slice(0, REFINED);
  const refined = peaks.map(({ value, index }) =>
    Math.max(value, maximumBetween(valueAtAngle, angles[index - 1] ?? 0, angles[index + 1] ?? Math.PI / 2)),
  );
  return Math.max(...refined);
}

function anglesOfGrid(standardError: number): number[] {
  const end = Math.PI / 2;
  const fine = standardError / STEPS_PER_ERROR;
  const edge = FINE_ERRORS * standardError;
  const coarse = Math.max(fine, (end - 2 * edge) / COARSE_STEPS);
  const angles: number[] = [];
  for (let angle = fine; angle < end; ) {
    angles.push(angle);
    angle += angle < edge || angle >= end - edge ? fine : coarse;
  }
  return angles;
}

function maximumBetween(valueAt: (angle: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let leftValue = valueAt(left);
  let rightValue = valueAt(right);
  for (let step = 0; step < 40; step++) {
    if (leftValue >= rightValue) {
      high = right;
      [right, rightValue] = [left, leftValue];
      left = high - GOLDEN * (high - low);
      leftValue = valueAt(left);
    } else {
      low = left;
      [left, leftValue] = [right, rightValue];
      right = low + GOLDEN * (high - low);
      rightValue = valueAt(right);
    }
  }
  return Math.max(leftValue, rightValue);
}

/**
 * Upper limit of an interval that inverts a score test of a difference: the delta above `estimate` at which
 * (delta - estimate) / √variance(delta) reaches z; 1 if it never does. The lower limit is minus the upper limit of
 * the problem with its arms swapped.
 *
 * @param estimate - the observed difference, in [-1, 1]
 * @param z - positive
 * @param variance - variance of the estimate when the true difference is delta, for delta in (-1, 1)
 */
export function scoreLimit(estimate: number, z: number, variance: (delta: number) => number): number {
  let inside = estimate;
  let outside = 1;
  for (let step = 0; step < 200; step++) {
    const delta = (inside + outside) / 2;
    if (delta === inside || delta === outside) break;
    if (delta - estimate < z * Math.sqrt(variance(delta))) inside = delta;
    else outside = delta;
  }
  return outside;
}

/**
 * P(k <= X <= n - k) for X ~ BetaBinomial(n, a, b): that both outcomes of n trials come up at least k times, when the
 * rate of one of them is Beta(a, b). Symmetric in a and b.
 *
 * @param k - 0 to n
 * @param n - trials, a whole number
 * @param a - positive, as `b`
 */
export function bothAtLeast(k: number, n: number, a: number, b: number): number {
  if (k <= 0) return 1;
  // P(X = 0), then each term from the one before it: positive factors alone, so nothing cancels.
  let term = 1;
  for (let at = 0; at < n; at += 1) term *= (b + at) / (a + b + at);
  let sum = 0;
  for (let at = 0; at <= n - k; at += 1) {
    if (at >= k) sum += term;
    term *= ((n - at) / (at + 1)) * ((a + at) / (b + n - at - 1));
  }
  return Math.min(1, sum);
}

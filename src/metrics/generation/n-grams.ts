/** How often each n-gram occurs. */
export type Counts = ReadonlyMap<string, number>;

/** Cannot occur inside a token, so that ["a b"] and ["a", "b"] stay apart. */
const JOINT = "\n";

/** N-grams of tokens that hold no line break. */
export function countsOf(tokens: readonly string[], n: number): Counts {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= tokens.length; start++) {
    let gram = tokens[start]!;
    for (let next = 1; next < n; next++) gram += JOINT + tokens[start + next]!;
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** N-grams of the UTF-16 code units of a text. */
export function unitCountsOf(text: string, n: number): Counts {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= text.length; start++) {
    const gram = text.slice(start, start + n);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** N-grams that two texts share, each as often as both hold it. */
export function sharedCount(a: Counts, b: Counts): number {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [gram, count] of fewer) shared += Math.min(count, more.get(gram) ?? 0);
  return shared;
}

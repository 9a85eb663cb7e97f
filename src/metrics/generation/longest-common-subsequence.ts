/**
 * Length of the longest common subsequence of two token lists. Bit-parallel: the work is a.length * b.length / 32
 * word operations, the memory (distinct shared tokens) * a.length / 8 bytes.
 *
 * @see Hyyrö 2004, "Bit-parallel LCS-length computation revisited"
 */
export function lcsLength(a: readonly string[], b: readonly string[]): number {
  const words = Math.ceil(a.length / 32);
  const positions = positionsOf(a, new Set(b), words);
  // A 0 bit at i: one more token of `a` up to i is in the subsequence.
  const row = new Uint32Array(words).fill(0xffff_ffff);
  for (const token of b) {
    const matches = positions.get(token);
    if (matches !== undefined) advance(row, matches);
  }
  let length = 0;
  for (let index = 0; index < a.length; index++) {
    if (((row[index >>> 5]! >>> (index & 31)) & 1) === 0) length++;
  }
  return length;
}

/** For each token that both lists hold, a bit for each of its places in the first. */
function positionsOf(
  tokens: readonly string[],
  wanted: ReadonlySet<string>,
  words: number,
): ReadonlyMap<string, Uint32Array> {
  const positions = new Map<string, Uint32Array>();
  for (const [index, token] of tokens.entries()) {
    if (!wanted.has(token)) continue;
    let bits = positions.get(token);
    if (bits === undefined) {
      bits = new Uint32Array(words);
      positions.set(token, bits);
    }
    bits[index >>> 5]! |= 1 << (index & 31);
  }
  return positions;
}

/** row = (row + (row & matches)) | (row & ~matches), with the carry taken from word to word. */
function advance(row: Uint32Array, matches: Uint32Array): void {
  let carry = 0;
  for (let word = 0; word < row.length; word++) {
    const before = row[word]!;
    const match = matches[word]!;
    const sum = before + ((before & match) >>> 0) + carry;
    carry = sum > 0xffff_ffff ? 1 : 0;
    row[word] = sum | (before & ~match);
  }
}

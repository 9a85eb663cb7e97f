import { SeededRandom } from "../../stats/random.js";

/** Hash functions of a signature. */
export const SIGNATURE_LENGTH = 128;

/** Chance to overlook a pair that lies exactly at the threshold. */
const MOST_MISSED = 1e-6;

/**
 * MinHash signatures of sets, one after the other: the share of equal places in two signatures estimates the
 * Jaccard similarity of their sets.
 *
 * @param seed - same seed, same signatures, on every machine
 * @see Broder 1997, On the resemblance and containment of documents
 */
export function minHashSignatures(sets: readonly Float64Array[], seed: number): Uint32Array {
  const random = new SeededRandom(seed);
  const salts = Int32Array.from({ length: SIGNATURE_LENGTH }, () => random.nextUint32() | 0);
  const factors = Int32Array.from({ length: SIGNATURE_LENGTH }, () => random.nextUint32() | 1);
  const signatures = new Uint32Array(sets.length * SIGNATURE_LENGTH);
  const least = new Uint32Array(SIGNATURE_LENGTH);
  for (const [index, set] of sets.entries()) {
    least.fill(0xffffffff);
    for (const element of set) {
      const scattered = mix(mix(element / 2 ** 32) ^ (element | 0));
      for (let place = 0; place < SIGNATURE_LENGTH; place++) {
        const product = Math.imul(scattered ^ salts[place]!, factors[place]!);
        const hash = (product ^ (product >>> 15)) >>> 0;
        if (hash < least[place]!) least[place] = hash;
      }
    }
    signatures.set(least, index * SIGNATURE_LENGTH);
  }
  return signatures;
}

/** A bijection of 32-bit numbers that scatters neighbours (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** How a signature is cut into bands; two sets are compared when all rows of one band agree. */
export interface Banding {
  readonly bands: number;
  readonly rows: number;
}

/**
 * The widest bands that overlook a pair at the threshold with a probability of at most one in a million:
 * (1 - threshold^rows)^bands. Wider bands mean fewer pairs to compare.
 *
 * @param threshold - in (0, 1]
 */
export function bandingFor(threshold: number): Banding {
  for (let rows = 16; rows > 1; rows--) {
    const bands = Math.floor(SIGNATURE_LENGTH / rows);
    if ((1 - threshold ** rows) ** bands <= MOST_MISSED) return { bands, rows };
  }
  return { bands: SIGNATURE_LENGTH, rows: 1 };
}

import { StatisticsError } from "./statistics-error.js";

/**
 * Seeded pseudo-random numbers: Chris Doty-Humphrey's sfc32 on 32-bit integers alone, so the same seed gives
 * the same sequence on every machine. Not for secrets.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  /**
   * @param seed - any safe integer
   * @throws {StatisticsError} if the seed is not a safe integer
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new StatisticsError(`expected a whole number as seed, found ${seed}`);
    }
    this.a = scramble(seed | 0);
    this.b = scramble(Math.floor(seed / 2 ** 32) | 0);
    this.c = scramble(this.a ^ 0x9e3779b9);
    this.counter = 1;
    for (let warmUp = 0; warmUp < 16; warmUp++) this.nextUint32();
  }

  /** A whole number in [0, 2^32). */
  nextUint32(): number {
    const mixed = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + mixed) | 0;
    return mixed >>> 0;
  }

  /** A number in [0, 1) with 32 random bits. */
  nextUnit(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** A whole number in [0, bound); the bias is below bound / 2^32. */
  nextBelow(bound: number): number {
    return Math.floor((this.nextUint32() / 2 ** 32) * bound);
  }

  /** Fills `target` with what `nextBelow(bound)` would give; the state stays in registers, so it is fast. */
  fillBelow(target: Int32Array, bound: number): void {
    const scale = bound / 2 ** 32;
    let { a, b, c, counter } = this;
    for (let index = 0; index < target.length; index++) {
      const mixed = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + mixed) | 0;
      target[index] = (mixed >>> 0) * scale;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }
}

/** Spreads close seeds over the whole range (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

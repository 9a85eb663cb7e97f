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

  /**
   * Fills `target` with what `nextBelow(bound)` would give. State in registers and whole-number arithmetic make
   * it several times faster, which the bootstrap needs.
   *
   * @param bound - 1 to 65,535 for the fast way; larger ones work too
   */
  fillBelow(target: Int32Array, bound: number): void {
    if (bound > 0xffff) {
      for (let index = 0; index < target.length; index++) target[index] = this.nextBelow(bound);
      return;
    }
    let a = this.a | 0;
    let b = this.b | 0;
    let c = this.c | 0;
    let counter = this.counter | 0;
    const length = target.length | 0;
    for (let index = 0; index < length; index++) {
      const mixed = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + mixed) | 0;
      target[index] = (Math.imul(mixed >>> 16, bound) + (Math.imul(mixed & 0xffff, bound) >>> 16)) >>> 16;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }

  /**
   * Sum of `values.length` draws from `values` with return: what `fillBelow` would pick, added up in order.
   * Drawing and adding in one loop lets the processor overlap them, which saves a third of the time of a bootstrap.
   */
  sumOfDraws(values: Float64Array): number {
    const bound = values.length;
    let sum = 0;
    if (bound > 0xffff) {
      for (let index = 0; index < bound; index++) sum += values[this.nextBelow(bound)]!;
      return sum;
    }
    let a = this.a | 0;
    let b = this.b | 0;
    let c = this.c | 0;
    let counter = this.counter | 0;
    for (let index = 0; index < bound; index++) {
      const mixed = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + mixed) | 0;
      const pick = (Math.imul(mixed >>> 16, bound) + (Math.imul(mixed & 0xffff, bound) >>> 16)) >>> 16;
      sum += values[pick]!;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
    return sum;
  }
}

/** Spreads close seeds over the whole range (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

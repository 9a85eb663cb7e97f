import { type Arm, bucketOf } from "../../core/traffic-split.js";
import { SeededRandom } from "../../stats/random.js";
import type { CaseOutcomes, Outcome } from "./outcome-pool.js";

/** Where conversations are drawn from. */
export interface Traffic {
  readonly pool: readonly CaseOutcomes[];
  /** Mean time between two, in milliseconds of the simulated clock. */
  readonly meanGapMs: number;
  /** Share of the canary's successes that is turned into failures. */
  readonly flippedShare: number;
}

/** Start of a stream, and what its draws come from. */
interface StreamStart {
  readonly seed: number;
  readonly salt: string;
  readonly start: number;
}

const FIRST_ROOM = 4096;
const ALL_DRAWS = 2 ** 32;
/** Bits of what is kept of a success. */
const STABLE = 1;
const CANARY = 2;

/**
 * An endless Poisson stream of conversations, numbered from 0. The same seed gives the same stream, so that rules can be
 * compared on one. Case, trial and answer of both arms come from the same draws, before anybody decides where a
 * conversation goes: the arms differ by nothing but the version.
 *
 * A rollout has ten thousand of them and more, so that they are kept in columns of numbers.
 */
export class ArrivalStream {
  readonly #random: SeededRandom;
  readonly #traffic: Traffic;
  /** What buckets are drawn with. */
  readonly salt: string;
  #at: number;
  #drawn = 0;
  #times = new Float64Array(FIRST_ROOM);
  #buckets = new Uint16Array(FIRST_ROOM);
  #cases = new Uint32Array(FIRST_ROOM);
  #trials = new Uint32Array(FIRST_ROOM);
  #answers = new Uint32Array(FIRST_ROOM);
  #successes = new Uint8Array(FIRST_ROOM);

  constructor(traffic: Traffic, { seed, salt, start }: StreamStart) {
    this.#random = new SeededRandom(seed);
    this.#traffic = traffic;
    this.salt = salt;
    this.#at = start;
  }

  /**
   * The first conversation that begins after a time, and draws all before it.
   *
   * @param from - number of one that is no later
   */
  firstAfter(time: number, from: number): number {
    let index = from;
    while (true) {
      if (index === this.#drawn) this.#draw();
      if ((this.#times[index] as number) > time) return index;
      index += 1;
    }
  }

  /** When a conversation that was drawn begins. */
  timeOf(index: number): number {
    return this.#times[index] as number;
  }

  /** The arm of a conversation that was drawn, as `armOf` has it. */
  armAt(index: number, bps: number): Arm {
    return (this.#buckets[index] as number) < bps ? "canary" : "stable";
  }

  stratumOf(index: number): string {
    return this.#caseOf(index).stratum;
  }

  isSuccess(index: number, arm: Arm): boolean {
    return ((this.#successes[index] as number) & (arm === "canary" ? CANARY : STABLE)) !== 0;
  }

  /** The recorded trial that a conversation comes to in an arm; what was planted is in {@link isSuccess} alone. */
  outcomeOf(index: number, arm: Arm): Outcome {
    return picked(this.#caseOf(index)[arm], this.#trials[index] as number);
  }

  /** One answer stands for the conversation: each weighs the same in a quantile, however many answers it has. */
  latencyOf(index: number, { latenciesMs }: Outcome): number {
    return picked(latenciesMs, this.#answers[index] as number);
  }

  #caseOf(index: number): CaseOutcomes {
    return this.#traffic.pool[this.#cases[index] as number] as CaseOutcomes;
  }

  #draw(): void {
    const { pool, meanGapMs, flippedShare } = this.#traffic;
    const random = this.#random;
    const index = this.#drawn;
    if (index === this.#times.length) this.#grow();
    this.#at -= Math.log1p(-random.nextUnit()) * meanGapMs;
    const number = random.nextBelow(pool.length);
    const [trial, answer, flip] = [random.nextUint32(), random.nextUint32(), random.nextUnit()];
    const { stable, canary } = pool[number] as CaseOutcomes;
    const isCanary = picked(canary, trial).isSuccess && flip >= flippedShare;
    this.#times[index] = this.#at;
    this.#buckets[index] = bucketOf(this.salt, idOf(index));
    this.#cases[index] = number;
    this.#trials[index] = trial;
    this.#answers[index] = answer;
    this.#successes[index] = (picked(stable, trial).isSuccess ? STABLE : 0) | (isCanary ? CANARY : 0);
    this.#drawn += 1;
  }

  #grow(): void {
    const room = 2 * this.#times.length;
    this.#times = moved(this.#times, new Float64Array(room));
    this.#buckets = moved(this.#buckets, new Uint16Array(room));
    this.#cases = moved(this.#cases, new Uint32Array(room));
    this.#trials = moved(this.#trials, new Uint32Array(room));
    this.#answers = moved(this.#answers, new Uint32Array(room));
    this.#successes = moved(this.#successes, new Uint8Array(room));
  }
}

const IDS: string[] = [];

/** Id of the conversation of a number: each stream has the same ones. */
export function idOf(index: number): string {
  while (IDS.length <= index) IDS.push(`c${IDS.length}`);
  return IDS[index] as string;
}

/** The value at a draw of 32 bits. */
function picked<Value>(values: readonly Value[], draw: number): Value {
  return values[Math.floor((draw / ALL_DRAWS) * values.length)] as Value;
}

function moved<Column extends { set(values: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

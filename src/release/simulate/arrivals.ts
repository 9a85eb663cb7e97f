import { type Arm, bucketOf } from "../../core/traffic-split.js";
import { SeededRandom } from "../../stats/random.js";
import type { CaseOutcomes, Outcome } from "./outcome-pool.js";

/** A conversation that begins, with what would come of it in either arm: drawn before anybody decides where it goes. */
export interface Arrival {
  readonly at: number;
  readonly id: string;
  readonly bucket: number;
  readonly stratum: string;
  readonly stable: DrawnOutcome;
  readonly canary: DrawnOutcome;
}

interface DrawnOutcome extends Pick<Outcome, "ok" | "costUsd"> {
  readonly isSuccess: boolean;
  readonly latencyMs: number;
}

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

/**
 * An endless Poisson stream of conversations. The same seed gives the same stream, so that rules can be compared on one.
 * Case, trial and answer of both arms come from the same draws: the arms differ by nothing but the version.
 */
export class ArrivalStream {
  readonly #random: SeededRandom;
  readonly #traffic: Traffic;
  /** What buckets are drawn with. */
  readonly salt: string;
  readonly #drawn: Arrival[] = [];
  #at: number;

  constructor(traffic: Traffic, { seed, salt, start }: StreamStart) {
    this.#random = new SeededRandom(seed);
    this.#traffic = traffic;
    this.salt = salt;
    this.#at = start;
  }

  /** The conversation of that number, from 0: drawn once, however many read the stream. */
  get(index: number): Arrival {
    while (this.#drawn.length <= index) this.#drawn.push(this.#draw());
    return this.#drawn[index] as Arrival;
  }

  #draw(): Arrival {
    const { pool, meanGapMs, flippedShare } = this.#traffic;
    const random = this.#random;
    this.#at -= Math.log1p(-random.nextUnit()) * meanGapMs;
    const one = pool[random.nextBelow(pool.length)] as CaseOutcomes;
    const [trial, answer, flip] = [random.nextUnit(), random.nextUnit(), random.nextUnit()];
    const id = `c${this.#drawn.length}`;
    return {
      at: this.#at,
      id,
      bucket: bucketOf(this.salt, id),
      stratum: one.stratum,
      stable: drawn(one.stable, trial, answer, false),
      canary: drawn(one.canary, trial, answer, flip < flippedShare),
    };
  }
}

/** Reads a stream from its beginning. */
export class Arrivals {
  readonly #stream: ArrivalStream;
  #count = 0;

  constructor(stream: ArrivalStream) {
    this.#stream = stream;
  }

  /** The next conversation that begins up to a time; `null`: none does. */
  until(time: number): Arrival | null {
    const next = this.#stream.get(this.#count);
    if (next.at > time) return null;
    this.#count += 1;
    return next;
  }
}

/** The arm of a conversation, as `armOf` has it. */
export function armAt({ bucket }: Arrival, bps: number): Arm {
  return bucket < bps ? "canary" : "stable";
}

/** One answer stands for the conversation: each weighs the same in a quantile, however many answers it has. */
function drawn(
  outcomes: readonly Outcome[],
  trial: number,
  answer: number,
  isFlipped: boolean,
): DrawnOutcome {
  const { isSuccess, ok, latenciesMs, costUsd } = outcomes[Math.floor(trial * outcomes.length)] as Outcome;
  const latencyMs = latenciesMs[Math.floor(answer * latenciesMs.length)] as number;
  return { isSuccess: isSuccess && !isFlipped, ok, latencyMs, costUsd };
}

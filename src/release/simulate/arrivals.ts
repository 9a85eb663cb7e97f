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

/**
 * An endless Poisson stream of conversations. The same seed gives the same stream, so that rules can be compared on one.
 * Case, trial and answer of both arms come from the same draws: the arms differ by nothing but the version.
 */
export class Arrivals {
  readonly #random: SeededRandom;
  readonly #traffic: Traffic;
  readonly #salt: string;
  #at: number;
  #count = 0;
  #next: Arrival;

  constructor(
    traffic: Traffic,
    { seed, salt, start }: { readonly seed: number; readonly salt: string; readonly start: number },
  ) {
    this.#random = new SeededRandom(seed);
    this.#traffic = traffic;
    this.#salt = salt;
    this.#at = start;
    this.#next = this.#draw();
  }

  /** The next conversation that begins up to a time; `null`: none does. */
  until(time: number): Arrival | null {
    const next = this.#next;
    if (next.at > time) return null;
    this.#next = this.#draw();
    return next;
  }

  #draw(): Arrival {
    const { pool, meanGapMs, flippedShare } = this.#traffic;
    const random = this.#random;
    this.#at -= Math.log1p(-random.nextUnit()) * meanGapMs;
    const one = pool[random.nextBelow(pool.length)] as CaseOutcomes;
    const [trial, answer, flip] = [random.nextUnit(), random.nextUnit(), random.nextUnit()];
    const id = `c${this.#count++}`;
    return {
      at: this.#at,
      id,
      bucket: bucketOf(this.#salt, id),
      stratum: one.stratum,
      stable: drawn(one.stable, trial, answer, false),
      canary: drawn(one.canary, trial, answer, flip < flippedShare),
    };
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

import type { Decide } from "../controller/ports.js";
import { runningDecide } from "../decisions/decide.js";
import type { StepDecision } from "../decisions/step-decision.js";

/**
 * The real decision, asked for a few times in a bake instead of at every tick: nearly all the time of a simulation goes
 * there. Between, nothing is decided. Looking less often finds harm a little later, and never more of it than there is.
 */
export class SparseDecide {
  /** Set when what comes now must be judged on the figures as they are. */
  mustLook = true;
  looks = 0;
  readonly #perBake: number;
  readonly #decide = runningDecide();
  #last: { readonly key: string; readonly now: number; readonly decision: StepDecision } | null = null;

  /** @param perBake - looks in the least bake of a step, at least 1 */
  constructor(perBake: number) {
    this.#perBake = perBake;
  }

  readonly decide: Decide = (evidence, plan, moment) => {
    const key = `${moment.phase} ${moment.step}`;
    const interval = (plan.steps[moment.step]?.bakeMs ?? 0) / this.#perBake;
    const last = this.#last;
    const isDue = last === null || last.key !== key || moment.now - last.now >= interval;
    if (!isDue && last.now === moment.now) return last.decision;
    if (!isDue && !this.mustLook) {
      return { ...last.decision, verdict: "inconclusive", reason: "not looked at", abort: null };
    }
    const decision = this.#decide(evidence, plan, moment);
    this.looks += 1;
    this.#last = { key, now: moment.now, decision };
    return decision;
  };
}

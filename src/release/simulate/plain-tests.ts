import { ALL_BPS } from "../../core/traffic-split.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import type { ArrivalStream } from "./arrivals.js";
import { type RolloutResult, type SimulatedRelease, START } from "./rollout.js";

/** `naive`: a test for one look, taken at every look. `fixed`: the same test once, when the last step with a control ends. */
export type PlainTest = "naive" | "fixed";

interface Counts {
  conversations: number;
  successes: number;
}

interface StepCounts {
  readonly stable: Counts;
  readonly canary: Counts;
}

/**
 * What the same stream comes to under a z-test of success, one-sided at the plan's alpha, with no margin and no eye on
 * latency or errors: the same steps, each as long as its bake or until it has its conversations.
 */
export function simulatePlainTest(
  { plan, looksPerBake }: SimulatedRelease,
  stream: ArrivalStream,
  test: PlainTest,
): RolloutResult {
  const critical = normalUpperQuantile(plan.alpha);
  const counts: StepCounts[] = [];
  const lastControlled = plan.steps.findLastIndex(({ bps }) => bps < ALL_BPS);
  let [now, next, exposed, lost, looks] = [START, 0, 0, 0, 0];
  const ended = (end: RolloutResult["end"], cause: string | null): RolloutResult => ({
    end,
    cause,
    afterMs: now - START,
    exposed,
    lost,
    looks,
  });
  for (const [index, step] of plan.steps.entries()) {
    const mine: StepCounts = {
      stable: { conversations: 0, successes: 0 },
      canary: { conversations: 0, successes: 0 },
    };
    if (step.bps < ALL_BPS) counts.push(mine);
    const startedAt = now;
    let isOver = false;
    while (!isOver) {
      now += step.bakeMs / looksPerBake;
      for (const end = stream.firstAfter(now, next); next < end; next++) {
        const arm = stream.armAt(next, step.bps);
        const isSuccess = stream.isSuccess(next, arm);
        mine[arm].conversations += 1;
        mine[arm].successes += Number(isSuccess);
        if (arm === "canary") {
          exposed += 1;
          lost += Number(!isSuccess && stream.isSuccess(next, "stable"));
        }
      }
      const bakedMs = now - startedAt;
      isOver = bakedMs >= step.bakeMs * (1 - 1e-9) && mine.canary.conversations >= step.minConversations;
      if (!isOver && bakedMs >= step.maxBakeMs) return ended("paused", "underpowered");
      const isLook = test === "naive" ? index <= lastControlled : index === lastControlled && isOver;
      if (!isLook) continue;
      looks += 1;
      if (-scoreOf(counts) >= critical) return ended("rolled-back", "resolution_rate");
    }
  }
  return ended("promoted", null);
}

/** z of canary minus stable over steps, each compared within itself; 0 while nothing can be said. */
function scoreOf(steps: readonly StepCounts[]): number {
  let [sum, variance] = [0, 0];
  for (const { canary, stable } of steps) {
    const all = canary.conversations + stable.conversations;
    if (canary.conversations === 0 || stable.conversations === 0) continue;
    const rate = (canary.successes + stable.successes) / all;
    const weight = (canary.conversations * stable.conversations) / all;
    sum += weight * (canary.successes / canary.conversations - stable.successes / stable.conversations);
    variance += weight * rate * (1 - rate);
  }
  return variance > 0 ? sum / Math.sqrt(variance) : 0;
}

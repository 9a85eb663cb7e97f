import { SeededRandom } from "../../src/stats/random.js";
import type { RouterName } from "./router-under-test.js";

/** What is broken on purpose. */
export const FAULTS = [
  "controller",
  "router",
  "canary",
  "stable",
  "partition",
  "one-way",
  "clock",
  "disk",
  "two",
  "edit",
] as const;

export type FaultName = (typeof FAULTS)[number];

/** How often each is the main fault of 200 rollouts. */
const OF_200: { readonly [name in FaultName]: number } = {
  controller: 60,
  router: 44,
  canary: 24,
  stable: 12,
  partition: 10,
  "one-way": 8,
  clock: 10,
  disk: 10,
  two: 12,
  edit: 10,
};

/** What a release is: `errors` fails 40 % of its conversations, `critical` has one critical event in a phase. */
export type Quality =
  | { readonly name: "good" | "errors" }
  | { readonly name: "critical"; readonly phase: "BAKING(0)" | "BAKING(1)" | "WATCHING" };

export interface Fault {
  readonly name: FaultName;
  /** Tick before or in which it strikes. */
  readonly atTick: number;
  /** Simulated time that the process is down, or the fault lasts. */
  readonly lastsMs: number;
  /** Real time from the start of a tick until the process is killed in it. */
  readonly killAfterMs: number;
}

export interface Scenario {
  readonly seed: number;
  readonly router: RouterName;
  readonly quality: Quality;
  readonly faults: readonly Fault[];
}

const QUALITIES: readonly Quality[] = [
  { name: "good" },
  { name: "errors" },
  { name: "good" },
  { name: "critical", phase: "BAKING(0)" },
  { name: "good" },
  { name: "critical", phase: "BAKING(1)" },
  { name: "good" },
  { name: "critical", phase: "WATCHING" },
];

/** A rollout takes about so many ticks, a bad one until its harm is found. */
const TICKS = { good: 34, errors: 7, "BAKING(0)": 8, "BAKING(1)": 21, WATCHING: 34 } as const;
const LONGEST_TICK_MS = 14;
const LONGEST_MS = 70_000;

/**
 * Rollouts with their faults, the main ones in the proportions of 200.
 *
 * @param routers - those that are installed
 */
export function scenarios(count: number, seed: number, routers: readonly RouterName[]): readonly Scenario[] {
  const mains = FAULTS.flatMap((name) =>
    Array.from({ length: Math.max(1, Math.round((OF_200[name] * count) / 200)) }, () => name),
  );
  return Array.from({ length: count }, (_, index) => {
    const random = new SeededRandom(seed * 1_000_003 + index);
    // Steps through kinds, routers and qualities out of phase, so that they meet in all ways.
    const main = mains[(index * 7919) % mains.length] as FaultName;
    const more = (["controller", "router"] as const)[random.nextBelow(6)];
    const quality = QUALITIES[random.nextBelow(QUALITIES.length)] as Quality;
    return {
      seed: index,
      router: routers[random.nextBelow(3) === 0 ? routers.length - 1 : 0] as RouterName,
      quality,
      faults: [main, ...(more === undefined ? [] : [more])].map((name) => faultOf(name, quality, random)),
    };
  });
}

function faultOf(name: FaultName, quality: Quality, random: SeededRandom): Fault {
  const ticks = TICKS[quality.name === "critical" ? quality.phase : quality.name];
  return {
    name,
    atTick: 2 + random.nextBelow(ticks),
    lastsMs: random.nextBelow(LONGEST_MS),
    killAfterMs: random.nextUnit() * LONGEST_TICK_MS,
  };
}

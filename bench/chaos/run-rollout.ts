import { setTimeout } from "node:timers/promises";
import { hasEnded } from "../../src/release/machine/state.js";
import type { Lane } from "./lane.js";
import { brokenInJournal, confirmedSplit } from "./observer.js";
import { CANARY_VERSION } from "./plan.js";
import { Rollout } from "./rollout.js";
import type { FaultName, Scenario } from "./scenario.js";
import type { TrafficCounts } from "./traffic.js";

const LAST_REQUESTS = 60;
const WAIT_MS = 20;
const MOST_WAITS = 150;

/** What came of a rollout. */
export interface RolloutResult {
  readonly scenario: Scenario;
  readonly state: string;
  /** Reason of the last transition but those that only confirm. */
  readonly reason: string;
  readonly ticks: number;
  readonly simulatedMs: number;
  readonly kills: Partial<Record<FaultName, number>>;
  readonly pauses: Readonly<Record<string, number>>;
  readonly traffic: TrafficCounts;
  readonly lostInFlight: number;
  /** From the death of the canary to a split of 0; `null`: it did not die, or had no share. */
  readonly toZeroMs: number | null;
  readonly refusedByDisk: number;
  /** Invariants that did not hold; empty: all did. */
  readonly broken: readonly string[];
}

/** One rollout from its plan to its end, with everything that breaks on the way, and what must hold after it. */
export async function runRollout(scenario: Scenario, lane: Lane): Promise<RolloutResult> {
  const rollout = await Rollout.open(scenario, lane);
  try {
    await rollout.run();
    if (hasEnded(rollout.observer.release.state)) await checkEnd(rollout);
    return resultOf(rollout);
  } finally {
    await rollout.close();
  }
}

function resultOf(rollout: Rollout): RolloutResult {
  const { observer, scenario, ticks, moment, kills, pauses, traffic, lostInFlight, toZeroMs } = rollout;
  const { rows } = observer;
  const cause = rows.findLast(
    ({ kind, to }) => kind === "transition" && (to.name === "ABORTING" || to.name === "CANCELLED"),
  );
  const broken = [...observer.broken, ...brokenInJournal(rows)];
  return {
    scenario,
    state: observer.state,
    reason: cause?.reason ?? "",
    ticks,
    simulatedMs: moment.mono,
    kills,
    pauses,
    traffic: traffic.counts,
    lostInFlight,
    toZeroMs,
    refusedByDisk: rollout.refusedByDisk,
    broken,
  };
}

async function checkEnd(rollout: Rollout): Promise<void> {
  const { observer, scenario, journal, traffic } = rollout;
  const { state, rows, split } = observer;
  const isPromoted = state === "SUCCEEDED";
  if (isPromoted && scenario.quality.name !== "good") rollout.broken("a bad release was promoted");
  const confirmed = confirmedSplit(rows);
  if (split?.bps !== confirmed)
    rollout.broken(`${state}: the router has ${split?.bps}, the journal says ${confirmed}`);
  const pointer = journal.stable("support")?.agentVersion ?? null;
  if ((pointer === CANARY_VERSION) !== isPromoted) rollout.broken(`${state}: the pointer names ${pointer}`);
  const { misrouted, lostInArm } = traffic.counts;
  if (misrouted > 0) rollout.broken(`${misrouted} conversations of stable met the canary`);
  const isStableDead = scenario.faults.some(({ name }) => name === "stable");
  if (!isStableDead && lostInArm > rollout.lostInFlight)
    rollout.broken(`${lostInArm - rollout.lostInFlight} requests were lost to a dead arm`);
  await checkLanding(rollout, isPromoted);
}

/** Everybody gets the version that the journal names, and a dead one gets nothing. */
async function checkLanding(rollout: Rollout, isPromoted: boolean): Promise<void> {
  const { observer, traffic, moment, router } = rollout;
  if (isPromoted && rollout.canaryKilledAt !== null) return;
  const isHandedOver = router.name === "gateway" && isPromoted;
  const wanted = isPromoted ? "canary" : "stable";
  const send = (count: number) => traffic.send(count, observer.split, moment, isHandedOver);
  // A server that was dead until now is not believed to live before a check or a first answer says so.
  for (let wait = 0; wait < MOST_WAITS && (await send(1))[0]?.by !== wanted; wait += 1)
    await setTimeout(WAIT_MS);
  const before = await canaryRequests(rollout);
  const answered = await send(LAST_REQUESTS);
  const wrong = answered.filter(({ by }) => by !== wanted).length;
  if (wrong > 0)
    rollout.broken(`${observer.state}: ${wrong} of ${LAST_REQUESTS} requests were not answered by ${wanted}`);
  const after = await canaryRequests(rollout);
  if (!isPromoted && after !== before)
    rollout.broken(`${after - before} requests went to the canary after its rollback`);
}

async function canaryRequests({ router }: Rollout): Promise<number> {
  const counts = await router.observer.stats();
  return counts.find(({ arm }) => arm === "canary")?.requests ?? 0;
}

import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { type Child, Killed, type Refused } from "./child.js";
import { LEASE_TTL_MS, type Rollout } from "./rollout.js";
import type { Fault, FaultName } from "./scenario.js";

const HOUR_MS = 3_600_000;
const CHUNK_MS = 5000;
/** Longer than the lease of the gateway. */
const PARTITION_MS = 40_000;

/** Breaks something, in the middle of a tick where that can matter. @returns as `tick` */
export async function strike(rollout: Rollout, fault: Fault): Promise<number | null> {
  rollout.killed(fault.name);
  return STRIKES[fault.name](rollout, fault);
}

const STRIKES: {
  readonly [name in FaultName]: (rollout: Rollout, fault: Fault) => Promise<number | null>;
} = {
  controller: killController,
  router: async (rollout, fault) => {
    const nextInMs = await during(rollout, fault, () => rollout.router.kill());
    rollout.later(fault.lastsMs, () => rollout.router.start(rollout.moment));
    return nextInMs;
  },
  canary: killCanary,
  stable: async (rollout, fault) => {
    const nextInMs = await during(rollout, fault, async () => (await rollout.lane.endpoint("stable")).kill());
    rollout.later(fault.lastsMs, async () => {
      await rollout.lane.endpoint("stable");
    });
    return nextInMs;
  },
  partition: async (rollout, fault) => {
    rollout.relay.state = "cut";
    const { mono } = rollout.moment;
    rollout.later(PARTITION_MS + fault.lastsMs, async () => {
      await rollout.look();
      const { split, isHandedOver } = rollout.observer;
      const isOver = rollout.moment.mono - mono > LEASE_TTL_MS;
      if (rollout.router.name === "gateway" && isOver && split !== null && split.bps !== 0 && !isHandedOver)
        rollout.broken(`the gateway still has ${split.bps} after a partition longer than its lease`);
      rollout.relay.state = "whole";
    });
    return rollout.tick();
  },
  "one-way": async (rollout, fault) => {
    rollout.relay.state = "one-way";
    rollout.later(fault.lastsMs / 4, async () => {
      rollout.relay.state = "whole";
    });
    return rollout.tick();
  },
  clock: async (rollout, fault) => {
    await rollout.jump(fault.lastsMs % 2 < 1 ? HOUR_MS : -HOUR_MS);
    return fault.killAfterMs < 7 ? killController(rollout, fault) : rollout.tick();
  },
  disk: async (rollout, fault) => {
    const { controller } = rollout;
    if (controller === null) return rollout.tick();
    limitFiles(controller, "512");
    rollout.later(fault.lastsMs / 2, async () => {
      if (controller.isAlive) limitFiles(controller, "unlimited");
    });
    return rollout.tick();
  },
  two: stopAndTakeOver,
  edit: async (rollout, fault) => {
    const { split, release } = rollout.observer;
    if (split === null) return rollout.tick();
    const bps = 2000 + Math.round(fault.lastsMs / 10) / 10;
    rollout.editedTo = Math.round(bps);
    rollout.observer.edited();
    await rollout.router.observer.set({ bps: rollout.editedTo, salt: release.plan.salt });
    const nextInMs = await rollout.tick();
    const { state } = rollout.observer;
    await rollout.look();
    if (!/^(PAUSED\(\d, drift\)|ABORTING)$/.test(state) && rollout.controller !== null)
      rollout.broken(`after an edit by hand the release is ${state}`);
    const isKept = rollout.observer.split?.bps === rollout.editedTo;
    if (state.startsWith("PAUSED") && !isKept)
      rollout.broken(`the controller wrote ${rollout.observer.split?.bps} over an edit by hand`);
    return nextInMs;
  },
};

/** Does something at a moment within a tick. */
async function during(
  rollout: Rollout,
  { killAfterMs }: Fault,
  act: () => Promise<void>,
): Promise<number | null> {
  const ticked = rollout.tick();
  await setTimeout(killAfterMs);
  await act();
  return ticked;
}

async function killController(rollout: Rollout, fault: Fault): Promise<number | null> {
  const { controller } = rollout;
  if (controller === null) return rollout.tick();
  await during(rollout, fault, () => controller.kill());
  rollout.controller = null;
  await rollout.look();
  for (let left = fault.lastsMs; left > 0; left -= CHUNK_MS) await rollout.pass(Math.min(left, CHUNK_MS));
  rollout.controller = await rollout.newController();
  return 0;
}

/** While conversations are on their way. */
async function killCanary(rollout: Rollout, { killAfterMs }: Fault): Promise<number | null> {
  const canary = await rollout.lane.endpoint("canary");
  const lost = rollout.traffic.counts.lostInArm;
  const conversing = rollout.converse();
  await setTimeout(killAfterMs / 4);
  await canary.kill();
  await conversing;
  rollout.lostInFlight += rollout.traffic.counts.lostInArm - lost;
  rollout.canaryKilledAt = rollout.moment.mono;
  return rollout.tick();
}

/**
 * A second controller is turned away while the first one lives. Then the first is stopped in the middle of a tick, taken
 * for dead, and wakes up when the second has the release.
 */
async function stopAndTakeOver(rollout: Rollout, fault: Fault): Promise<number | null> {
  const first = rollout.controller;
  if (first === null) return rollout.tick();
  const second = await rollout.newController();
  await expectFenced(rollout, second, "a second controller");
  const waking = first.ask("tick", rollout.moment).catch((error: Error) => error);
  await setTimeout(fault.killAfterMs);
  first.signal("SIGSTOP");
  try {
    for (let left = LEASE_TTL_MS + CHUNK_MS; left > 0; left -= CHUNK_MS) await rollout.pass(CHUNK_MS);
    await rollout.openIn(second);
    rollout.controller = second;
    for (let tick = 0; tick < 3 && !rollout.observer.hasEnded; tick += 1) {
      await rollout.pass((await rollout.tick()) ?? 0);
    }
  } finally {
    first.signal("SIGCONT");
  }
  await waking;
  // One that was stopped within a transaction had kept the journal locked until now.
  if (!rollout.observer.hasEnded) await rollout.tick();
  await rollout.look();
  if (!rollout.observer.hasEnded) await expectFenced(rollout, first, "the first controller, awake again,");
  await first.kill();
  return rollout.tick();
}

async function expectFenced(rollout: Rollout, child: Child, who: string): Promise<void> {
  try {
    await child.ask("tick", rollout.moment);
    rollout.broken(`${who} was not turned away`);
  } catch (error) {
    if (error instanceof Killed) throw error;
    if ((error as Refused).code !== "RELEASE_FENCED")
      rollout.broken(`${who} was turned away by ${(error as Refused).message}`);
  }
}

/** Largest size of a file that the process may write, bytes: what is beyond it fails as on a full disk. */
function limitFiles({ pid }: Child, bytes: string): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

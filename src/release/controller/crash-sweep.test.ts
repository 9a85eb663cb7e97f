import { describe, expect, it } from "vitest";
import { RouterError } from "../../core/errors.js";
import { confirmedBps } from "./history.js";
import { Crash, CrashingPorts } from "./testing/crashing-ports.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

/** Whole rollouts; each changes its world by what the release has come to. */
const ROLLOUTS = {
  promoted: { change: () => undefined, ends: "SUCCEEDED", splits: [500, 10_000], stable: "b" },
  "rolled back by a hard rule": {
    change: (world: SimulatedWorld) => {
      if (world.course.includes("BAKING(1)")) world.decide({ abort: "a critical event" });
    },
    ends: "ROLLED_BACK",
    splits: [500, 10_000, 0],
    stable: null,
  },
  "rolled back after its promotion": {
    change: (world: SimulatedWorld) => {
      if (world.course.includes("WATCHING")) world.decide({ verdict: "fail", reason: "late outcomes" });
    },
    ends: "ROLLED_BACK",
    splits: [500, 10_000, 0],
    stable: "a",
  },
  "taken back after its hand-over": {
    change: (world: SimulatedWorld) => {
      if (world.state === "WATCHING" && addressOf(world) === "new")
        world.ask({ type: "abort-requested", actor: "bo", reason: "complaints" });
    },
    movesAddresses: true,
    ends: "ROLLED_BACK",
    splits: [500, 10_000, 0],
    stable: "a",
  },
  "approved by a person": {
    change: (world: SimulatedWorld) => {
      if (world.state === "AWAITING_APPROVAL") world.ask({ type: "approved", actor: "ben", reason: "fine" });
    },
    plan: { needsApproval: true },
    ends: "SUCCEEDED",
    splits: [500, 10_000],
    stable: "b",
  },
} as const;

type Rollout = (typeof ROLLOUTS)[keyof typeof ROLLOUTS];

interface MovingRouter {
  address: "old" | "new";
}

const addressOf = ({ router }: SimulatedWorld) => (router as Partial<MovingRouter>).address ?? "old";

/** A router that moves addresses, and whose answer to a hand-over never arrives. */
function makeMoving({ router }: SimulatedWorld): void {
  const moving: MovingRouter = { address: "old" };
  const promote = async () => {
    (router as unknown as MovingRouter).address = "new";
    router.change(0);
    throw new RouterError("ROUTER_FAILED", "memory: promote: the answer was lost");
  };
  const demote = async () => {
    (router as unknown as MovingRouter).address = "old";
  };
  const isPromoted = async () => (router as unknown as MovingRouter).address === "new";
  Object.assign(router, moving, { promote, demote, isPromoted });
}

/** Few ticks a bake, so that the sweep is about boundaries and not about waiting. */
const STEP = { bakeMs: 100, maxBakeMs: 400, minConversations: 5, needsApproval: false };

function worldOf(rollout: Rollout): SimulatedWorld {
  const world = new SimulatedWorld({
    steps: [
      { ...STEP, bps: 500 },
      { ...STEP, bps: 10_000 },
    ],
    ...("plan" in rollout ? rollout.plan : {}),
  });
  world.conversations = 5;
  if ("movesAddresses" in rollout) makeMoving(world);
  return world;
}

/** Ticks to the end, or to the crash. */
async function live(
  world: SimulatedWorld,
  rollout: Rollout,
  holder: string,
  dieAt = Number.POSITIVE_INFINITY,
) {
  const crashing = new CrashingPorts(world.ports, dieAt);
  const controller = world.controller(holder, crashing.ports);
  try {
    for (let tick = 0; tick < 300; tick += 1) {
      rollout.change(world);
      const { nextInMs } = await controller.tick();
      if (!Number.isFinite(nextInMs)) break;
      world.clock.pass(Math.max(nextInMs, 100));
    }
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  return crashing;
}

const once = (course: readonly string[]) => [...new Set(course)];

describe.each(Object.entries(ROLLOUTS))("a rollout that is %s", (_name, rollout) => {
  it("Given a crash between any two calls, When another controller goes on, Then it ends as if nothing was", async () => {
    const whole = worldOf(rollout);
    const { calls } = await live(whole, rollout, "whole");
    expect(whole.state).toBe(rollout.ends);
    const wrong: string[] = [];
    for (let call = 1; call <= calls + 1; call += 1) {
      const world = worldOf(rollout);
      const first = await live(world, rollout, "first", call);
      world.letLeaseExpire();
      const second = await live(world, rollout, "second");
      const found = {
        ends: world.state,
        splits: world.router.history,
        live: world.router.now().bps,
        address: addressOf(world),
        stable: world.journal.stable("support")?.agentVersion[0] ?? null,
        course: once(world.course),
        unannounced: [...first.unannounced, ...second.unannounced],
        after: [...new Set(world.after)].length,
      };
      const wanted = {
        ends: rollout.ends,
        splits: [...rollout.splits],
        live: confirmedBps(world.journal.rows(RELEASE)),
        address: "old",
        stable: rollout.stable,
        course: once(whole.course),
        unannounced: [],
        after: 1,
      };
      if (JSON.stringify(found) !== JSON.stringify(wanted))
        wrong.push(`before call ${call}: ${JSON.stringify(found)}`);
      world.journal.close();
    }
    expect(calls).toBeGreaterThan(80);
    expect(wrong).toEqual([]);
  });
});

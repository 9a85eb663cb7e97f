import { expect, it, vi } from "vitest";
import { RouterError } from "../../core/errors.js";
import { samplePlan } from "../testing/sample-release.js";
import { SimulatedWorld } from "./testing/simulated-world.js";

it("Given a controller that died before it handed over, When the router's lease ran out, Then the next one hands over", async () => {
  const world = new SimulatedWorld();
  let stable = "old";
  const promote = async () => {
    stable = "new";
    world.router.change(0);
  };
  const dying = async () => {
    throw new Error("killed");
  };
  const first = world.controller("one", {
    ...world.ports,
    router: Object.assign(world.router, { promote: dying }),
  });
  await expect(world.run(first)).rejects.toThrow("killed");
  expect(world.state).toBe("WATCHING");
  world.router.change(0);
  world.letLeaseExpire();
  Object.assign(world.router, { promote });
  expect(await world.run(world.controller("two"))).toBe("SUCCEEDED");
  expect(stable).toBe("new");
});

/** A world whose router moves addresses, and a controller that died as it told it to. */
async function handedOver() {
  const world = new SimulatedWorld();
  const addresses = { stable: "old" };
  const promote = async () => {
    addresses.stable = "new";
    world.router.change(0);
    throw new Error("killed");
  };
  Object.assign(world.router, { promote, isPromoted: async () => addresses.stable === "new" });
  await expect(world.run(world.controller("one"))).rejects.toThrow("killed");
  world.letLeaseExpire();
  world.ask({ type: "abort-requested", actor: "bo", reason: "errors" });
  const demote = vi.fn(async () => {
    addresses.stable = "old";
  });
  const told = () => world.journal.rows("rel-1").filter(({ event }) => event === "rollback-failed");
  return { world, addresses, demote, told };
}

async function turn(world: SimulatedWorld, ticks: number) {
  const controller = world.controller("two");
  for (let tick = 0; tick < ticks; tick += 1) {
    const { nextInMs } = await controller.tick();
    world.clock.pass(nextInMs);
  }
  return controller;
}

it("Given a hand-over that took effect, When it is aborted, Then the router gives the old address back", async () => {
  const { world, demote } = await handedOver();
  Object.assign(world.router, { demote });
  expect(await world.run(world.controller("two"))).toBe("ROLLED_BACK");
  const { stable } = samplePlan();
  expect(demote.mock.calls).toEqual([[stable, undefined]]);
  const rows = world.journal.rows("rel-1").filter(({ event }) => event === "router-demote");
  expect(rows.map(({ kind }) => kind)).toEqual(["intent", "readback"]);
  expect(world.router.now().bps).toBe(0);
});

it("Given a hand-over that took effect, When stable's old server is down, Then traffic stays on the new one", async () => {
  const { world, addresses, demote } = await handedOver();
  Object.assign(world.router, { demote });
  world.faults.stable = "connection refused";
  await turn(world, 4);
  expect([world.state, addresses.stable]).toEqual(["ROLLBACK_HELD", "new"]);
  delete world.faults.stable;
  expect(await world.run(world.controller("two"))).toBe("ROLLED_BACK");
  expect(addresses.stable).toBe("old");
});

it.each([
  ["has no way back", undefined],
  [
    "knows another stable server",
    async () => {
      throw new RouterError("ROUTER_REFUSED", "gateway: it is not what gateway.yaml names");
    },
  ],
])(
  "Given a hand-over that took effect, When the router %s, Then it is not called rolled back until it has the old address",
  async (_, demote) => {
    const { world, addresses, told } = await handedOver();
    Object.assign(world.router, { demote });
    const controller = await turn(world, 6);
    expect(world.state).toBe("ABORTING");
    expect(told().map(({ reason }) => reason)).toEqual([
      expect.stringContaining("too late for the split: the router has made"),
    ]);
    addresses.stable = "old";
    expect(await world.run(controller)).toBe("ROLLED_BACK");
  },
);

it("Given a router that cannot be asked after a hand-over, When it is aborted, Then that is told and tried again", async () => {
  const { world, addresses, demote, told } = await handedOver();
  const isPromoted = async () => addresses.stable === "new";
  const silent = async () => {
    throw new RouterError("ROUTER_FAILED", "gateway: no answer to GET /v1/arms");
  };
  Object.assign(world.router, { isPromoted: silent, demote });
  const controller = await turn(world, 3);
  expect([world.state, told().at(-1)?.reason]).toEqual(["ABORTING", "gateway: no answer to GET /v1/arms"]);
  Object.assign(world.router, { isPromoted });
  expect(await world.run(controller)).toBe("ROLLED_BACK");
  expect(addresses.stable).toBe("old");
});

it("Given a controller that hangs before it hands over, When it was rolled back meanwhile, Then it promotes nothing", async () => {
  const world = new SimulatedWorld();
  let isPromoted = false;
  const promote = async ({ ifVersion }: { readonly ifVersion?: string }) => {
    if ((await world.router.get()).version !== ifVersion) throw new RouterError("ROUTER_CONFLICT", "changed");
    isPromoted = true;
  };
  const hanging = async (target: { readonly ifVersion?: string }) => {
    world.letLeaseExpire();
    Object.assign(world.router, { promote });
    world.ask({ type: "abort-requested", actor: "bo", reason: "errors" });
    expect(await world.run(world.controller("two"))).toBe("ROLLED_BACK");
    return promote(target);
  };
  Object.assign(world.router, { promote: hanging, isPromoted: async () => isPromoted });
  await expect(world.run(world.controller("one"))).rejects.toMatchObject({ code: "RELEASE_FENCED" });
  expect([world.state, isPromoted]).toEqual(["ROLLED_BACK", false]);
});

import { expect, it } from "vitest";
import { RouterError } from "../../core/errors.js";
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

it("Given a hand-over that took effect, When it is aborted, Then it is not called rolled back until the router has the old address", async () => {
  const world = new SimulatedWorld();
  let stable = "old";
  const promote = async () => {
    stable = "new";
    world.router.change(0);
    throw new Error("killed");
  };
  Object.assign(world.router, { promote, isPromoted: async () => stable === "new" });
  await expect(world.run(world.controller("one"))).rejects.toThrow("killed");
  world.letLeaseExpire();
  world.ask({ type: "abort-requested", actor: "bo", reason: "errors" });
  const second = world.controller("two");
  for (let ticks = 0; ticks < 6; ticks += 1) {
    const { nextInMs } = await second.tick();
    world.clock.pass(nextInMs);
  }
  expect(world.state).toBe("ABORTING");
  const told = () => world.journal.rows("rel-1").filter(({ event }) => event === "rollback-failed");
  expect(told().map(({ reason }) => reason)).toEqual([
    expect.stringContaining("too late for the split: the router has made"),
  ]);
  stable = "old";
  expect(await world.run(second)).toBe("ROLLED_BACK");
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

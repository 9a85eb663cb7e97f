import { expect, it } from "vitest";
import { sampleService } from "../commands/testing/sample-service.js";
import { Silence, watchdogLook } from "../start/watchdog.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

const BY = { actor: "ana", reason: "said so" };
const OTHER = "rel-elsewhere";

/** Two releases of different journals passed their preflight at 0 %; the other one was the first to move. */
async function overtaken() {
  const world = new SimulatedWorld();
  const controller = world.controller();
  await world.run(controller, "SHIFTING(0)");
  world.router.change(1000, OTHER);
  expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, drift)");
  world.router.change(10_000, OTHER);
  return { world, controller };
}

it.each([
  ["nobody decides in time", (world: SimulatedWorld) => world.clock.pass(24 * 3_600_000)],
  ["somebody rolls it back", (world: SimulatedWorld) => world.ask({ type: "abort-requested", ...BY })],
])(
  "Given a release without traffic and the split of another, When %s, Then that is left alone",
  async (_, end) => {
    const { world, controller } = await overtaken();
    end(world);
    expect(await world.run(controller)).toBe("ROLLED_BACK");
    expect(world.router.now()).toMatchObject({ bps: 10_000, salt: OTHER });
    const last = world.journal.rows(RELEASE).findLast(({ event }) => event === "rollback-confirmed");
    expect(last?.reason).toBe(
      "no traffic is on this release; the router has 100 % (salt rel-elsewhere), which is another release's and is left alone",
    );
  },
);

it("Given a watchdog took it to 0 and another release came, Then its way back leaves that one alone", async () => {
  const world = new SimulatedWorld();
  await world.run(world.controller(), "BAKING(0)");
  world.letLeaseExpire();
  world.clock.pass(120_000);
  const look = () =>
    watchdogLook({
      service: sampleService(world.journal),
      router: world.router,
      clock: world.clock,
      graceMs: 1000,
      silence: new Silence(),
    });
  expect((await look()).outcome).toBe("set-to-zero");
  world.router.change(2500, OTHER);
  world.clock.pass(120_000);
  expect(await look()).toMatchObject({
    outcome: "at-zero",
    reason: expect.stringContaining("is left alone"),
  });
  world.ask({ type: "abort-requested", ...BY });
  expect(await world.run(world.controller("two"))).toBe("ROLLED_BACK");
  expect(world.router.now()).toMatchObject({ bps: 2500, salt: OTHER });
});

it("Given traffic of its own, When somebody put another salt in its place, Then a rollback sets 0 all the same", async () => {
  const world = new SimulatedWorld();
  const controller = world.controller();
  await world.run(controller, "BAKING(0)");
  world.router.change(9000, "by-hand");
  world.ask({ type: "abort-requested", ...BY });
  expect(await world.run(controller)).toBe("ROLLED_BACK");
  expect(world.router.now().bps).toBe(0);
});

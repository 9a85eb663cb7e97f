import { describe, expect, it } from "vitest";
import { sampleConversation, samplePlan } from "../testing/sample-release.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

const BY = { actor: "ana", reason: "said so" };

describe("controller: drift and partitions", () => {
  it("Given a router edited by hand, Then it pauses and leaves the split alone until a person resumes", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.router.change(2000);
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, drift)");
    expect(world.router.now().bps).toBe(2000);
    world.ask({ type: "resumed", ...BY });
    await controller.tick();
    expect(await world.run(controller, "BAKING")).toBe("BAKING(0)");
    expect(world.router.now().bps).toBe(500);
  });

  it("Given another release's split, Then it does not keep the router's lease up for it", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.router.change(2000, "of-another-journal");
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, drift)");
    const { leases } = world.router;
    for (let tick = 0; tick < 3; tick += 1) await controller.tick();
    expect(world.router.leases).toBe(leases);
    world.ask({ type: "resumed", ...BY });
    expect(await world.run(controller, "BAKING")).toBe("BAKING(0)");
    expect(world.router.now()).toMatchObject({ bps: 500, salt: samplePlan().salt });
    expect(world.router.leases).toBeGreaterThan(leases);
  });

  it.each([
    ["BAKING(0)", { bps: 9000, salt: "r1" }, "90 % (salt r1) in its files, which count after a restart"],
    ["SHIFTING(1)", { bps: 9000, salt: "r1" }, "90 % (salt r1) in its files, which count after a restart"],
    ["BAKING(0)", null, "files that cannot be read, so that it cannot start again"],
  ])(
    "Given files of a router edited by hand in %s, Then it pauses, and resumes with them repaired",
    async (when, files, told) => {
      const world = new SimulatedWorld();
      const controller = world.controller();
      await world.run(controller, when);
      world.router.editFiles(files);
      expect(await world.run(controller, "PAUSED")).toContain("drift");
      expect(world.journal.rows(RELEASE).findLast(({ event }) => event === "drift-found")?.reason).toContain(
        told,
      );
      expect(world.router.now()).toMatchObject({ bps: 500, afterRestart: files });
      world.ask({ type: "resumed", ...BY });
      await controller.tick();
      expect(await world.run(controller, "BAKING")).toContain("BAKING");
      expect(world.router.now()).not.toHaveProperty("afterRestart");
    },
  );

  it("Given a controller killed after it wrote the files, Then the next one sets the same split again", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "SHIFTING(1)");
    const { set } = world.router;
    world.router.set = async () => {
      world.router.editFiles({ bps: 10_000, salt: "r1" });
      throw new Error("killed");
    };
    await expect(controller.tick()).rejects.toThrow("killed");
    world.router.set = set;
    world.letLeaseExpire();
    expect(await world.run(world.controller("two"), "BAKING")).toBe("BAKING(1)");
    expect(world.router.now()).toMatchObject({ bps: 10_000 });
  });

  it("Given a router edited by hand, When it is rolled back, Then 0 wins", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.router.change(2000);
    world.ask({ type: "abort-requested", ...BY });
    expect(await world.run(controller)).toBe("ROLLED_BACK");
    expect(world.router.now().bps).toBe(0);
  });

  it("Given an edit between two steps, When it shifts, Then it pauses instead of writing over it", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "SHIFTING(1)");
    world.router.change(700);
    await controller.tick();
    expect(world.state).toBe("PAUSED(1, drift)");
    expect(world.router.now().bps).toBe(700);
  });

  it("Given an edit while a promotion is tried again, Then it pauses; forced by a person, it writes over it", async () => {
    const world = new SimulatedWorld({ steps: samplePlan().steps.slice(0, 1) });
    const controller = world.controller();
    await world.run(controller, "PROMOTING");
    world.faults.canary = "HTTP 500";
    await controller.tick();
    world.router.change(0);
    delete world.faults.canary;
    await controller.tick();
    expect(world.state).toBe("PAUSED(0, drift)");
    expect(world.router.now().bps).toBe(0);
    world.ask({ type: "promotion-forced", ...BY });
    expect(await world.run(controller)).toBe("SUCCEEDED");
    expect(world.router.history).toEqual([500, 0, 10_000]);
  });

  it("Given a router that cannot be reached, Then the bake does not count, and it pauses without figures", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    await controller.tick();
    const baked = world.journal.get(RELEASE)?.bakedMs;
    world.router.isReachable = false;
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, metrics)");
    expect(world.journal.get(RELEASE)?.bakedMs).toBe(baked);
  });

  it("Given a rollback and a router that cannot be reached, Then it tries for as long as it takes, and pages once", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.router.isReachable = false;
    world.ask({ type: "abort-requested", ...BY });
    expect(await world.run(controller, "never", 60)).toBe("ABORTING");
    world.router.isReachable = true;
    expect(await world.run(controller)).toBe("ROLLED_BACK");
    await controller.close();
    expect(world.sent.filter(({ urgency }) => urgency === "page")).toHaveLength(1);
    expect(world.router.history).toEqual([500, 0]);
  });

  it("Given a dead stable arm and a healthy canary, When it is rolled back, Then traffic stays until stable answers", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(1)");
    world.faults.stable = "refused";
    world.ask({ type: "abort-requested", ...BY });
    expect(await world.run(controller, "ROLLBACK_HELD")).toBe("ROLLBACK_HELD");
    expect(world.router.now().bps).toBe(10_000);
    delete world.faults.stable;
    expect(await world.run(controller)).toBe("ROLLED_BACK");
  });

  it("Given events of a clock that was ahead, When it is rolled back, Then they are not taken for traffic after it", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    const requests = [{ ...sampleConversation().requests[0]!, at: world.clock.now() + 3_600_000 }];
    world.evidence = { conversations: [sampleConversation({ arm: "canary", requests })] };
    world.ask({ type: "abort-requested", ...BY });
    expect(await world.run(controller, "never", 4)).toBe("ROLLED_BACK");
  });

  it("Given a request to the new version after 0, Then the rollback is not confirmed before another look", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.ask({ type: "abort-requested", ...BY });
    await controller.tick();
    expect(world.router.now().bps).toBe(0);
    const requests = [{ ...sampleConversation().requests[0]!, at: world.clock.now() + 5000, latencyMs: 10 }];
    world.evidence = { conversations: [sampleConversation({ arm: "canary", requests })] };
    world.clock.pass(6000);
    await controller.tick();
    expect(world.state).toBe("ABORTING");
    expect(await world.run(controller)).toBe("ROLLED_BACK");
  });

  it("Given both arms dead, When it is rolled back, Then it goes to 0", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    Object.assign(world.faults, { stable: "refused", canary: "refused" });
    world.decide({ abort: "the canary is down" });
    expect(await world.run(controller)).toBe("ROLLED_BACK");
  });

  it("Given traffic that goes on after 0, Then the rollback is not over until it stops", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.conversations = 0;
    const arms = () => [
      {
        arm: "canary" as const,
        isUp: true,
        requests: world.router.canaryRequests,
        errors: 0,
        redispatched: 0,
      },
    ];
    world.decide({ abort: "harm" });
    for (let tick = 0; tick < 8; tick += 1) {
      world.router.canaryRequests += 5;
      world.evidence = { arms: arms() };
      const { nextInMs } = await controller.tick();
      world.clock.pass(nextInMs);
    }
    expect(world.state).toBe("ABORTING");
    expect(await world.run(controller)).toBe("ROLLED_BACK");
  });

  it("Given a shift that fails for as long as the plan allows, Then it is rolled back", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "SHIFTING(0)");
    world.faults.canary = "HTTP 503";
    expect(await world.run(controller)).toBe("ROLLED_BACK");
    expect(world.router.history).toEqual([]);
  });
});

describe("controller: time and other controllers", () => {
  it("Given a suspended machine, When it goes on, Then the time between is no bake", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    await controller.tick();
    world.clock.pass(3_600_000);
    await controller.tick();
    expect(world.state).toBe("BAKING(0)");
    expect(world.journal.get(RELEASE)?.bakedMs).toBeLessThanOrEqual(6000);
  });

  it("Given a wall clock that jumps, Then bake and pauses last as long as they should", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    await controller.tick();
    world.clock.jump(86_400_000);
    await controller.tick();
    expect(world.state).toBe("BAKING(0)");
    world.ask({ type: "pause-requested", ...BY });
    await controller.tick();
    world.clock.jump(86_400_000);
    await controller.tick();
    expect(world.state).toBe("PAUSED(0, requested)");
  });

  it.each(["BAKING(0)", "EVALUATING(0)"])(
    "Given a controller that died in %s, When another goes on, Then its first act is no advance, and down-time is no bake",
    async (state) => {
      const world = new SimulatedWorld();
      await world.run(world.controller("one"), state);
      const baked = world.journal.get(RELEASE)?.bakedMs ?? 0;
      world.clock.pass(3_600_000);
      const second = world.controller("two");
      await second.tick();
      expect(world.state).toBe(state);
      expect(world.looks).toBeGreaterThan(0);
      expect(world.journal.get(RELEASE)?.bakedMs).toBe(baked);
      expect(await world.run(second)).toBe("SUCCEEDED");
    },
  );

  it("Given a living controller, When a second one comes, Then it is turned away without an effect", async () => {
    const world = new SimulatedWorld();
    await world.run(world.controller("one"), "BAKING(0)");
    const rows = world.journal.rows(RELEASE).length;
    await expect(world.controller("two").tick()).rejects.toMatchObject({ code: "RELEASE_FENCED" });
    expect(world.journal.rows(RELEASE)).toHaveLength(rows);
  });

  it("Given a controller that was taken for dead, When it wakes up, Then it is fenced and touches nothing more", async () => {
    const world = new SimulatedWorld();
    const first = world.controller("one");
    await world.run(first, "SHIFTING(1)");
    world.letLeaseExpire();
    const second = world.controller("two");
    await second.tick();
    const { version } = world.router.now();
    const rows = world.journal.rows(RELEASE).length;
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(first.tick()).rejects.toMatchObject({ code: "RELEASE_FENCED" });
    expect(world.router.now().version).toBe(version);
    expect(world.journal.rows(RELEASE)).toHaveLength(rows);
    expect(await world.run(second)).toBe("SUCCEEDED");
  });

  it("gives its lease back, so that another need not wait", async () => {
    const world = new SimulatedWorld();
    const first = world.controller("one");
    await world.run(first, "BAKING(0)");
    await first.close();
    expect(await world.run(world.controller("two"))).toBe("SUCCEEDED");
  });
});

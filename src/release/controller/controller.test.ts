import { describe, expect, it } from "vitest";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

const BY = { actor: "ana", reason: "said so" };

describe("controller: a rollout", () => {
  it("Given good figures, When it ticks, Then every step is verified, baked and judged before the next", async () => {
    const world = new SimulatedWorld();
    expect(await world.run(world.controller())).toBe("SUCCEEDED");
    expect(world.course).toEqual([
      "PREFLIGHT",
      "SHIFTING(0)",
      "VERIFYING(0)",
      "BAKING(0)",
      "EVALUATING(0)",
      "SHIFTING(1)",
      "VERIFYING(1)",
      "BAKING(1)",
      "EVALUATING(1)",
      "PROMOTING",
      "WATCHING",
      "SUCCEEDED",
    ]);
    expect(world.router.history).toEqual([500, 10_000]);
    expect(world.journal.stable("support")?.agentVersion).toBe("b".repeat(64));
    expect(world.after).toEqual(["promoted"]);
    const evaluations = world.journal.rows(RELEASE).filter(({ kind }) => kind === "evaluation");
    expect(world.journal.evidence(evaluations[0]?.evidenceHash ?? "")).toMatchObject({
      alpha: 0.05,
      counts: { canary: 100, stable: 0 },
      decision: { verdict: "pass" },
    });
  });

  it.each([
    ["stable", { stable: "refused" }],
    ["canary", { canary: "HTTP 500" }],
    ["landing", { landing: "three ids in the wrong arm" }],
  ])(
    "Given %s does not answer, When it starts, Then it is cancelled and no traffic moved",
    async (_name, faults) => {
      const world = new SimulatedWorld();
      Object.assign(world.faults, faults);
      expect(await world.run(world.controller())).toBe("CANCELLED");
      expect(world.router.history).toEqual([]);
    },
  );

  it("Given figures that cannot be read or a split that is not 0, Then it is cancelled", async () => {
    const blind = new SimulatedWorld();
    blind.evidence = { unreadable: [{ source: "events", reason: "no such folder" }] };
    expect(await blind.run(blind.controller())).toBe("CANCELLED");
    const used = new SimulatedWorld();
    used.router.change(100);
    expect(await used.run(used.controller())).toBe("CANCELLED");
    expect(used.router.now().bps).toBe(100);
  });

  it("Given the split of another journal's release, Then it is cancelled, and nobody is told to set that to 0", async () => {
    const reasonOf = ({ journal }: SimulatedWorld) =>
      journal.rows(RELEASE).find(({ event }) => event === "preflight-failed")?.reason;
    const foreign = new SimulatedWorld();
    foreign.router.change(1000, "rel-elsewhere");
    expect(await foreign.run(foreign.controller())).toBe("CANCELLED");
    expect(foreign.router.now().bps).toBe(1000);
    expect(reasonOf(foreign)).toContain(
      "rel-elsewhere is no release of this journal; where it goes on, wait",
    );
    const own = new SimulatedWorld();
    own.router.change(1000, RELEASE);
    expect(await own.run(own.controller())).toBe("CANCELLED");
    expect(reasonOf(own)).toMatch(
      /10 % \(salt rel-1\) on the new version already, expected 0 %: set it to 0 first$/,
    );
  });

  it("Given too few conversations, When the longest bake is over, Then it pauses as underpowered, and rolls back in time", async () => {
    const world = new SimulatedWorld();
    world.conversations = 3;
    const controller = world.controller();
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, underpowered)");
    expect(world.journal.get(RELEASE)?.bakedMs).toBeGreaterThanOrEqual(240_000);
    expect(await world.run(controller, "", 5000)).toBe("ROLLED_BACK");
  });

  it("Given nothing is decided, When looks are used up, Then they were spread over the bake", async () => {
    const world = new SimulatedWorld();
    world.decide({ verdict: "inconclusive", reason: "too early to say" });
    expect(await world.run(world.controller(), "PAUSED")).toBe("PAUSED(0, inconclusive)");
    const looks = world.journal.rows(RELEASE).filter(({ event }) => event === "evaluated");
    expect(looks).toHaveLength(4);
    const times = looks.map(({ at }) => Date.parse(at));
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(45_000);
  });

  it("Given harm in the bake, a broken split, a dead control or a full endpoint, Then it aborts or pauses", async () => {
    const ends: string[] = [];
    for (const patch of [
      { abort: "harm" },
      { mismatch: "30 % of 5 %" },
      { control: "stable is down" },
      { capacity: "queue of 40" },
    ]) {
      const world = new SimulatedWorld();
      const controller = world.controller();
      await world.run(controller, "BAKING(0)");
      world.decide(patch);
      ends.push(await world.run(controller, "PAUSED"));
      if (world.hasEnded) expect(world.router.history).toEqual([500, 0]);
    }
    expect(ends).toEqual(["ROLLED_BACK", "PAUSED(0, srm)", "PAUSED(0, control)", "PAUSED(0, capacity)"]);
  });

  it("Given a paused release, When harm is proven, Then it is rolled back without waiting for a person", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.ask({ type: "pause-requested", ...BY });
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, requested)");
    world.decide({ abort: "a critical event" });
    expect(await world.run(controller)).toBe("ROLLED_BACK");
    expect(world.after).toEqual(["rolled back"]);
  });
});

describe("controller: people", () => {
  it("Given an abort and an approval at once, Then the abort is taken first, and the approval refused", async () => {
    const world = new SimulatedWorld({ needsApproval: true });
    const controller = world.controller();
    await world.run(controller, "AWAITING_APPROVAL");
    world.ask({ type: "approved", actor: "ben", reason: "fine" });
    world.ask({ type: "abort-requested", ...BY });
    expect(await world.run(controller)).toBe("CANCELLED");
    expect(world.journal.requests(RELEASE)).toEqual([]);
  });

  it("Given four eyes, When the author approves, Then it is refused and recorded, and another may", async () => {
    const world = new SimulatedWorld({ needsApproval: true, fourEyes: true });
    const controller = world.controller();
    await world.run(controller, "AWAITING_APPROVAL");
    world.ask({ type: "approved", ...BY });
    await controller.tick();
    expect(world.state).toBe("AWAITING_APPROVAL");
    const refused = world.journal.rows(RELEASE).find(({ event }) => event === "refused");
    expect(refused).toMatchObject({ kind: "note", actor: "ana" });
    expect(refused?.reason).toContain("second person");
    world.ask({ type: "approved", actor: "ben", reason: "looked at it" });
    expect(await world.run(controller)).toBe("SUCCEEDED");
  });

  it("Given a live release, When it is superseded, Then it goes to 0 first", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.ask({ type: "superseded", ...BY });
    expect(await world.run(controller)).toBe("SUPERSEDED");
    expect(world.router.now().bps).toBe(0);
    expect(world.journal.requests(RELEASE)).toEqual([]);
  });

  it("Given a pause, When it is extended, Then the step bakes on for longer", async () => {
    const world = new SimulatedWorld();
    world.conversations = 3;
    const controller = world.controller();
    await world.run(controller, "PAUSED");
    world.ask({ type: "extended", byMs: 60_000, ...BY });
    expect(await world.run(controller, "BAKING")).toBe("BAKING(0)");
    expect(await world.run(controller, "PAUSED")).toBe("PAUSED(0, underpowered)");
    expect(world.journal.get(RELEASE)?.bakedMs).toBeGreaterThanOrEqual(300_000);
  });

  it("tells people once of what they must know, with a key of its own each", async () => {
    const world = new SimulatedWorld();
    const controller = world.controller();
    await world.run(controller, "BAKING(0)");
    world.decide({ abort: "a critical event" });
    await world.run(controller);
    await controller.close();
    expect(world.sent.map(({ urgency, text }) => `${urgency} ${text.split(":")[0]}`)).toEqual([
      "info BAKING(0)",
      "page ABORTING",
      "info ROLLED_BACK",
    ]);
    expect(new Set(world.sent.map(({ key }) => key)).size).toBe(3);
  });
});

import { expect, it } from "vitest";
import { sampleConversation } from "../testing/sample-release.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

/** A world whose split is 0, and whose events tell of a request to the new version 2 s later. */
async function stillSending() {
  const world = new SimulatedWorld();
  const controller = world.controller();
  await world.run(controller, "BAKING(0)");
  world.decide({ abort: "harm is proven" });
  await controller.tick();
  await controller.tick();
  expect(world.router.now().bps).toBe(0);
  const [request] = sampleConversation().requests;
  const at = world.clock.now() + 2000;
  const late = request === undefined ? [] : [{ ...request, at, latencyMs: 1 }];
  world.evidence = { conversations: [sampleConversation({ requests: late })] };
  world.clock.pass(3000);
  return { world, controller };
}

it.each([
  ["nothing is missing", []],
  ["the page of the dead canary is gone", [{ source: "capacity of canary", reason: "its page is gone" }]],
])("confirms no rollback while events tell of requests to the new version, and %s", async (_, unreadable) => {
  const { world, controller } = await stillSending();
  world.evidence = { ...world.evidence, unreadable };
  await controller.tick();
  expect(world.state).toBe("ABORTING");
  expect(world.journal.rows(RELEASE).at(-1)?.reason).toContain("requests still reach the new version");
});

it("confirms one whose events cannot be read by the split alone", async () => {
  const { world, controller } = await stillSending();
  world.evidence = { ...world.evidence, unreadable: [{ source: "events", reason: "no such folder" }] };
  await controller.tick();
  expect(world.state).toBe("ROLLED_BACK");
});

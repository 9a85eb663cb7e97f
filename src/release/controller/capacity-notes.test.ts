import { expect, it } from "vitest";
import { renderCanaryStatus } from "../../report/canary-command-text.js";
import { renderCanaryChanges } from "../../report/canary-watch-text.js";
import { releaseStatus } from "../commands/release-status.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { tickLine } from "../start/tick-line.js";
import { screenOf } from "../watch/screen-of.js";
import { watchDocument, watchFigures } from "../watch/watch-document.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

const lost = (...arms: string[]): Partial<ReleaseEvidence> => ({
  unreadable: arms.map((arm) => ({ source: `capacity of ${arm}`, reason: `the page of ${arm} is gone` })),
});
const room = { at: 1, waiting: 0, kvCacheUsage: 0.1, preemptions: 0 };
const KNOWN: Partial<ReleaseEvidence> = { capacity: [{ ...room, arm: "canary" }] };
const TOLD = "how full canary is, is not known: the page of canary is gone";

const record = ({ journal }: SimulatedWorld) => journal.get(RELEASE) as ReleaseRecord;
const notesOf = ({ journal }: SimulatedWorld) =>
  journal.rows(RELEASE).filter(({ event }) => event.startsWith("capacity-"));
const lineOf = (world: SimulatedWorld) =>
  tickLine(record(world), world.decision, world.journal.rows(RELEASE));
const statusOf = (world: SimulatedWorld) => releaseStatus(world.journal, record(world), world.clock.now());

async function baking(world = new SimulatedWorld()) {
  const controller = world.controller();
  await world.run(controller, "BAKING(0)");
  return { world, controller };
}

it("says everywhere that it is not known how full an arm is and since when, and the release goes on", async () => {
  const { world, controller } = await baking();
  expect(statusOf(world).unknownCapacity).toBeNull();
  world.evidence = lost("canary");
  await controller.tick();
  const at = new Date(world.clock.now()).toISOString();
  world.clock.pass(1000);
  await controller.tick();
  expect(notesOf(world)).toMatchObject([{ event: "capacity-unknown", kind: "note", reason: TOLD }]);

  const clock = at.slice(11, 19);
  expect(lineOf(world)).toBe(`BAKING(0) 5 %; so far pass: every rule passes; since ${clock} UTC ${TOLD}`);
  expect(statusOf(world).unknownCapacity).toEqual({ since: at, reason: TOLD });
  expect(renderCanaryStatus(statusOf(world))).toContain(`  capacity     since ${at} ${TOLD}\n`);
  const rows = world.journal.rows(RELEASE);
  const figures = watchFigures(record(world), rows, world.seen, world.clock.now());
  const router = { kind: "memory", bps: 500, reason: null };
  const watch = watchDocument(world.journal, record(world), figures, router, world.clock.now());
  const line = { tone: "bad", text: `capacity since ${clock}Z ${TOLD}` };
  expect(screenOf(watch).notes).toContainEqual(line);
  expect(renderCanaryChanges(null, watch, []).at(-1)).toContain(`BAKING(0) since ${at} ${TOLD}`);

  expect(await world.run(controller)).toBe("SUCCEEDED");
  expect([lineOf(world), statusOf(world).unknownCapacity]).toEqual([
    "SUCCEEDED: nothing bad came of it while it was watched",
    null,
  ]);
});

it("notes each change once, also after a restart", async () => {
  const { world, controller } = await baking();
  for (const evidence of [lost("canary"), lost("stable", "canary"), lost("stable", "canary")]) {
    world.evidence = evidence;
    await controller.tick();
  }
  world.letLeaseExpire();
  const next = world.controller("two");
  await next.tick();
  expect(notesOf(world).map(({ reason }) => reason.split(":")[0])).toEqual([
    "how full canary is, is not known",
    "how full stable and canary is, is not known",
  ]);
  world.evidence = {};
  await next.tick();
  expect(statusOf(world).unknownCapacity).not.toBeNull();
  world.evidence = KNOWN;
  await next.tick();
  await next.tick();
  expect(notesOf(world).map(({ event }) => event)).toEqual([
    "capacity-unknown",
    "capacity-unknown",
    "capacity-known",
  ]);
  expect([lineOf(world), statusOf(world).unknownCapacity]).toEqual([
    "BAKING(0) 5 %; so far pass: every rule passes",
    null,
  ]);
});

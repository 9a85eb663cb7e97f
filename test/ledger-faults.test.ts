import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL_DONE, factOf, LedgerChecks, NOTHING, repliesOf, together, UNDONE } from "./ledger-checks.js";
import { KillBench, type Scenario } from "./ledger-kill.js";

const systems = new KillBench();
const checks = new LedgerChecks();
beforeAll(() => systems.start(), 60_000);
afterAll(() => systems.stop());

describe("systems that misbehave", () => {
  it.concurrent.each([
    ["500 after it cancelled", { op: "cancel", mode: "500-after-commit", times: 1 }],
    ["500 after it refunded, three times", { op: "refund", mode: "500-after-commit", times: 3 }],
    ["500 after it booked", { op: "book", mode: "500-after-commit", times: 1 }],
    ["no answer after it cancelled", { op: "cancel", mode: "hang-after-commit", times: 1 }],
    ["no answer after it refunded", { op: "refund", mode: "hang-after-commit", times: 1 }],
    ["no answer after it booked", { op: "book", mode: "hang-after-commit", times: 1 }],
    ["a cancellation that is made after it was given up", { op: "cancel", mode: "late", times: 1 }],
    ["a refund that is made after it was given up", { op: "refund", mode: "late", times: 1 }],
    ["a booking that is made after it was given up", { op: "book", mode: "late", times: 1 }],
  ] as const)("%s", async (_, fault) => {
    await checks.undisturbed(systems, { asks: "steps", fault, settleMs: 1000 }, ALL_DONE);
  });

  it("a first step that is refused stops the others of the same reply", async () => {
    const fault = { op: "cancel", mode: "refuse", times: 1 } as const;
    await checks.undisturbed(systems, { asks: "batch", fault }, NOTHING);
  });

  it("three steps of one reply are done, and undone when the last is refused", async () => {
    await checks.undisturbed(systems, { asks: "batch" }, ALL_DONE);
    const fault = { op: "book", mode: "refuse", times: 1 } as const;
    await checks.undisturbed(systems, { asks: "batch", fault }, UNDONE);
  });

  it("a refused connection undoes what was done before", async () => {
    const folder = await systems.newRun(undefined);
    await systems.work(folder, { asks: "steps", ports: { payments: await closedPort() } }, null);
    const seen = await systems.observe(folder);
    checks.always(seen);
    expect([factOf(seen, "cancelled"), factOf(seen, "refunds")]).toEqual([0, 0]);
    expect(repliesOf(seen)[0]).toMatch(/refund failed\. What had been changed before was undone \(cancel\)/);
  });
});

describe("two processes that resume one session", () => {
  it("one wins; the other does nothing", async () => {
    const scenario: Scenario = { asks: "steps", fault: { op: "refund", mode: "slow", times: 9 } };
    const boundaries = await checks.undisturbed(systems, scenario, ALL_DONE);
    const folder = await systems.newRun(scenario.fault);
    await systems.work(folder, scenario, boundaries.indexOf("before sending refund") + 1);
    const both = await Promise.all([1, 2].map(() => systems.work(folder, scenario, null)));
    checks.ending(await systems.observe(folder), ALL_DONE);
    const worked = both.map(({ turns }) => turns as readonly unknown[] | null);
    expect(worked.filter((one) => one !== null && one.length === 1)).toHaveLength(1);
  });
});

describe("a second process that speaks while the first is at work", () => {
  it.each([
    ["and the first answers both in order", false],
    ["and whoever goes on after a kill answers both in order", true],
  ])("is queued, %s", async (_, isKilled) => {
    const scenario: Scenario = { asks: "steps", fault: { op: "refund", mode: "slow", times: 1 } };
    const folder = await systems.newRun(scenario.fault);
    const boundaries = await checks.undisturbed(systems, { asks: "steps" }, ALL_DONE);
    const killAt = isKilled ? boundaries.indexOf("refund answered") + 1 : null;
    const first = systems.work(folder, scenario, killAt);
    await until(() => systems.boundaries(folder).includes("before sending refund"));
    const second = await systems.work(folder, { asks: "steps", says: "Thanks." }, null);
    expect(second.turns).toEqual({ kind: "queued", position: 1 });
    expect((await first).wasKilled).toBe(isKilled);
    if (isKilled) await systems.work(folder, { asks: "steps" }, null);
    const seen = await systems.observe(folder);
    checks.always(seen);
    expect(repliesOf(seen)).toEqual(["DONE cancel refund book", "You are welcome."]);
  });
});

describe("a full disk", () => {
  it("stops the flow before its next side effect; with room again it goes on", async () => {
    const effects: number[] = [];
    await together([60, 100, 110, 120, 130, 140, 150], async (maxKib) => {
      const folder = await systems.newRun(undefined);
      const said = await systems.workOnFullDisk(folder, { asks: "steps" }, maxKib);
      expect(said, `${maxKib} KiB`).toMatch(/disk is full|disk reported an error/);
      const seen = await systems.observe(folder);
      checks.always(seen);
      effects.push(["cancelled", "refunds", "bookings"].reduce((sum, name) => sum + factOf(seen, name), 0));
      await systems.work(folder, { asks: "steps" }, null);
      checks.ending(await systems.observe(folder), ALL_DONE);
    });
    expect(new Set(effects).size, String(effects)).toBeGreaterThan(1);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

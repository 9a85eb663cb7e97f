import { describe, expect, it } from "vitest";
import type { Clock } from "../../core/clock.js";
import { StoreError } from "../../core/errors.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { UnknownOutcomeError } from "../tools/tool.js";
import type { LedgerStore } from "./ledger-store.js";
import { memoryLedgerStore } from "./memory-ledger-store.js";
import { scene } from "./testing/ledger-scene.js";
import { testTool } from "./testing/test-tools.js";

const lost = () => Promise.reject(new UnknownOutcomeError("lost"));

/** A ledger whose disk is full as long as `isFull` says so. */
function fullDisk(method: "intend" | "settle"): { store: LedgerStore; disk: { isFull: boolean } } {
  const kept = memoryLedgerStore();
  const disk = { isFull: true };
  const check = () => {
    if (disk.isFull) throw new StoreError("the disk is full");
  };
  const store: LedgerStore = {
    ...kept,
    intend: async (effect) => {
      if (method === "intend") check();
      return kept.intend(effect);
    },
    settle: (key, settlement) => {
      if (method === "settle") check();
      kept.settle(key, settlement);
    },
  };
  return { store, disk };
}

describe("a ledger that cannot write", () => {
  it("an intent: the call is not made", async () => {
    const { store, disk } = fullDisk("intend");
    const one = scene([testTool("refund")], {}, { store });
    await expect(one.callAt(0, "refund")).rejects.toThrow("the disk is full");
    expect(one.calls).toEqual([]);
    disk.isFull = false;
    one.restart();
    expect((await one.callAt(0, "refund")).content).toBe("ok");
    expect(one.statuses()).toEqual(["refund done"]);
  });

  it("an outcome: the call is not made again, and nobody is told that it was done", async () => {
    const { store, disk } = fullDisk("settle");
    const lookUp = async () => ({ content: "r-1", isError: false });
    const one = scene([testTool("refund", { lookUp })], {}, { store });
    await expect(one.callAt(0, "refund")).rejects.toThrow("the disk is full");
    await expect(one.reply()).rejects.toThrow("the disk is full");
    disk.isFull = false;
    one.restart();
    expect((await one.callAt(0, "refund")).content).toBe("r-1");
    expect(one.calls).toHaveLength(1);
    expect(await one.reply()).toEqual({ kind: "pass", text: "All done!" });
  });
});

it("a key that stands for other arguments makes no call and answers none", async () => {
  const store = memoryLedgerStore();
  const one = scene([testTool("refund")], {}, { store });
  await one.callAt(0, "refund", { cents: 1 });
  const [first] = store.effects("c1");
  const changed: LedgerStore = {
    ...store,
    effects: (id) => store.effects(id).map((effect) => ({ ...effect, args: { cents: 2 } })),
  };
  const other = scene([testTool("refund")], {}, { store: changed });
  expect(await other.callAt(0, "refund", { cents: 1 })).toEqual({
    content: "Error: refund was not run: its idempotency key stands for another call",
    isError: true,
  });
  expect(other.calls).toEqual([]);
  await one.callAt(0, "refund", { cents: 3 });
  expect(store.effects("c1").map(({ key }) => key === first?.key)).toEqual([true, false]);
});

describe("a system that does not know a call", () => {
  /** Asks what became of a call that another process sent at `sentAtMs`, by a wall clock that may have been set. */
  async function waited(sentAtMs: number, nowMs: number, knownAfterMs: number) {
    let monotonicMs = 0;
    let wallMs = sentAtMs;
    const clock: Clock = { now: () => wallMs, monotonic: () => monotonicMs };
    const sleep = async (ms: number) => {
      monotonicMs += ms;
    };
    const store = memoryLedgerStore();
    const sent: ToolOutcome = { content: "late", isError: false };
    const lookUp = async () => (monotonicMs >= knownAfterMs ? sent : null);
    const before = scene(
      [testTool("refund", { call: () => new Promise(() => {}), lookUp })],
      {},
      { store, clock },
    );
    void before.callAt(0, "refund");
    await new Promise((resolve) => setTimeout(resolve, 5));
    wallMs = nowMs;
    const after = scene(
      [testTool("refund", { call: lost, lookUp })],
      { settleMs: 1000 },
      { store, clock, sleep },
    );
    await after.hooks().onUserMessage?.("hello?");
    return { monotonicMs, statuses: after.statuses() };
  }
  const DAY_MS = 86_400_000;

  it.each([
    ["stands still", 0],
    ["was set a day ahead", DAY_MS],
    ["was set a day back", -DAY_MS],
  ])("is asked again after settle_ms when the clock %s", async (_, jumpMs) => {
    const at = 10 * DAY_MS;
    expect(await waited(at, at + jumpMs, 900)).toEqual({ monotonicMs: 1000, statuses: ["refund done"] });
    expect(await waited(at, at + jumpMs, 1e9)).toEqual({ monotonicMs: 1000, statuses: ["refund failed"] });
  });
});

it.each(["Error: the turn was stopped; it is not known", "Error: it is not known"])(
  "what was written of a call that was cut off is corrected: %s",
  async (start) => {
    const one = scene([testTool("refund", { call: () => ({ content: "r-1", isError: false }) })]);
    await one.call("refund");
    one.log.append({
      role: "tool",
      toolCallId: "call-0",
      name: "refund",
      content: `${start} whether this was done.`,
    });
    one.restart();
    const sent = await one.hooks().onModelRequest?.(one.log.messages, []);
    expect(sent?.at(-1)?.content).toBe("r-1");
  },
);

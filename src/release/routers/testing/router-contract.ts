import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RouterError } from "../../../core/errors.js";
import { type Arm, armOf } from "../../../core/traffic-split.js";
import type { ArmCounts, TrafficRouter } from "../router.js";

/** A router with what it moves, set up for one run of the contract. Its split is 0 at first. */
export interface RouterBench {
  readonly router: TrafficRouter;
  /** Sends one request for each id through the data plane: the arms that answered. `null`: there is no data plane here. */
  readonly sendThrough: ((ids: readonly string[]) => Promise<readonly Arm[]>) | null;
  /** Changes the share behind the router's back, as a person at its console would. */
  editByHand(bps: number): Promise<void>;
  /** Kills what splits the traffic and starts it again, or reloads it. */
  restart(): Promise<void>;
  /** Makes what the router talks to unreachable for good. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const SALT = "rel-1";
/** Plain ones, with commas, and in several scripts. */
const IDS = Array.from(
  { length: 60 },
  (_, index) => `${["conversation", "a, b,c", "ü–漢😀à"][index % 3]} ${index}`,
);

export interface ContractAbilities {
  /** `stats` has a row an arm. */
  readonly counts: boolean;
  /** An arm is drained at any share; else only the canary at 0. */
  readonly drains: boolean;
}

/** What every traffic router keeps to, in one order on one bench. A change may start programs: there are no more than needed. */
export function describeRouterContract(
  name: string,
  open: () => Promise<RouterBench>,
  { counts, drains }: ContractAbilities = { counts: true, drains: true },
): void {
  // Real programs are started, on machines that do other things too.
  describe(`${name} keeps to the contract of traffic routers`, { timeout: 30_000 }, () => {
    let bench: RouterBench;
    const set = (bps: number, salt = SALT) => bench.router.set({ bps, salt });
    const arms = async () => (await bench.sendThrough?.(IDS)) ?? null;
    const canaries = async () => (await arms())?.filter((arm) => arm === "canary").length ?? null;

    beforeAll(async () => {
      bench = await open();
    });
    afterAll(async () => bench?.close());

    it("reads what is set, by itself and again, and gives every change another version", async () => {
      const shares = [100, 2_500, 100, 10_000, 0];
      const versions = new Set<string>();
      for (const bps of shares) {
        const split = await set(bps);
        expect(split.bps).toBe(bps);
        if (split.salt !== null) expect(split.salt).toBe(SALT);
        expect(await bench.router.get()).toEqual(split);
        versions.add(split.version);
      }
      expect(versions.size).toBe(shares.length);
    });

    it("changes nothing when it sets what is set", async () => {
      const first = await set(700);
      expect(await set(700)).toEqual(first);
      expect(await bench.router.set({ bps: 700, salt: SALT, ifVersion: first.version })).toEqual(first);
    });

    it("refuses a share that is none, and changes nothing", async () => {
      const before = await bench.router.get();
      for (const bps of [-1, 0.5, 10_001, Number.NaN]) await expect(set(bps)).rejects.toThrow(RangeError);
      expect(await bench.router.get()).toEqual(before);
    });

    it("sends nothing to the canary at 0 and everything at 10,000", async () => {
      if (bench.sendThrough === null) return;
      await set(0);
      expect(await canaries()).toBe(0);
      await set(10_000);
      expect(await canaries()).toBe(IDS.length);
    });

    it("keeps a conversation where it is while the share rises", async () => {
      if (!bench.router.isSticky) return;
      let before: readonly Arm[] | null = null;
      for (const bps of [500, 2_500, 5_000]) {
        await set(bps);
        const after = await arms();
        expect(await arms()).toEqual(after);
        expect(after?.filter((arm, at) => arm === "stable" && before?.[at] === "canary") ?? []).toEqual([]);
        expect(after).toEqual(IDS.map((id) => computedArm(bench.router, { bps, salt: SALT }, id)));
        before = after;
      }
    });

    it("draws anew by another salt", async () => {
      if (!bench.router.isSticky) return;
      await set(5_000);
      const before = await arms();
      expect((await set(5_000, "rel-2")).salt).toBe("rel-2");
      expect(await arms()).not.toEqual(before);
      await set(5_000);
      expect(await arms()).toEqual(before);
    });

    it("leaves a split alone that somebody changed since", async () => {
      const old = await bench.router.get();
      const now = await set(200);
      const late = bench.router.set({ bps: 5_000, salt: SALT, ifVersion: old.version });
      expect(await failureOf(late)).toMatchObject({ code: "ROUTER_CONFLICT" });
      expect(await bench.router.get()).toEqual(now);
    });

    it("sees an edit by hand as another version, and swaps it only by that", async () => {
      const ours = await bench.router.get();
      await bench.editByHand(2_000);
      const edited = await bench.router.get();
      expect(edited.bps).toBe(2_000);
      expect(edited.version).not.toBe(ours.version);
      expect(
        await failureOf(bench.router.set({ bps: 500, salt: SALT, ifVersion: ours.version })),
      ).toMatchObject({ code: "ROUTER_CONFLICT" });
      expect((await bench.router.get()).bps).toBe(2_000);
      const swapped = await bench.router.set({ bps: 500, salt: SALT, ifVersion: edited.version });
      expect(swapped.bps).toBe(500);
    });

    it("still has its split after a restart", async () => {
      const before = await set(2_500);
      const sent = await arms();
      await bench.restart();
      expect(await bench.router.get()).toEqual(before);
      if (bench.router.isSticky) expect(await arms()).toEqual(sent);
    });

    it("counts requests and says which arm is up", async () => {
      if (!counts) return expect(await bench.router.stats()).toEqual([]);
      await set(5_000);
      const before = await statsByArm(bench.router);
      await arms();
      const rows = await bench.router.stats();
      expect(rows.map((row) => row.arm).sort()).toEqual(["canary", "stable"]);
      for (const row of rows) {
        expect(row.isUp).toBe(true);
        expect(row.requests - (before[row.arm]?.requests ?? 0)).toBeGreaterThan(0);
        expect(row.errors).toBe(before[row.arm]?.errors ?? 0);
      }
    });

    it("drains the canary, twice the same, and fills it again when its share is set", async () => {
      await set(5_000);
      if (!drains) {
        expect(await failureOf(bench.router.drain("canary"))).toMatchObject({ code: "ROUTER_REFUSED" });
        await set(0);
        await bench.router.drain("canary");
        return;
      }
      await bench.router.drain("canary");
      await bench.router.drain("canary");
      expect(await canaries()).toBe(bench.sendThrough === null ? null : 0);
      await set(5_000);
      expect(await canaries()).not.toBe(0);
      await set(0);
    });

    it("stops asking when it is aborted", async () => {
      await expect(bench.router.get(AbortSignal.abort())).rejects.toThrow();
    });

    it("fails, naming itself and what to do, when nothing answers", async () => {
      await bench.breakDown();
      const calls = [
        () => bench.router.get(),
        () => set(9_000),
        () => set(0),
        () => bench.router.drain("canary"),
      ];
      for (const call of calls) {
        const failure = await failureOf(call());
        expect(failure.message).toContain(bench.router.kind);
        expect(failure.nextStep).toMatch(/\w+ \w+/);
        expect(["ROUTER_FAILED", "ROUTER_REFUSED"]).toContain(failure.code);
      }
      expect(await failureOf(bench.router.get())).toMatchObject({ code: "ROUTER_FAILED" });
      if (counts) await expect(bench.router.stats()).rejects.toThrow(RouterError);
    });
  });
}

/** Where an id lands: as the router computes it, or as the core does. */
function computedArm(router: TrafficRouter, split: { bps: number; salt: string }, id: string): Arm | null {
  return router.armFor === undefined ? armOf(split.salt, id, split.bps) : router.armFor(split, id);
}

async function failureOf(call: Promise<unknown>): Promise<RouterError> {
  const outcome = await call.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  if (!(outcome instanceof RouterError)) throw outcome;
  return outcome;
}

async function statsByArm(router: TrafficRouter): Promise<{ [arm in Arm]?: ArmCounts }> {
  return Object.fromEntries((await router.stats()).map((row) => [row.arm, row]));
}

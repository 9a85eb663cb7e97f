import { describe, expect, it } from "vitest";
import type { StreamedChat } from "../http/stream-chat.js";
import { ServingQueue } from "../testing/serving-queue.js";
import { VirtualTime } from "../testing/virtual-time.js";
import { type ArrivalKind, arrivalTimes } from "./arrival-times.js";
import { findKnee } from "./find-knee.js";
import { runLoad } from "./run-load.js";
import { summariseLoad } from "./summarise-load.js";

const NO_OBJECTIVES = { ttftMs: null, itlMs: null, gapMs: null, e2eMs: null };

interface Simulation {
  readonly kind: ArrivalKind;
  readonly rate: number;
  readonly durationMs: number;
  readonly places: number;
  readonly serviceMs: (index: number) => number;
  readonly connections?: number;
  readonly objectives?: Partial<{ [Name in keyof typeof NO_OBJECTIVES]: number | null }>;
}

/** A load on a server with so many places and known times, in virtual time: nothing is late. */
async function simulate({ kind, rate, durationMs, places, serviceMs, connections, objectives }: Simulation) {
  const time = new VirtualTime();
  const queue = new ServingQueue(places);
  const send = async (index: number): Promise<StreamedChat> => {
    const sentAt = time.monotonic();
    await queue.enter();
    await time.sleep(serviceMs(index));
    queue.leave();
    return chat(sentAt, time.monotonic());
  };
  const arrivals = arrivalTimes({ kind, rate, durationMs, seed: 3 });
  const plan = { durationMs, connections: connections ?? null };
  const world = { clock: time, signal: new AbortController().signal, sleep: time.sleep };
  const run = await time.until(runLoad(arrivals, plan, send, world));
  return summariseLoad(run, {
    rate,
    objectives: { ...NO_OBJECTIVES, ...objectives },
    lagLimitMs: 1,
    gauges: [],
  });
}

function chat(sentAt: number, at: number): StreamedChat {
  const reply = { status: 200, contentType: "text/event-stream", server: null, text: "", json: undefined };
  return {
    reply: { ...reply, problem: null, wasCut: false },
    sentAt,
    pieceTimes: [at],
    endedAt: at,
    text: "",
    toolName: null,
    toolArguments: "",
    outputTokens: 1,
    promptTokens: 1,
    malformed: 0,
    events: 1,
    isDone: true,
    error: null,
    finishReason: "stop",
  };
}

describe("a load in virtual time", () => {
  it.each(["poisson", "constant"] as const)(
    "has its knee where places run out, with %s arrivals",
    async (kind) => {
      // 4 places of 50 ms carry 80 requests a second.
      const loads = [];
      for (const rate of [20, 40, 70, 95, 160]) {
        loads.push(await simulate({ kind, rate, durationMs: 20_000, places: 4, serviceMs: () => 50 }));
      }
      expect(loads.map(({ queueGrows }) => queueGrows)).toEqual([false, false, false, true, true]);
      expect(findKnee(loads)).toMatchObject({ rate: 95, carried: 70 });
    },
  );

  it("finds the knee by the objectives before the queue grows", async () => {
    const objectives = { ttftMs: 55 };
    const plan = { kind: "poisson" as const, durationMs: 20_000, places: 4, serviceMs: () => 50, objectives };
    const loads = [await simulate({ ...plan, rate: 20 }), await simulate({ ...plan, rate: 70 })];
    expect(loads.map(({ queueGrows }) => queueGrows)).toEqual([false, false]);
    expect(findKnee(loads)).toMatchObject({ rate: 70, carried: 20 });
  });

  it("waits as long as queueing theory says", async () => {
    const plan = { kind: "poisson" as const, rate: 50, durationMs: 160_000, places: 1, serviceMs: () => 10 };
    const { intended, service, arrivals } = await simulate(plan);
    expect(arrivals).toBeGreaterThan(7_600);
    // Pollaczek and Khinchine for M/D/1 at half load: a wait of 0.5 · 10 / (2 · (1 - 0.5)) = 5 ms, and 10 ms of service.
    expect(intended.e2e.meanMs).toBeGreaterThan(14.2);
    expect(intended.e2e.meanMs).toBeLessThan(15.8);
    expect(service.e2e.meanMs).toBeCloseTo(intended.e2e.meanMs ?? 0, 9);
  });

  it("shows one stall to all who waited for it, and in one service time", async () => {
    const load = await simulate({
      kind: "constant",
      rate: 160,
      durationMs: 2_500,
      places: 1,
      connections: 1,
      serviceMs: (index) => (index === 99 ? 502 : 2),
    });
    const p99 = ({ quantiles }: typeof load.intended.ttft) => quantiles.find(({ q }) => q === 0.99)?.value;
    expect(load).toMatchObject({ arrivals: 400, completed: 400, generatorLag: { maxMs: 0 } });
    expect(p99(load.service.ttft)).toBeCloseTo(2, 9);
    expect(load.service.ttft.maxMs).toBeCloseTo(502, 9);
    // Each later request waits 4.25 ms less: 6.25 ms from one to the next, of which 2 ms are served.
    expect(p99(load.intended.ttft)).toBeGreaterThan(502 - 5 * 4.25);
    expect(p99(load.intended.ttft)).toBeLessThan(502);
    const withoutLimit = await simulate({
      kind: "constant",
      rate: 160,
      durationMs: 2_500,
      places: 1,
      serviceMs: (index) => (index === 99 ? 502 : 2),
    });
    expect(withoutLimit.service).toEqual(withoutLimit.intended);
  });
});

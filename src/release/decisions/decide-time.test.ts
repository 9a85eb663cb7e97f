import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import { decide } from "./decide.js";
import { alternating, decideHalf, traffic } from "./testing/decide-half.js";
import {
  type CanaryEffect,
  conversation,
  evidenceOf,
  HOUR,
  planOf,
  request,
  rule,
  simulatedTraffic,
  stepLogs,
} from "./testing/simulated-traffic.js";

const RESOLUTION = rule("resolution_rate", "-2% vs control");
const LATENCY = rule("p95_latency", "+500ms");

describe("time", () => {
  it("waits for outcomes to mature, and takes none that came too late", () => {
    const late = alternating(800, (arm, index) => ({
      resolved: { value: true, at: arm === "canary" && index % 2 === 0 ? 5 * HOUR : 0.5 * HOUR },
    }));
    const at = (now: number) =>
      decideHalf(late, [RESOLUTION], { now, plan: { maturationMs: 2 * HOUR, watchMs: 0 } });
    expect(at(HOUR).rules[0]).toMatchObject({ verdict: "inconclusive", canary: { conversations: 0 } });
    expect(at(HOUR).rules[0]?.reason).toContain("nothing to compare: 800 conversations are too young");
    expect(at(9 * HOUR).rules[0]).toMatchObject({
      verdict: "fail",
      canary: { value: 0.5 },
      stable: { value: 1 },
    });
  });

  it("leaves delayed outcomes to the watch, which must decide them", () => {
    const plan = { maturationMs: 24 * HOUR, watchMs: 48 * HOUR };
    const bake = decideHalf(traffic(500), [RESOLUTION], { plan });
    expect(bake.verdict).toBe("pass");
    expect(bake.notes.join()).toContain(
      "resolution_rate is not decided yet; the watch after the promotion must",
    );
    expect(decideHalf(traffic(500), [RESOLUTION], { plan, phase: "watch", now: 60 * HOUR }).verdict).toBe(
      "inconclusive",
    );
    expect(
      decideHalf(traffic(2000, { drop: 0.2 }), [RESOLUTION], { plan, phase: "watch", now: 60 * HOUR }).abort,
    ).not.toBeNull();
  });

  it("lets a small step go on undecided, and the last one with a control not", () => {
    const shares = [500, 5000, 10_000];
    const plan = planOf(shares, [RESOLUTION]);
    const first = simulatedTraffic(new SeededRandom(4), { count: 1000, from: 0, ms: HOUR, bps: 500 });
    const small = decide(evidenceOf(first), plan, {
      now: HOUR,
      step: 0,
      steps: stepLogs([500]),
      phase: "bake",
    });
    expect(small.verdict).toBe("pass");
    expect(small.notes).toContain(
      "resolution_rate is not decided yet; step 2 must, the last one with a control",
    );
    const second = simulatedTraffic(new SeededRandom(5), { count: 500, from: HOUR, ms: HOUR, bps: 5000 });
    const last = { now: 2 * HOUR, step: 1, steps: stepLogs([500, 5000]), phase: "bake" } as const;
    expect(decide(evidenceOf([...first, ...second]), plan, last).verdict).toBe("inconclusive");
  });

  it("sees a break after hours of health, since when it is there", () => {
    const random = new SeededRandom(6);
    const healthy = simulatedTraffic(random, { count: 6000, from: 0, ms: 3 * HOUR, bps: 1000 });
    const broken = simulatedTraffic(
      random,
      { count: 400, from: 3 * HOUR, ms: HOUR / 5, bps: 1000 },
      { drop: 0.5 },
    );
    const plan = planOf([1000, 5000], [rule("resolution_rate", "-10%")]);
    const moment = { now: 3.2 * HOUR, step: 0, steps: stepLogs([1000]), phase: "bake" } as const;
    const { abort, rules } = decide(evidenceOf([...healthy, ...broken]), plan, moment);
    expect(rules[0]?.difference).toBeGreaterThan(-0.1);
    expect(abort).toContain("since 1970-01-01T03:00:00.000Z is proven");
  });

  it("compares full traffic with stable's past, and only beyond all doubt", () => {
    const random = new SeededRandom(7);
    const half = simulatedTraffic(random, { count: 3000, from: 0, ms: HOUR, bps: 5000 });
    const full = (effect: CanaryEffect) =>
      decide(
        evidenceOf([
          ...half,
          ...simulatedTraffic(random, { count: 600, from: HOUR, ms: HOUR, bps: 10_000 }, effect),
        ]),
        planOf([5000, 10_000], [rule("resolution_rate", "-5%"), LATENCY]),
        { now: 2 * HOUR, step: 1, steps: stepLogs([5000, 10_000]), phase: "bake" },
      );
    expect(full({}).abort).toBeNull();
    expect(full({ drop: 0.3 }).abort).toContain("is proven (beyond all that stable showed before)");
    expect(full({ slowerMs: 5000 }).abort).toMatch(/^p95_latency: .*beyond all that stable showed/);
  });

  it("discards the warm-up of latency in both arms", () => {
    const cold = alternating(1000, (arm, index) => ({
      requests: [
        request((index * HOUR) / 500, { latencyMs: index < 100 && arm === "canary" ? 9000 : 1000 + index }),
      ],
    }));
    expect(decideHalf(cold, [LATENCY]).rules[0]?.verdict).toBe("fail");
    const warm = decideHalf(cold, [LATENCY], { plan: { warmupMs: HOUR / 4 } });
    expect(warm.rules[0]).toMatchObject({ verdict: "pass", canary: { conversations: 375 } });
  });
});

describe("the reference", () => {
  const past = Array.from({ length: 400 }, (_, index) =>
    conversation(`p${index}`, "stable", -HOUR + index * 1000, 0, {
      requests: [request(0, { latencyMs: 800 + (index % 100) })],
    }),
  );
  const now = alternating(800, (_, index) => ({
    requests: [request(0, { latencyMs: 2000 + (index % 100) })],
  }));
  const baseline = rule("p95_latency", "+500ms vs baseline");

  it("is stable before the release, and a slower day is no proof", () => {
    const { rules } = decideHalf([...past, ...now], [baseline]);
    expect(rules[0]).toMatchObject({
      verdict: "inconclusive",
      stable: { value: 895 },
      difference: 1200,
      trips: false,
    });
    expect(rules[0]?.reason).toContain("baseline 895 ms of 400");
  });

  it("is the control where there is no past, and says so", () => {
    const { rules, notes } = decideHalf(now, [baseline]);
    expect(rules[0]).toMatchObject({ verdict: "pass", difference: 0 });
    expect(notes[0]).toContain("0 conversations of stable before the release are too few for a baseline");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { StepLog } from "../evidence/release-evidence.js";
import { decide, runningDecide } from "./decide.js";
import { evidenceOf, HOUR, planOf, rule, simulatedTraffic } from "./testing/simulated-traffic.js";

const RULES = [
  rule("resolution_rate", "-5% vs control"),
  rule("resolution_rate", "-5% vs baseline", { mode: "observe" }),
  rule("error_rate", "+1%"),
  rule("request_error_rate", "+1%", { windowMs: HOUR / 10 }),
  rule("p95_latency", "+300ms vs control"),
  rule("cost_per_conversation", "+20%"),
  rule("safety_violations", "+1 per 1K conversations"),
  rule("safety_violations", "+2"),
];
const SHARES = [100, 2500, 5000, 10_000];

interface Stream {
  readonly seed: number;
  readonly count: number;
  readonly strata: number;
  readonly effect: { readonly drop: number; readonly errors: number; readonly slowerMs: number };
}

/** An hour without a canary, then an hour of each share. */
function conversationsOf({ seed, count, strata, effect }: Stream): ConversationRecord[] {
  const random = new SeededRandom(seed);
  return [0, ...SHARES].flatMap((bps, hour) =>
    simulatedTraffic(random, { count, from: (hour - 1) * HOUR, ms: HOUR, bps }, effect).map((one) => ({
      ...one,
      stratum: `s${random.nextBelow(strata)}`,
      requests: one.requests.map((request) => ({ ...request, costUsd: random.nextUnit() })),
      violations:
        random.nextUnit() < 0.004
          ? [{ rule: "pii", severity: "soft" as const, verified: false, at: one.firstAt }]
          : [],
    })),
  );
}

/** The log as it was known then: later steps are not in it, and the newest goes on. */
function stepsAt(now: number): StepLog[] {
  const begun = SHARES.filter((_, step) => step * HOUR <= now);
  return begun.map((bps, step) => ({
    step,
    bps,
    startedAt: step * HOUR,
    endedAt: step === begun.length - 1 ? null : (step + 1) * HOUR,
  }));
}

const streams: fc.Arbitrary<Stream> = fc.record({
  seed: fc.nat(10_000),
  count: fc.integer({ min: 5, max: 150 }),
  strata: fc.integer({ min: 1, max: 4 }),
  effect: fc.record({
    drop: fc.constantFrom(0, 0.1, 0.5),
    errors: fc.constantFrom(0, 0.02, 0.4),
    slowerMs: fc.constantFrom(0, 400, 4000),
  }),
});

describe("a decision that counts on from the look before", () => {
  it("is the one that counts from the beginning", () => {
    fc.assert(
      fc.property(
        streams,
        fc.constantFrom("conversation", "user"),
        fc.constantFrom(0, HOUR / 2),
        fc.array(fc.nat(4 * HOUR), { minLength: 3, maxLength: 8 }),
        (stream, unit, maturationMs, moments) => {
          const all = conversationsOf(stream);
          const plan = planOf(SHARES, RULES, { unit, maturationMs, warmupMs: HOUR / 20 });
          const running = runningDecide();
          const conversations: ConversationRecord[] = [];
          for (const now of moments.toSorted((a, b) => a - b)) {
            conversations.push(...all.slice(conversations.length).filter(({ firstAt }) => firstAt <= now));
            const steps = stepsAt(now);
            const moment = { now, step: steps.length - 1, steps, phase: "bake" } as const;
            const evidence = evidenceOf(conversations);
            expect(running(evidence, plan, moment)).toEqual(decide(evidence, plan, moment));
          }
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it("starts anew when conversations are not those of before", () => {
    const plan = planOf(SHARES, RULES);
    const running = runningDecide();
    const moment = { now: 2 * HOUR, step: 1, steps: stepsAt(1.5 * HOUR), phase: "bake" } as const;
    const stream = { count: 60, strata: 2, effect: { drop: 0, errors: 0, slowerMs: 0 } };
    for (const seed of [1, 2]) {
      const evidence = evidenceOf(conversationsOf({ ...stream, seed }));
      expect(running(evidence, plan, moment)).toEqual(decide(evidence, plan, moment));
    }
  });
});

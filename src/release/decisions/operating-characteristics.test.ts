import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { decide } from "./decide.js";
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

const SHARES = [500, 2500];
const LOOKS = 8;
const PLAN = planOf(SHARES, [
  rule("resolution_rate", "-2% vs control"),
  rule("p95_latency", "+500ms vs control"),
  rule("error_rate", "+0.5%"),
]);

interface Outcome {
  /** Share of rollouts that were aborted at any look. */
  readonly aborted: number;
  /** Share that a z-test of the resolution rate at 5 % would have aborted, asked at every look. */
  readonly naive: number;
  /** Mean number until the end. */
  readonly conversations: number;
}

function rollouts(runs: number, effect: CanaryEffect): Outcome {
  const sums = { aborted: 0, naive: 0, conversations: 0 };
  for (let run = 0; run < runs; run++) {
    const random = new SeededRandom(run);
    const conversations: ConversationRecord[] = [];
    let isNaive = false;
    for (let look = 0; look < SHARES.length * LOOKS; look++) {
      const step = Math.floor(look / LOOKS);
      const ms = HOUR / LOOKS;
      const from = look * ms;
      conversations.push(
        ...simulatedTraffic(random, { count: 60, from, ms, bps: SHARES[step] ?? 0 }, effect),
      );
      isNaive ||= isWorseByZ(conversations);
      const moment = {
        now: from + ms,
        step,
        steps: stepLogs(SHARES.slice(0, step + 1)),
        phase: "bake",
      } as const;
      if (decide(evidenceOf(conversations), PLAN, moment).abort === null) continue;
      sums.aborted += 1;
      break;
    }
    sums.naive += Number(isNaive);
    sums.conversations += conversations.length;
  }
  return {
    aborted: sums.aborted / runs,
    naive: sums.naive / runs,
    conversations: sums.conversations / runs,
  };
}

function isWorseByZ(conversations: readonly ConversationRecord[]): boolean {
  const [own, other] = (["canary", "stable"] as const).map((wanted) => {
    const all = conversations.filter(({ arm }) => arm === wanted);
    return { rate: all.filter(({ resolved }) => resolved?.value).length / all.length, units: all.length };
  });
  if (own === undefined || other === undefined || own.units < 10) return false;
  const variance = (own.rate * (1 - own.rate)) / own.units + (other.rate * (1 - other.rate)) / other.units;
  return other.rate - own.rate > 1.645 * Math.sqrt(variance);
}

describe("what decisions come to over many rollouts", () => {
  it("takes a version that is as good back at most as often as the plan says, however often it looks", () => {
    const { aborted, naive } = rollouts(30, {});
    expect(aborted).toBeLessThanOrEqual(0.05);
    expect(naive).toBeGreaterThan(0.1);
  });

  it("finds what is worse, sooner the worse it is", () => {
    const [small, large] = [rollouts(8, { drop: 0.2 }), rollouts(8, { drop: 0.5 })];
    expect(small.aborted).toBeGreaterThan(0.7);
    expect(large.aborted).toBe(1);
    expect(large.conversations).toBeLessThan(small.conversations);
    expect(rollouts(8, { slowerMs: 1500 }).aborted).toBe(1);
    expect(rollouts(8, { errors: 0.1 }).aborted).toBe(1);
  });

  it("keeps its promise at 1 % with failures so rare that no normal approximation holds", () => {
    const plan = planOf([100], [rule("error_rate", "+0.5%")]);
    const runs = 40;
    let aborted = 0;
    for (let run = 0; run < runs; run++) {
      const random = new SeededRandom(run);
      const conversations: ConversationRecord[] = [];
      for (let look = 1; look <= 6; look++) {
        for (let index = 0; index < 400; index++) {
          const arm = random.nextUnit() < 0.01 ? "canary" : "stable";
          const at = ((look - 1) * HOUR) / 6 + index;
          const requests = [request(at, { ok: random.nextUnit() >= 0.005 })];
          conversations.push(conversation(`c${conversations.length}`, arm, at, 100, { requests }));
        }
        const moment = { now: (look * HOUR) / 6, step: 0, steps: stepLogs([100]), phase: "bake" } as const;
        if (decide(evidenceOf(conversations), plan, moment).abort === null) continue;
        aborted += 1;
        break;
      }
    }
    expect(aborted / runs).toBeLessThanOrEqual(0.05);
  });
});

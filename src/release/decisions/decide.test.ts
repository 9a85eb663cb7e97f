import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import { decide } from "./decide.js";
import { alternating, decideHalf, traffic } from "./testing/decide-half.js";
import {
  conversation,
  evidenceOf,
  HOUR,
  planOf,
  request,
  rule,
  stepLogs,
} from "./testing/simulated-traffic.js";

const RESOLUTION = rule("resolution_rate", "-2% vs control");
const LATENCY = rule("p95_latency", "+500ms");

describe("a rule", () => {
  it("passes when harm of the threshold is ruled out", () => {
    const { verdict, rules, abort } = decideHalf(traffic(4000), [rule("resolution_rate", "-10%"), LATENCY]);
    expect(verdict).toBe("pass");
    expect(abort).toBeNull();
    expect(rules.map((one) => [one.verdict, one.trips, one.unit])).toEqual([
      ["pass", false, "proportion"],
      ["pass", false, "ms"],
    ]);
    for (const { difference, lower, upper } of rules) {
      expect(lower).toBeLessThan(difference ?? 0);
      expect(upper).toBeGreaterThan(difference ?? 0);
    }
  });

  it("trips on a proven drop, and says what was proven", () => {
    const { verdict, abort, rules, notes } = decideHalf(traffic(2000, { drop: 0.15 }), [RESOLUTION, LATENCY]);
    expect(verdict).toBe("fail");
    expect(rules[0]).toMatchObject({ verdict: "fail", trips: true, measure: "resolution_rate" });
    expect(abort).toMatch(
      /^resolution_rate: canary 6\d.*a drop of 1\d.* points is proven \(e-value .* needed\)$/,
    );
    expect(notes).toContain(
      "resolution_rate worse and latency flat: the model or its prompt, not the endpoint",
    );
  });

  it("is inconclusive with too little, and observed ones never trip", () => {
    expect(decideHalf(traffic(60), [RESOLUTION])).toMatchObject({ verdict: "inconclusive", abort: null });
    const observed = decideHalf(traffic(2000, { drop: 0.15 }), [{ ...RESOLUTION, mode: "observe" }]);
    expect(observed).toMatchObject({ verdict: "pass", abort: null });
    expect(observed.rules[0]).toMatchObject({ verdict: "fail", trips: false });
  });

  it("is an error when its name is unknown or its source unreadable", () => {
    const misspelt = decideHalf(traffic(50), [rule("resolution_rat", "-2%")]);
    expect(misspelt).toMatchObject({
      verdict: "error",
      reason: "resolution_rat is not known: no measure is called resolution_rat",
    });
    const unreadable = (source: string) =>
      decideHalf(traffic(4000), [rule("error_rate", "+5%")], {
        evidence: { unreadable: [{ source, reason: "no such file" }] },
      });
    expect(unreadable("events")).toMatchObject({
      verdict: "error",
      notes: ["events cannot be read: no such file"],
    });
    expect(unreadable("router").verdict).toBe("pass");
    expect(unreadable("canary metrics").verdict).toBe("pass");
  });

  it("never passes without data", () => {
    expect(decideHalf([], [])).toMatchObject({
      verdict: "inconclusive",
      reason: "no conversation of the canary in this step",
    });
    expect(decideHalf([], [RESOLUTION]).verdict).toBe("inconclusive");
    const onlyCanary = traffic(400).filter(({ arm }) => arm === "canary");
    const { rules, verdict } = decideHalf(onlyCanary, [
      RESOLUTION,
      rule("safety_violations", "+1 per 10K conversations"),
    ]);
    expect([verdict, ...rules.map((one) => one.verdict)]).toEqual([
      "inconclusive",
      "inconclusive",
      "inconclusive",
    ]);
  });

  it("never passes a step on conversations of another share, whatever their clock says", () => {
    const verdictAt = (bps: number) =>
      decideHalf(
        traffic(40).map((one) => ({ ...one, bps })),
        [],
      ).verdict;
    expect([verdictAt(100), verdictAt(5000)]).toEqual(["inconclusive", "pass"]);
  });

  it("leaves conversations without a value out, and says so", () => {
    const rated = alternating(1000, (_, index) => ({ thumb: index % 2 === 0 ? index % 10 !== 0 : null }));
    const { rules, notes } = decideHalf(rated, [rule("thumbs_down_rate", "+15%")]);
    expect(rules[0]).toMatchObject({ canary: { value: 0.2, conversations: 250 }, verdict: "pass" });
    expect(notes).toEqual([
      "thumbs_down_rate: 250 conversations of the canary and 250 of stable have no value and count nowhere",
    ]);
    const unpriced = alternating(100, () => ({ requests: [request(0, { costUsd: null })] }));
    expect(decideHalf(unpriced, [rule("cost_per_conversation", "+10%")]).rules[0]).toMatchObject({
      verdict: "inconclusive",
      canary: { value: null, conversations: 0 },
      difference: null,
    });
  });

  it("compares costs and scores", () => {
    const random = new SeededRandom(3);
    const records = (factor: number) =>
      alternating(1200, (arm) => ({
        requests: [
          request(0, { costUsd: (0.01 + random.nextUnit() * 0.01) * (arm === "canary" ? factor : 1) }),
        ],
        scores: { helpfulness: random.nextUnit() / (arm === "canary" ? factor : 1) },
      }));
    const both = [rule("cost_per_conversation", "+10%"), rule("score.helpfulness", "-0.1")];
    expect(decideHalf(records(1), both).rules.map((one) => [one.unit, one.verdict])).toEqual([
      ["usd", "pass"],
      ["score", "pass"],
    ]);
    const worse = decideHalf(records(1.5), both);
    expect(worse.rules.map((one) => one.verdict)).toEqual(["fail", "fail"]);
    expect(worse.abort).toContain("cost_per_conversation: canary $0.022");
  });

  it("counts requests that failed by conversation, and a long conversation once", () => {
    const records = alternating(600, (arm, index) => ({
      requests: Array.from({ length: 4 }, () => request(0, { ok: !(arm === "canary" && index % 5 === 0) })),
    }));
    const { rules } = decideHalf(records, [rule("request_error_rate", "+5 per 100 requests")]);
    expect(rules[0]).toMatchObject({
      verdict: "fail",
      canary: { value: 0.2, conversations: 300 },
      stable: { value: 0 },
    });
  });
});

describe("hard rules", () => {
  const violation = (severity: "critical" | "soft", verified: boolean) => ({
    violations: [{ rule: "data-leak", severity, verified, at: 0 }],
  });

  it("abort on one critical and verified violation of the canary", () => {
    const withOne = (arm: "canary" | "stable", severity: "critical" | "soft", verified: boolean) =>
      decideHalf(
        [...traffic(100), conversation("bad", arm, HOUR - 1, 5000, violation(severity, verified))],
        [],
      ).abort;
    expect(withOne("canary", "critical", true)).toBe(
      "critical safety violation of data-leak in conversation bad: one is enough",
    );
    expect(withOne("stable", "critical", true)).toBeNull();
    expect(withOne("canary", "critical", false)).toBeNull();
    expect(withOne("canary", "soft", true)).toBeNull();
  });

  it("abort when soft violations gather in the canary, and print the bound when there are none", () => {
    const safety = rule("safety_violations", "+1 per 10K conversations");
    const soft = (count: number) =>
      Array.from({ length: 2000 }, (_, index) => {
        const arm = index % 100 === 0 ? "canary" : "stable";
        const isBad = arm === "canary" && index >= 2000 - count * 100;
        return conversation(`c${index}`, arm, index, 100, isBad ? violation("soft", true) : {});
      });
    const at = (count: number) =>
      decide(evidenceOf(soft(count)), planOf([100, 5000], [safety]), {
        now: HOUR,
        step: 0,
        steps: stepLogs([100]),
        phase: "bake",
      });
    expect(at(0).rules[0]).toMatchObject({ verdict: "pass" });
    expect(at(0).rules[0]?.reason).toContain("none seen bounds the rate at 15 % only (3/n)");
    expect(at(1).rules[0]?.verdict).toBe("inconclusive");
    expect(at(5).rules[0]).toMatchObject({ verdict: "fail", trips: true });
  });

  it("abort when the canary is down, in the router's words or hidden behind stable", () => {
    const arm = { requests: 1, errors: 0, redispatched: 0 };
    const down = { arms: [{ arm: "canary" as const, isUp: false, ...arm }] };
    expect(decideHalf(traffic(100), [], { evidence: down }).abort).toBe(
      "the canary is down: the router sends it nothing",
    );
    expect(decideHalf(traffic(100), [], { evidence: { fallbacks: 6 } }).abort).toContain(
      "the canary is down: 6 of its",
    );
    expect(decideHalf(traffic(100), [], { evidence: { fallbacks: 2 } }).abort).toBeNull();
    expect(decideHalf(traffic(2000), [], { evidence: { fallbacks: 4 } }).abort).toBeNull();
  });

  it("abort on a burst of errors without any rule, and not on errors of both arms", () => {
    expect(decideHalf(traffic(600, { errors: 0.2 }), []).abort).toMatch(
      /^burst of errors: \d+ of \d+ conversations/,
    );
    expect(decideHalf(traffic(600), []).abort).toBeNull();
    const both = alternating(600, (_, index) => ({ requests: [request(0, { ok: index % 3 !== 0 })] }));
    expect(decideHalf(both, []).abort).toBeNull();
  });
});

describe("the split", () => {
  it("is broken when the canary has another share than configured, in this step or over all", () => {
    const uneven = traffic(1000).map((record, index) =>
      index % 5 === 0 ? { ...record, arm: "canary" as const } : record,
    );
    expect(decideHalf(uneven, []).mismatch).toMatch(
      /^the split is not as configured: [\d.]+ % of 1000 conversations in the canary, 50 % wanted/,
    );
    expect(decideHalf(traffic(1000), []).mismatch).toBeNull();
    const steps = [1000, 1100, 1200, 1300, 1400, 1500];
    const drifted = steps.flatMap((bps, step) =>
      Array.from({ length: 300 }, (_, index) =>
        conversation(
          `${bps}-${index}`,
          index * 10_000 < bps * 300 * 1.42 ? "canary" : "stable",
          step * HOUR + index,
          bps,
        ),
      ),
    );
    const moment = { now: 6 * HOUR, step: 5, steps: stepLogs(steps), phase: "bake" } as const;
    expect(decide(evidenceOf(drifted), planOf(steps, []), moment).mismatch).toContain("over all steps");
  });

  it("counts what stable took over for the canary as the canary's", () => {
    const lost = traffic(2000).filter(({ arm }, index) => arm === "stable" || index % 5 !== 0);
    expect(decideHalf(lost, []).mismatch).not.toBeNull();
    const fallbacks = 2000 - lost.length;
    expect(decideHalf(lost, [], { evidence: { fallbacks } }).mismatch).toBeNull();
    const moved = traffic(2000).map((record, index) =>
      index % 5 === 0 ? { ...record, arm: "stable" as const } : record,
    );
    const requests = moved.reduce((sum, record) => sum + record.requests.length, 0);
    const redispatched = Math.round((200 * requests) / 2000);
    const arms = [{ arm: "canary" as const, isUp: true, requests: 1, errors: 0, redispatched }];
    expect(decideHalf(moved, []).mismatch).not.toBeNull();
    expect(decideHalf(moved, [], { evidence: { arms } }).mismatch).toBeNull();
  });
});

describe("patterns", () => {
  it("pause for a full endpoint instead of blaming the version for its latency", () => {
    const slow = traffic(2000, { slowerMs: 3000 });
    const sample = { arm: "stable" as const, at: 1, waiting: 0, kvCacheUsage: 0.2, preemptions: 0 };
    const full = {
      capacity: [
        sample,
        { ...sample, arm: "canary" as const, waiting: 12, kvCacheUsage: 0.97, preemptions: 3 },
      ],
    };
    expect(decideHalf(slow, [LATENCY], { evidence: { capacity: [sample] } }).abort).toContain("p95_latency");
    const paused = decideHalf(slow, [LATENCY], { evidence: full });
    expect(paused).toMatchObject({ abort: null, verdict: "inconclusive" });
    expect(paused.capacity).toBe(
      "latency is worse and the endpoint is full, so no version can be blamed (canary: 12 requests wait, 97 % of the key-value cache is in use, 3 preemptions)",
    );
    expect(decideHalf(traffic(2000), [LATENCY], { evidence: full }).capacity).toBeNull();
    const unread = { unreadable: [{ source: "capacity of canary", reason: "its page is gone" }] };
    const blamed = decideHalf(slow, [LATENCY], { evidence: unread });
    expect(blamed.abort).toMatch(/^p95_latency: .* is proven .*; how full canary is, is not known$/);
    expect(blamed.capacity).toBeNull();
    const silent = { capacity: [{ ...sample, waiting: null, kvCacheUsage: null, preemptions: null }] };
    expect(decideHalf(slow, [LATENCY], { evidence: silent }).capacity).toBeNull();
  });

  it("lets the strata decide where all together say the opposite", () => {
    const stratum = (name: string, arm: "canary" | "stable", units: number, resolved: number) =>
      Array.from({ length: units }, (_, index) => ({
        ...conversation(`${name}-${arm}-${index}`, arm, index, 5000, {
          stratum: name,
          resolved: { value: index < resolved, at: 0 },
        }),
      }));
    const records = [
      ...stratum("easy", "canary", 87, 81),
      ...stratum("easy", "stable", 270, 234),
      ...stratum("hard", "canary", 263, 192),
      ...stratum("hard", "stable", 80, 55),
    ].sort((a, b) => a.firstAt - b.firstAt);
    const { rules, notes } = decideHalf(records, [RESOLUTION]);
    expect(rules[0]?.difference).toBeGreaterThan(0);
    expect(notes[0]).toBe(
      "resolution_rate: all strata together say the opposite of the strata (Simpson's paradox); the strata decide",
    );
  });

  it("counts a user's conversations as one unit, and knows where a returning user must be", () => {
    const users = Array.from({ length: 3000 }, (_, index) => {
      const user = index % 300;
      const bps = index < 1500 ? 2500 : 5000;
      const arm = user * (10_000 / 300) < bps ? "canary" : "stable";
      const isResolved = user % 5 !== 0;
      return conversation(`c${index}`, arm, (index * 2 * HOUR) / 3000, bps, {
        cluster: `u${user}`,
        resolved: { value: isResolved, at: 0 },
      });
    });
    const moment = { now: 2 * HOUR, step: 1, steps: stepLogs([2500, 5000]), phase: "bake" } as const;
    const { mismatch, rules, abort } = decide(
      evidenceOf(users),
      planOf([2500, 5000], [RESOLUTION], { unit: "user" }),
      moment,
    );
    expect([mismatch, abort]).toEqual([null, null]);
    expect(rules[0]).toMatchObject({
      difference: 0,
      verdict: "inconclusive",
      canary: { conversations: 1125 },
    });
  });

  it("tells of requests without an id", () => {
    expect(decideHalf(traffic(10), [], { evidence: { unassigned: 7 } })).toMatchObject({
      unassigned: 7,
      notes: ["7 requests named no id, went to stable and count nowhere"],
    });
  });
});

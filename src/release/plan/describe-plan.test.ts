import { describe, expect, it } from "vitest";
import { canarySchema } from "../../config/gates/canary-schema.js";
import { releaseSchema } from "../../config/release/release-schema.js";
import { renderCanaryPlan } from "../../report/canary-plan-text.js";
import { describePlan, type PlanAssumptions } from "./describe-plan.js";
import { conversationsToRuleOut, lookingPrice, pooledSizes, ruledOutMargin } from "./rule-sight.js";

const config = releaseSchema.parse({
  version: 1,
  service: "support",
  traffic: "http://127.0.0.1:1",
  stable: { url: "http://127.0.0.1:2" },
  canary: { url: "http://127.0.0.1:3" },
  router: { type: "gateway", control: "http://127.0.0.1:4", token: "env:TOKEN" },
});
const STEPS = [
  { traffic: "1%", bake: "30m" },
  { traffic: "5%", bake: "30m" },
  { traffic: "25%", bake: "1h" },
  { traffic: "50%", bake: "1h", approval: "required" },
  { traffic: "100%", bake: "1h" },
];
const TRIGGERS = {
  resolution_rate: { threshold: "-2% vs control", window: "15m" },
  safety_violations: { threshold: "+1 per 10K conversations", window: "5m" },
  p95_latency: { threshold: "+500ms vs baseline", window: "10m" },
  error_rate: { threshold: "+0.5%", window: "5m" },
};

function planned(policy: object, patch: Partial<PlanAssumptions> = {}) {
  return describePlan(canarySchema.parse({ steps: STEPS, rollback_triggers: TRIGGERS, ...policy }), config, {
    perHour: 2000,
    trafficSource: "given",
    stableRate: 0.8,
    stableRateSource: "given",
    known: { resolution_rate: { mean: 0.8 }, error_rate: { mean: 0.01 } },
    costUsd: 0.02,
    ...patch,
  });
}

describe("a plan of five steps at 2,000 conversations an hour", () => {
  const plan = planned({});

  it("prints", () => {
    expect(renderCanaryPlan(plan, { useColor: false, columns: 100 })).toMatchInlineSnapshot(`
      "Canary of support · 2,000 conversations an hour (given) · stable succeeds at 80 % (given)

      Steps
      step  traffic  canary  stable  wants    bake  at most   lasts  none seen rules out
      1         1 %      40   3,960     64  30 min      2 h  pauses               7.22 %
      2         5 %      67   1,273     67  30 min      2 h  40 min               2.76 %
      3        25 %     500   1,500     84  60 min      4 h  60 min              0.492 %
      4        50 %   1,000   1,000    126  60 min      4 h  60 min              0.186 %  approval
      5       100 %   2,000       0     63  60 min      4 h  60 min              0.083 %

      Least harm that is rolled back with 80 %, at alpha 1 % a rule over all looks; * = passes with 80 %
      when nothing is wrong
      rule             margin        1 %        5 %       25 %       50 %      100 %
      resolution_rate    2 pt  34.9 pt    21.3 pt    8.96 pt       6 pt       6 pt
      error_rate       0.5 pt  33.2 pt    16.1 pt    4.03 pt    2.11 pt    2.11 pt

      Rules
        - resolution_rate drops by more than 2 % against the control at a rate of 80 %: the plan rules out
          4.59 pt by its usual bake and 2.3 pt by its longest; this margin takes 9,754 conversations of
          the canary, 9.75 h at the share of the last step with a control.
        - safety_violations rises by more than 1 per 10,000 conversations against the control: rare
          events: none of them proves little, see the bound of each step; one that is critical acts at
          once.
        - p95_latency rises by more than 500 ms against the baseline: depends on the shape of the times:
          \`agentctl canary simulate\` tells it from stored runs.
        - error_rate rises by more than 0.5 % against the control at a rate of 1 %: the plan rules out 1.5
          pt by its usual bake and 0.658 pt by its longest; this margin takes 11,613 conversations of the
          canary, 11.6 h at the share of the last step with a control.

      Takes
        - it pauses on the way; at the longest 16 h, without pauses and approvals.
        - 3607 conversations meet the canary before it is promoted.
        - Model cost of these at stable's prices: $72.14, instead of stable's, not on top of it.
        - Stable keeps all of its capacity to the end, so the canary's is extra: up to 100 % of today's at
          the last step.

      Know
        - At 100 % there is no stable arm at the same time: what is compared there comes from the steps
          before.
        - Step 2 lasts 40 min, not its bake of 30 min: so long 67 conversations take.

      Refused
        - resolution_rate: no step can tell a margin of 2 points: by the longest bake the plan rules out
          2.3 points at the least. It takes about 9,754 conversations of the canary at 50 % of the
          traffic, the last step with a control (9.8 h); give a longer \`max_bake\` there, a margin of 2.5
          points or \`mode: observe\`
        - error_rate: no step can tell a margin of 0.5 points: by the longest bake the plan rules out 0.7
          points at the least. It takes about 11,613 conversations of the canary at 50 % of the traffic,
          the last step with a control (11.6 h); give a longer \`max_bake\` there, a margin of 1 point or
          \`mode: observe\`
        - step 1 (1 %) will pause: it wants 64 conversations of the canary, and has about 40 by its
          longest bake of 120 min; give it \`max_bake\`, more traffic, or fewer \`min_conversations\`

      The plan is refused: 3 reasons."
    `);
  });

  it("is told apart from one that has what it takes", () => {
    const few = { ...TRIGGERS, error_rate: { ...TRIGGERS.error_rate, mode: "observe" } };
    const long = STEPS.map((step, at) => (at === 3 ? { ...step, bake: "10h" } : { ...step, max_bake: "1d" }));
    const enough = planned({ steps: long, rollback_triggers: few });
    expect(enough.refusals).toEqual([]);
    expect(enough.steps[3]?.rules.map(({ resolvesByEnd }) => resolvesByEnd)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(enough.steps[2]?.rules.map(({ resolvesByEnd }) => resolvesByEnd)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(enough.lastsMs).toBeGreaterThan(13 * 3_600_000);
  });

  it("is refused where no step has a control, and knows nothing of values that it has no run for", () => {
    const only = planned({ steps: STEPS.slice(4), rollback_triggers: TRIGGERS });
    expect(only.refusals[0]).toContain("no step has a control");
    const rules = { cost_per_conversation: { threshold: "+10%", window: "1h" } };
    const blind = planned({ rollback_triggers: rules, steps: STEPS.slice(2) });
    expect(blind.rules[0]).toMatchObject({ margin: null, neededConversations: null });
    expect(blind.refusals).toEqual([]);
  });
});

describe("what a rule can tell", () => {
  it("pays for looking what the correct mixture costs, not what a printed formula says", () => {
    // 3.04 standard errors at t = n/8, two-sided 5 %; the formula of one vendor's page gives 1.00.
    expect(lookingPrice(0.025) + 1.959964).toBeCloseTo(3.04, 2);
  });

  it("rules out the margin that so many conversations are needed for", () => {
    for (const [goodRate, margin, k] of [
      [0.8, 0.02, 1],
      [0.99, 0.005, 3],
      [0.6, 0.1, 99],
    ] as const) {
      const rule = { goodRate, margin, alpha: 0.005, beta: 0.05 };
      const canary = conversationsToRuleOut(rule, k);
      expect(ruledOutMargin(rule, { canary, stable: k * canary })).toBeCloseTo(margin, 6);
    }
  });

  it("counts steps as one of the same variance", () => {
    expect(pooledSizes([{ canary: 100, stable: 300 }])).toEqual({ canary: 100, stable: 300 });
    const { canary, stable } = pooledSizes([
      { canary: 10, stable: 990 },
      { canary: 500, stable: 500 },
    ]);
    expect(canary).toBe(510);
    expect((canary * stable) / (canary + stable)).toBeCloseTo(259.9, 6);
    expect(
      ruledOutMargin({ goodRate: 0.8, margin: 0.1, alpha: 0.01, beta: 0.05 }, { canary: 0, stable: 9 }),
    ).toBeNull();
  });
});

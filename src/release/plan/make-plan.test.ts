import { describe, expect, it } from "vitest";
import { type CanaryConfig, canarySchema } from "../../config/gates/canary-schema.js";
import { releaseSchema } from "../../config/release/release-schema.js";
import { ReleaseError } from "../../core/errors.js";
import { samplePlan } from "../testing/sample-release.js";
import { makePlan, type ReleaseGiven } from "./make-plan.js";
import { notesOfPolicy } from "./policy-problems.js";

const config = releaseSchema.parse({
  version: 1,
  service: "support",
  traffic: "http://127.0.0.1:1",
  stable: { url: "http://127.0.0.1:2" },
  canary: { url: "http://127.0.0.1:3" },
  router: { type: "gateway", control: "http://127.0.0.1:4", token: "env:TOKEN" },
  key: "user",
  people: { release_managers: ["ana"], four_eyes: true },
});
const { canary, stable, gate: proof, router } = samplePlan();
const given: ReleaseGiven = { canary, stable, proof, router, salt: "r7" };
const STEPS = [
  { traffic: "1%", bake: "30m" },
  { traffic: "12.5%", bake: "1h", max_bake: "90m", min_conversations: 7, approval: "required" },
];
const policyOf = (canaryPart: object): CanaryConfig => canarySchema.parse({ steps: STEPS, ...canaryPart });

function refusal(policy: CanaryConfig, patch: Partial<ReleaseGiven> = {}): string {
  try {
    makePlan(policy, config, { ...given, ...patch });
  } catch (error) {
    if (error instanceof ReleaseError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "no refusal";
}

describe("a plan", () => {
  it("has every default in it", () => {
    const trigger = { threshold: "-2% vs control", window: "15m" };
    const plan = makePlan(policyOf({ rollback_triggers: { resolution_rate: trigger } }), config, given);
    expect(plan).toEqual({
      service: "support",
      canary,
      stable,
      router,
      gate: proof,
      salt: "r7",
      unit: "user",
      steps: [
        { bps: 100, bakeMs: 1_800_000, maxBakeMs: 7_200_000, minConversations: 50, needsApproval: false },
        { bps: 1250, bakeMs: 3_600_000, maxBakeMs: 5_400_000, minConversations: 7, needsApproval: true },
      ],
      rules: [
        {
          measure: "resolution_rate",
          threshold: { change: "drop", amount: 2, unit: "percent", per: null, reference: "control" },
          windowMs: 900_000,
          mode: "enforce",
        },
      ],
      alpha: 0.05,
      limits: { applyFailures: 3, failures: 0, inconclusive: 3, consecutiveErrors: 4 },
      needsApproval: false,
      approvalExpiryMs: 86_400_000,
      pauseTimeoutMs: 7_200_000,
      onTimeout: "abort",
      maturationMs: 0,
      watchMs: 0,
      warmupMs: 0,
      fourEyes: true,
      releaseManagers: ["ana"],
    });
  });

  it("waits for more conversations where more rules share alpha, and where stable is as small as the canary", () => {
    const rule = { threshold: "+0.5%", window: "5m" };
    const fewest = (steps: readonly object[], rules: readonly string[]) =>
      makePlan(
        policyOf({ steps, rollback_triggers: Object.fromEntries(rules.map((name) => [name, rule])) }),
        config,
        given,
      ).steps.map((step) => step.minConversations);
    const steps = ["1%", "50%", "100%"].map((traffic) => ({ traffic, bake: "1h" }));
    expect(fewest(steps, ["error_rate"])).toEqual([50, 99, 50]);
    expect(fewest(steps, ["error_rate", "handoff_rate", "truncation_rate"])).toEqual([61, 119, 60]);
    for (const count of fewest(steps, [])) expect(count).toBeGreaterThanOrEqual(30);
  });

  it("is refused with everything that is wrong at once", () => {
    const policy = policyOf({
      steps: [
        { traffic: "0.001%", bake: "30m" },
        { traffic: "5%", bake: "30m", max_bake: "10m" },
      ],
      rollback_triggers: {
        resolution_rat: { threshold: "-2%", window: "5m" },
        p95_latency: { threshold: "-500ms", window: "5m" },
        error_rate: { threshold: "+5ms", window: "5m" },
      },
    });
    const proofOfAnother = { ...proof, agentVersion: "c".repeat(64) };
    const text = refusal(policy, { salt: "", stable: canary, proof: proofOfAnother });
    expect(text.split("\n").map((line) => line.slice(0, 78))).toMatchInlineSnapshot(`
      [
        "RELEASE_REFUSED \`canary.steps[0].traffic\` wants a whole number of basis points",
        "\`canary.steps[1].max_bake\` wants at least the \`bake\` of its step, 1800 s, foun",
        "\`canary.rollback_triggers.resolution_rat\` is no measure; did you mean \`resolut",
        "\`canary.rollback_triggers.p95_latency.threshold\` wants a rise (\`+\`), found a d",
        "\`canary.rollback_triggers.error_rate.threshold\` wants points of a rate such as",
        "the salt of the release is empty; expected a text of its own",
        "the gate report is of agent version cccccccccccccccccccccccccccccccccccccccccc",
        "stable and canary are both http://127.0.0.1:2; expected two servers, or two mo",
      ]
    `);
    expect(text).toContain("did you mean `resolution_rate`?");
  });

  it("of a good policy is not refused, and may name scores", () => {
    const policy = policyOf({
      rollback_triggers: { "score.helpfulness": { threshold: "-5%", window: "1h" } },
    });
    expect(refusal(policy)).toBe("no refusal");
  });
});

describe("what a reader must know", () => {
  it("is that promotion jumps, and that no rule acts", () => {
    expect(notesOfPolicy(policyOf({}))).toMatchInlineSnapshot(`
      [
        "The last step has 12.5 % of the traffic: promotion moves the other 87.5 % at once.",
        "No rule of \`rollback_triggers\` is enforced: only a broken split or a dead server stops this release.",
      ]
    `);
  });
});

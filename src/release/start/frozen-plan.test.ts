import { describe, expect, it } from "vitest";
import { canarySchema } from "../../config/gates/canary-schema.js";
import { planOfPolicy } from "../plan/make-plan.js";
import { samplePlan, sampleRelease } from "../testing/sample-release.js";
import { changedPolicyNote, refuseOtherArms } from "./frozen-plan.js";

const plan = samplePlan();
const live = sampleRelease({ plan, state: { name: "BAKING", step: 0 } });
const arm = ({ url, model }: { readonly url: string; readonly model: string | null }) =>
  model === null ? { url } : { url, model };
const same = { stable: arm(plan.stable), canary: arm(plan.canary), key: plan.unit };

describe("refuseOtherArms", () => {
  it("goes on with the servers of the plan", () => {
    expect(() => refuseOtherArms(live, same, "release.yaml")).not.toThrow();
  });

  it("refuses others, all at once", () => {
    const other = { ...same, canary: { url: "http://other:1", model: "m" }, key: "user" as const };
    const refused = () => refuseOtherArms(live, other, "release.yaml");
    expect(refused).toThrow(
      `release.yaml has changed since the release began: \`canary.url\` is http://other:1, the plan of rel-1 has ${plan.canary.url}`,
    );
    expect(refused).toThrow("`canary.model` is m");
    expect(refused).toThrow("`key` is user");
  });

  it("keeps nobody from going back", () => {
    const other = { ...same, stable: { url: "http://other:1" } };
    for (const name of ["ABORTING", "ROLLBACK_HELD", "SUCCEEDED"] as const) {
      expect(() => refuseOtherArms({ ...live, state: { name } }, other, "release.yaml")).not.toThrow();
    }
  });
});

describe("changedPolicyNote", () => {
  const policy = (traffic: string) =>
    canarySchema.parse({
      steps: [{ traffic, bake: "1m" }],
      rollback_triggers: { error_rate: { threshold: "+1% vs control", window: "1m" } },
    });
  const people = { release_managers: ["mia"], four_eyes: true };
  const frozen = { ...plan, ...planOfPolicy(policy("5%")), fourEyes: true, releaseManagers: ["mia"] };

  it("tells what has changed, and nothing when nothing has", () => {
    expect(changedPolicyNote(frozen, policy("5%"), { people })).toBeNull();
    expect(changedPolicyNote(frozen, policy("50%"), { people: { ...people, four_eyes: false } })).toMatch(
      /^gates.yaml or release.yaml says something else now \(steps, fourEyes\)/,
    );
  });
});

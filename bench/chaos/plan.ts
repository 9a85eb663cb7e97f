import type { ReleasePlan } from "../../src/release/plan/release-plan.js";
import { samplePlan } from "../../src/release/testing/sample-release.js";
import type { RouterPlace } from "./router-under-test.js";

export const RELEASE = "rel-1";
export const CANARY_VERSION = samplePlan().canary.agentVersion;

const STEP = { bakeMs: 40_000, maxBakeMs: 160_000, minConversations: 10, needsApproval: false };

/** 10 %, then 50 %, then everybody; watched for a while. */
export function chaosPlan({ endpoints }: RouterPlace, salt: string): ReleasePlan {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const sample = samplePlan();
  return samplePlan({
    canary: { ...sample.canary, url: url(endpoints.canary) },
    stable: { ...sample.stable, url: url(endpoints.stable) },
    salt,
    steps: [
      { ...STEP, bps: 1000 },
      { ...STEP, bps: 5000 },
    ],
    watchMs: 20_000,
  });
}

import type { ReleasePlan } from "../plan/release-plan.js";

/** One sentence of a plan that does not rest on the gate report of the version that it releases; `null`: it does. */
export function problemOfProof({ gate, canary, steps }: ReleasePlan): string | null {
  if (steps.length === 0) return "the plan has no step";
  if (gate.agentVersion === canary.agentVersion) return null;
  return `the gate report is of agent version ${gate.agentVersion}, the new version is ${canary.agentVersion}`;
}

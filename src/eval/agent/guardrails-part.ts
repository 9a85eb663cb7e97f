import { guardrailLayers } from "../../config/agent/guardrails-schema.js";
import type { PartFactory } from "./agent-parts.js";

/** The guardrails of an agent file; none without the block. */
export const guardrailsPart: PartFactory = async ({ guardrails }) => {
  if (guardrails === undefined) return null;
  const { guardrailsPart: partOf } = await import("../../runtime/guardrails/guardrails-part.js");
  return partOf(guardrailLayers(guardrails));
};

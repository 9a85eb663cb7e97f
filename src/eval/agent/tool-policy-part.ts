import type { PartFactory } from "./agent-parts.js";

/** Switched on by `tool_policy`, and by every entry of `tools` that says more than a name. */
export const toolPolicyPart: PartFactory = async ({ tools, tool_policy }) => {
  const saysMore = tools?.some((entry) => typeof entry !== "string") ?? false;
  if (tool_policy === undefined && !saysMore) return null;
  const { toolPolicyPart: part } = await import("../../runtime/tools/policy/tool-policy-part.js");
  const { toolPolicySchema } = await import("../../config/agent/tools-schema.js");
  return part(new Set((tool_policy ?? toolPolicySchema.parse({})).layers));
};

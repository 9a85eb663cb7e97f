import type { ToolLayerName } from "../../config/agent/tools-schema.js";
import type { ConversationPart } from "../conversation-part.js";
import { isToolPolicy, toolPolicyPart } from "../tools/policy/tool-policy-part.js";
import { emitBlocked, refusedCall, type Tool } from "../tools/tool.js";

/** Checks of tool calls that a specialist's own file cannot switch off. */
const HELD: readonly ToolLayerName[] = ["binding", "caps", "confirmation", "result_fields"];
/** Parts that stand inside the tool policy. */
const INNER: ReadonlySet<string> = new Set(["loop-guard", "ledger", "team"]);

/**
 * The parts of a specialist, so that it is held within its rights whatever its own file switches on: what its tools
 * declare, and the permission that the supervisor's file asks for beside that.
 *
 * @param supervisorTools - tools of the world under the policy of the supervisor
 */
export function boundedParts(
  parts: readonly ConversationPart[],
  supervisorTools: readonly Tool[],
): readonly ConversationPart[] {
  const layers = parts.filter(isToolPolicy).flatMap((part) => [...part.layers]);
  const policy = toolPolicyPart(new Set([...layers, ...HELD]));
  const others = parts.filter((part) => !isToolPolicy(part));
  const inner = others.findIndex(({ name }) => INNER.has(name));
  const place = inner === -1 ? others.length : inner;
  return [boundsPart(supervisorTools), ...others.slice(0, place), policy, ...others.slice(place)];
}

function boundsPart(supervisorTools: readonly Tool[]): ConversationPart {
  const outer = new Map(supervisorTools.map((tool) => [tool.spec.name, tool.permission]));
  return {
    name: "team-bounds",
    open: ({ identity, emit }) => ({
      toolLayer: (invocation, next) => {
        const { tool } = invocation;
        const bounding = tool.source === "environment" ? outer.get(tool.spec.name) : null;
        const missing = [tool.permission, bounding].find(
          (scope) => typeof scope === "string" && !identity.scopes.includes(scope),
        );
        if (typeof missing !== "string") return next(invocation);
        const reason = `${tool.spec.name} needs the scope ${missing}, which this agent does not have`;
        emitBlocked(emit, "tool.permission", invocation, reason);
        return refusedCall(reason);
      },
    }),
  };
}

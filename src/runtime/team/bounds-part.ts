import type { ConversationPart } from "../conversation-part.js";
import { checkCap } from "../tools/policy/check-caps.js";
import { emitBlocked, refusedCall, type Tool } from "../tools/tool.js";

/**
 * Holds a specialist within its rights whatever parts its own file switches on: the permission that a tool asks for must
 * be among its scopes, and what the supervisor's file asks for or caps holds for it too.
 */
export function boundsPart(supervisorTools: readonly Tool[]): ConversationPart {
  const outer = new Map(supervisorTools.map((tool) => [tool.spec.name, tool]));
  return {
    name: "team-bounds",
    open: ({ identity, emit }) => ({
      toolLayer: (invocation, next) => {
        const { tool, call } = invocation;
        const bounding = tool.source === "environment" ? outer.get(tool.spec.name) : undefined;
        const missing = [tool.permission, bounding?.permission].find(
          (scope) => typeof scope === "string" && !identity.scopes.includes(scope),
        );
        if (typeof missing === "string") {
          const reason = `${tool.spec.name} needs the scope ${missing}, which this agent does not have`;
          emitBlocked(emit, "tool.permission", invocation, reason);
          return refusedCall(reason);
        }
        const broken = (bounding?.caps ?? [])
          .map((cap) => checkCap(cap, call.arguments).problem)
          .find((problem) => problem !== null);
        if (typeof broken === "string") {
          emitBlocked(emit, "tool.cap", invocation, `${tool.spec.name}: ${broken}`);
          return refusedCall(`${tool.spec.name}: ${broken}`);
        }
        return next(invocation);
      },
    }),
  };
}

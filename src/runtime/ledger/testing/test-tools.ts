import { contentHash } from "../../../core/hash.js";
import { ANONYMOUS } from "../../../core/identity.js";
import { FREE_TOOL } from "../../tools/free-tool.js";
import type { Tool, ToolArguments, ToolInvocation } from "../../tools/tool.js";

/** A tool that does what the test says. */
export function testTool(name: string, changes: Partial<Tool> = {}): Tool {
  return {
    spec: { name, description: name, parameters: { type: "object" } },
    source: "module",
    reversibility: "irreversible",
    ...FREE_TOOL,
    call: () => ({ content: "ok", isError: false }),
    ...changes,
  };
}

/** A call of it, as the tool runner makes them. */
export function invocationOf(tool: Tool, args: ToolArguments, step: number): ToolInvocation {
  const name = tool.spec.name;
  const idempotencyKey = tool.reversibility === "read" ? null : contentHash(["c1", step, name, args]);
  return {
    tool,
    call: { id: `call-${step}`, name, arguments: args },
    callId: `tool-${step}`,
    step,
    context: {
      identity: ANONYMOUS,
      conversationId: "c1",
      idempotencyKey,
      signal: new AbortController().signal,
    },
  };
}

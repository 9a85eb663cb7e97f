import { expect, it } from "vitest";
import { notingTool } from "../tools/testing/policy-bench.js";
import type { ToolArguments, ToolInvocation } from "../tools/tool.js";
import { guardArguments } from "./argument-guard.js";

const SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD";

it.each<[string, ToolArguments]>([
  ["a text", { note: SECRET }],
  ["an item of a list", { note: [SECRET] }],
  ["a key", { metadata: { [SECRET]: 1 } }],
])("lets no secret out as %s", (_, args) => {
  const invocation: ToolInvocation = {
    tool: notingTool(),
    call: { id: "1", name: "refund", arguments: args },
    callId: "tool-0",
    step: 0,
    context: {
      identity: { tenantId: "acme", userId: null, roles: [], scopes: [] },
      conversationId: "c",
      idempotencyKey: "k",
      signal: new AbortController().signal,
    },
  };
  const config = { arguments: "block", instructions: false } as const;
  expect(guardArguments(invocation, config, new Set(), () => {})).toMatchObject({ isError: true });
});

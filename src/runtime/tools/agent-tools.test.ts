import { describe, expect, it } from "vitest";
import { toolsSchema } from "../../config/agent/tools-schema.js";
import { openAgentTools } from "./agent-tools.js";
import { notingTool } from "./testing/policy-bench.js";
import { withPolicies } from "./tool-policy.js";

const source = { file: "agent.yaml", folder: ".", env: {} };
const WORLD = [
  notingTool({ spec: { name: "cancel", description: "", parameters: {} } }),
  notingTool({ spec: { name: "look", description: "", parameters: {} }, reversibility: "read" }),
];

/** Names of the tools of the world that ask the user first. */
async function asking(entries: unknown, hasPolicy = false): Promise<readonly string[]> {
  const parsed = entries === undefined ? undefined : toolsSchema.parse(entries);
  const { policies } = await openAgentTools(parsed, ["cancel", "look"], source, hasPolicy);
  return withPolicies(WORLD, policies)
    .filter((tool) => tool.needsConfirmation)
    .map((tool) => tool.spec.name);
}

describe("tools that an agent file only names", () => {
  it("ask before what cannot be undone, as soon as the checks are on", async () => {
    expect(await asking(["cancel", { name: "look", permission: "read" }])).toEqual(["cancel"]);
    expect(await asking(["cancel", "look"], true)).toEqual(["cancel"]);
    expect(await asking(undefined, true)).toEqual(["cancel"]);
  });

  it("are as their environment has them while the checks are off, or where the file says so", async () => {
    expect(await asking(["cancel", "look"])).toEqual([]);
    expect(await asking(undefined)).toEqual([]);
    expect(await asking([{ name: "cancel", confirm: false }])).toEqual([]);
  });
});

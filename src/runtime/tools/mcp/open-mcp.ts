import type { McpEntry, ToolPolicyConfig } from "../../../config/agent/tools-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import { didYouMean, listNames } from "../../../core/nearest.js";
import type { OpenedTools, ToolSourceContext } from "../agent-tools.js";
import { FREE_TOOL } from "../free-tool.js";
import { policyOf } from "../policy-of-config.js";
import type { Tool } from "../tool.js";
import type { ToolPolicy } from "../tool-policy.js";
import { describedTool, type ListedTool } from "./described-tool.js";
import { McpServer } from "./mcp-server.js";

/**
 * Starts an MCP server, or connects to one, and makes tools of what it offers at that moment. What the server says of a
 * tool widens nothing: each is irreversible and asks first until the agent file says otherwise, or trusts the server's
 * word on reads.
 *
 * @throws {ConfigError} for a tool that the server does not have, or that cannot be offered
 * @throws {ProviderError} when the server cannot be reached
 */
export async function openMcp(
  entry: McpEntry,
  { file, folder, env }: ToolSourceContext,
): Promise<OpenedTools> {
  const server = new McpServer({ entry, env, folder });
  const listed = await server.start();
  const problems: string[] = [];
  const policies = new Map<string, ToolPolicy>();
  const tools: Tool[] = [];
  for (const { name, policy } of chosen(entry, listed)) {
    const found = listed.find((tool) => tool.name === name);
    const known = listed.map((tool) => tool.name);
    if (found === undefined) {
      problems.push(`it has no tool ${name}${didYouMean(name, known)} (known: ${listNames(known, 20)})`);
      continue;
    }
    try {
      const tool = mcpTool(server, entry, found);
      tools.push(tool);
      policies.set(tool.spec.name, policyOf(policy));
    } catch (error) {
      problems.push(
        `tool ${name} cannot be offered: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (problems.length > 0) {
    await server.close();
    throw new ConfigError(
      problems.map((message) => ({ file, message: `tools mcp ${entry.mcp.name}: ${message}` })),
    );
  }
  return { tools, policies, hash: contentHash([entry, listed]), close: () => server.close() };
}

function chosen(
  { tools }: McpEntry,
  listed: readonly ListedTool[],
): readonly { readonly name: string; readonly policy: ToolPolicyConfig }[] {
  if (tools === undefined) return listed.map(({ name }) => ({ name, policy: {} }));
  return tools.map((entry) => {
    if (typeof entry === "string") return { name: entry, policy: {} };
    const { name, ...policy } = entry;
    return { name, policy };
  });
}

function mcpTool(server: McpServer, entry: McpEntry, listed: ListedTool): Tool {
  const isRead = entry.trust_read_only && listed.saysReadOnly;
  return {
    spec: describedTool(entry.mcp.name, listed),
    source: "mcp",
    reversibility: isRead ? "read" : "irreversible",
    ...FREE_TOOL,
    needsConfirmation: !isRead,
    timeoutMs: entry.timeout_ms,
    call: (args, context) => server.call(listed.name, args, context),
  };
}

import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import type { McpEntry } from "../../../config/agent/tools-schema.js";
import type { Json } from "../../../core/hash.js";
import type { JsonSchema } from "../../../core/message.js";
import { ChildTransport } from "./child-transport.js";
import type { ListedTool } from "./described-tool.js";

type ServerConfig = McpEntry["mcp"];
type Environment = { readonly [name: string]: string | undefined };

/** One connection to a server. */
export interface McpConnection {
  readonly client: Client;
  /** Of the process; `null` for a server elsewhere. */
  readonly pid: number | null;
  listTools(): Promise<readonly ListedTool[]>;
}

/**
 * Connects to a server. It can ask nothing of us: neither a model nor the user nor files are offered to it.
 *
 * @param timeoutMs - how long it may take to start, and then to list its tools
 * @param onChange - called when the server says that its tools changed
 * @param onClose - called when the connection is gone
 */
export async function connect(
  config: ServerConfig,
  env: Environment,
  folder: string,
  timeoutMs: number,
  onChange: () => void,
  onClose: () => void,
): Promise<McpConnection> {
  const transport = transportOf(config, env, folder);
  const client = new Client({ name: "agentctl", version: "1" }, { capabilities: {} });
  client.setNotificationHandler("notifications/tools/list_changed", onChange);
  client.onclose = onClose;
  try {
    await client.connect(transport, { timeout: timeoutMs });
  } catch (error) {
    await transport.close();
    const said = transport instanceof ChildTransport ? transport.lastWords : "";
    if (said === "" || !(error instanceof Error)) throw error;
    throw new Error(`${error.message}; it says: ${said}`, { cause: error });
  }
  return {
    client,
    pid: transport instanceof ChildTransport ? transport.pid : null,
    listTools: async () => {
      const { tools } = await client.listTools(undefined, { cacheMode: "bypass", timeout: timeoutMs });
      return tools.map((tool) => ({
        name: tool.name,
        description: tool.description ?? tool.title ?? "",
        inputSchema: JSON.parse(JSON.stringify(tool.inputSchema)) as JsonSchema & {
          readonly [key: string]: Json;
        },
        saysReadOnly: tool.annotations?.readOnlyHint === true,
      }));
    },
  };
}

function transportOf(config: ServerConfig, env: Environment, folder: string): Transport {
  if ("command" in config) {
    const names = ["PATH", ...config.env_allow];
    return new ChildTransport({
      command: config.command,
      args: config.args,
      env: setVariables(Object.fromEntries(names.map((name) => [name, name])), env),
      folder,
    });
  }
  return new StreamableHTTPClientTransport(new URL(config.url), {
    requestInit: { headers: setVariables(config.headers_env, env) },
  });
}

/** Values of variables that are set, under the names of the map. */
function setVariables(names: { readonly [name: string]: string }, env: Environment): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, variable] of Object.entries(names)) {
    const value = env[variable];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type McpEntry, toolsSchema } from "../../../config/agent/tools-schema.js";
import type { ToolCallContext } from "../tool.js";
import { McpServer } from "./mcp-server.js";

const folder = mkdtempSync(join(tmpdir(), "mcp-secrets-"));
const env = {
  PATH: process.env.PATH,
  DESK_TOKEN: "s3cret-of-the-desk",
  DESK_AUTH: "Bearer s3cret-header",
  PLACE: "a place that is no secret",
};
const context: ToolCallContext = {
  identity: { tenantId: "north", userId: null, roles: [], scopes: [] },
  conversationId: "c",
  idempotencyKey: null,
  signal: new AbortController().signal,
};
const entryOf = (mcp: unknown) => toolsSchema.parse([{ mcp }])[0] as McpEntry;

it("shows no credential that the process was given, in a result or a refusal", async () => {
  const source = `
import { createInterface } from "node:readline";
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const text = process.env.DESK_TOKEN + " " + process.env.PLACE;
  if (method === "initialize") send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "desk", version: "1" } } });
  else if (method === "tools/list") send({ id, result: { tools: [{ name: "look", inputSchema: { type: "object" } }] } });
  else if (params?.arguments?.refuse) send({ id, error: { code: -32602, message: text } });
  else if (id !== undefined) send({ id, result: { content: [{ type: "text", text }] } });
});`;
  writeFileSync(join(folder, "desk.mjs"), source);
  const entry = entryOf({
    name: "desk",
    command: process.execPath,
    args: ["desk.mjs"],
    env_allow: ["DESK_TOKEN", "PLACE"],
  });
  const server = new McpServer({ entry, env, folder });
  await server.start();
  expect(await server.call("look", {}, context)).toEqual({
    content: "[redacted] a place that is no secret",
    isError: false,
  });
  const refused = await server.call("look", { refuse: true }, context);
  expect(refused.content).toContain("[redacted] a place");
  await server.close();
});

it("shows no header of ours that a server sends back in an error", async () => {
  const http = createServer((request, response) => {
    response.writeHead(500).end(`you sent ${request.headers.authorization}`);
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const entry = entryOf({ name: "desk", url, headers_env: { authorization: "DESK_AUTH" } });
  const error: unknown = await new McpServer({ entry, env, folder }).start().catch((one: unknown) => one);
  expect(String(error)).toContain("[redacted]");
  expect(String(error)).not.toContain("s3cret");
  http.close();
});

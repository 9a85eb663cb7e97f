import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toolsSchema } from "../../../config/agent/tools-schema.js";
import { ConfigError, ProviderError } from "../../../core/errors.js";
import { type AgentTools, openAgentTools } from "../agent-tools.js";
import { callWithin } from "../call-within.js";
import { policyBench } from "../testing/policy-bench.js";
import { type Tool, type ToolCallContext, UnknownOutcomeError } from "../tool.js";

const DOCUMENT = `
openapi: 3.0.3
info: { title: Orders, version: "1" }
paths:
  /orders/{id}:
    parameters:
      - $ref: "#/components/parameters/OrderId"
    get:
      operationId: getOrder
      summary: One order.
      parameters:
        - { name: fields, in: query, schema: { type: array, items: { type: string } } }
        - { name: X-Tenant, in: header, schema: { type: string } }
        - { name: Authorization, in: header, schema: { type: string } }
        - { name: X-Trace, in: header, required: true, schema: { type: string } }
  /refunds:
    get:
      operationId: findRefunds
      parameters: [{ name: key, in: query, required: true, schema: { type: string } }]
    post:
      operationId: refund.order
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Refund" }
  /tree:
    post:
      operationId: plantTree
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Tree" } } } }
components:
  parameters:
    OrderId: { name: id, in: path, required: true, schema: { type: string } }
  schemas:
    Refund:
      type: object
      required: [order_id, amount]
      properties:
        order_id: { type: string }
        amount: { type: number }
        note: { type: string, nullable: true }
    Tree: { type: object, properties: { child: { $ref: "#/components/schemas/Tree" } } }
`;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const folder = mkdtempSync(join(tmpdir(), "openapi-"));
const seen: Seen[] = [];
let answer: (response: ServerResponse, request: IncomingMessage) => void = () => {};
let server: Server;
let base = "";

beforeAll(async () => {
  writeFileSync(join(folder, "orders.yaml"), DOCUMENT);
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      answer(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});

afterAll(() => void server.close());

beforeEach(() => {
  seen.length = 0;
  answer = (response) => response.end('{"ok":true}');
});

function open(operations: unknown, extra: Record<string, unknown> = {}): Promise<AgentTools> {
  const entries = toolsSchema.parse([{ openapi: "orders.yaml", base_url: base, operations, ...extra }]);
  return openAgentTools(entries, [], { file: "agent.yaml", folder, env: { TOKEN: "secret-token" } });
}

async function toolOf(operation: unknown, extra: Record<string, unknown> = {}): Promise<Tool> {
  const [tool] = (await open([operation], extra)).tools;
  if (tool === undefined) throw new Error("no tool was made");
  return tool;
}

function context(key: string | null): ToolCallContext {
  return {
    identity: { tenantId: "north", userId: "anna@example.com", roles: [], scopes: [] },
    conversationId: "c",
    idempotencyKey: key,
    signal: new AbortController().signal,
  };
}

describe("tools of an OpenAPI document", () => {
  it("puts all parameters into one schema; reads are known, everything else is irreversible and asks", async () => {
    const { tools, names } = await open(["getOrder", "refund.order"]);
    expect(names).toEqual(["getOrder", "refund_order"]);
    expect(tools.map((tool) => [tool.reversibility, tool.needsConfirmation])).toEqual([
      ["read", false],
      ["irreversible", true],
    ]);
    expect(tools[1]?.spec.parameters).toEqual({
      type: "object",
      properties: {
        order_id: { type: "string" },
        amount: { type: "number" },
        note: { type: ["string", "null"], nullable: true },
      },
      required: ["order_id", "amount"],
      additionalProperties: false,
    });
    // What authorises a request is no argument of a model.
    expect(Object.keys(tools[0]?.spec.parameters.properties ?? {})).not.toContain("Authorization");
  });

  it("sends path, query, identity, authorisation and body where they belong", async () => {
    const extra = { auth: { bearer_env: "TOKEN" }, identity_headers: { tenant: "X-Tenant", user: "X-User" } };
    const read = await toolOf("getOrder", extra);
    await read.call({ id: "A 1/2?x#y", fields: ["a", "b"], "X-Tenant": "south" }, context(null));
    const refund = await toolOf("refund.order", extra);
    await refund.call({ order_id: "A-1", amount: 5 }, context("key-1"));
    expect(seen[0]?.url).toBe("/v1/orders/A%201%2F2%3Fx%23y?fields=a&fields=b");
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer secret-token",
      "x-tenant": "north",
      "x-user": "anna@example.com",
    });
    expect(seen[0]?.headers["idempotency-key"]).toBeUndefined();
    expect(seen[1]).toMatchObject({ method: "POST", body: '{"order_id":"A-1","amount":5}' });
    expect(seen[1]?.headers["idempotency-key"]).toBe("key-1");
  });

  it("sends no identity of a model's choice: a header that names it is no argument, even with nobody signed in", async () => {
    const tool = await toolOf("getOrder", { identity_headers: { tenant: "x-tenant", user: "X-TRACE" } });
    expect(Object.keys(tool.spec.parameters.properties ?? {})).toEqual(["id", "fields"]);
    const { identity, ...rest } = context(null);
    const args = { id: "a", "X-Tenant": "south", "X-Trace": "root" };
    await tool.call(args, { ...rest, identity: { ...identity, userId: null } });
    expect(seen[0]?.headers["x-tenant"]).toBe("north");
    expect(seen[0]?.headers["x-trace"]).toBeUndefined();
  });

  it.each(["a\r\nX-Tenant: south", "a\nb", "é", "a\u0000"])(
    "sends no header that holds %j",
    async (value) => {
      const read = await toolOf("getOrder");
      expect((await read.call({ id: "a", "X-Trace": value }, context(null))).isError).toBe(true);
      expect(seen).toEqual([]);
    },
  );

  it.each([".", "..", ""])("sends no request whose path an argument %j would change", async (id) => {
    const read = await toolOf("getOrder");
    expect((await read.call({ id }, context(null))).isError).toBe(true);
    expect(seen).toEqual([]);
  });

  it.each(["../../admin", "//evil.example/x", "http://evil.example", "%2e%2e", "..\\..", "a\r\nHost: evil"])(
    "keeps an argument %j within its segment",
    async (id) => {
      const read = await toolOf("getOrder");
      await read.call({ id }, context(null));
      expect(seen.map(({ url }) => url)).toEqual([`/v1/orders/${encodeURIComponent(id)}`]);
    },
  );

  it("follows no redirect", async () => {
    answer = (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    const read = await toolOf("getOrder");
    expect(await read.call({ id: "a" }, context(null))).toMatchObject({ isError: true });
    expect(seen).toHaveLength(1);
  });

  it("tells a refusal by the system from an unknown outcome", async () => {
    const refund = await toolOf("refund.order");
    answer = (response) => response.writeHead(409).end('{"error":"already refunded"}');
    expect(await refund.call({ order_id: "a", amount: 1 }, context("k"))).toEqual({
      content: '{"status":409,"error":"already refunded"}',
      isError: true,
    });
    await expect(
      refund.call({ order_id: "a", amount: 1 }, { ...context("k"), isRepeated: true }),
    ).rejects.toThrow(UnknownOutcomeError);
    answer = (response) => response.writeHead(502).end("<html>");
    await expect(refund.call({ order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(
      UnknownOutcomeError,
    );
  });

  it.each([301, 302, 303, 408])(
    "does not know the outcome when a side effect is answered with %d",
    async (status) => {
      answer = (response) => response.writeHead(status, { location: "/v1/refunds/7" }).end();
      const refund = await toolOf("refund.order");
      await expect(refund.call({ order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(
        UnknownOutcomeError,
      );
    },
  );

  it.each([401, 407, 425, 429])(
    "takes %d for a call that was not begun, which says nothing of an earlier one",
    async (status) => {
      answer = (response) => response.writeHead(status).end('{"error":"later"}');
      const refund = await toolOf("refund.order");
      await expect(refund.call({ order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(ProviderError);
      const read = await toolOf("getOrder");
      expect(await read.call({ id: "a" }, context(null))).toMatchObject({ isError: true });
    },
  );

  it("shows nobody the credential that a server sends back", async () => {
    answer = (response, { headers }) => response.writeHead(400).end(JSON.stringify({ sent: headers }));
    const read = await toolOf("getOrder", { auth: { bearer_env: "TOKEN" } });
    const { content } = await read.call({ id: "a" }, context(null));
    expect(content).toContain("Bearer [redacted]");
    expect(content).not.toContain("secret-token");
  });

  it("refuses half a character in a path", async () => {
    const read = await toolOf("getOrder");
    expect(await read.call({ id: "\ud800" }, context(null))).toMatchObject({ isError: true });
    expect(seen).toEqual([]);
  });

  it("does not know the outcome when the connection breaks off after the request was sent", async () => {
    answer = (response) => response.destroy();
    const refund = await toolOf("refund.order");
    const read = await toolOf("getOrder");
    await expect(refund.call({ order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(
      UnknownOutcomeError,
    );
    expect(await read.call({ id: "a" }, context(null))).toMatchObject({ isError: true });
  });

  it("does not know the outcome when half of the answer came, or far too much of it", async () => {
    const refund = await toolOf("refund.order", { max_response_bytes: 100 });
    const args = { order_id: "a", amount: 1 };
    answer = (response) => {
      response.writeHead(200, { "content-length": "50" }).write('{"ok"');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(refund.call(args, context("k"))).rejects.toThrow(UnknownOutcomeError);
    answer = (response) => response.end("x".repeat(101));
    await expect(refund.call(args, context("k"))).rejects.toThrow("longer than 100 bytes");
  });

  it("knows that nothing happened when the connection was refused", async () => {
    const refund = await toolOf("refund.order", { base_url: "http://127.0.0.1:1" });
    await expect(refund.call({ order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(ProviderError);
    const ran = await policyBench([refund], { layers: [] }).run({ order_id: "a", amount: 1 });
    expect(ran.content).toContain("nothing was done");
  });

  it("gives up at the timeout: a read with an error, a side effect without knowing", async () => {
    answer = () => {};
    const read = await toolOf({ id: "getOrder", timeout_ms: 50 });
    const refund = await toolOf({ id: "refund.order", timeout_ms: 50 });
    expect(await callWithin(read, { id: "a" }, context(null))).toMatchObject({ isError: true });
    await expect(callWithin(refund, { order_id: "a", amount: 1 }, context("k"))).rejects.toThrow(
      UnknownOutcomeError,
    );
    server.closeAllConnections();
  });

  it("finds out by the key what became of an earlier call", async () => {
    const tool = await toolOf({ id: "refund.order", lookup: { operation: "findRefunds", key: "key" } });
    answer = (response) => response.end('[{"id":7}]');
    expect(await tool.lookUp?.("key-1", context("key-1"))).toEqual({ content: '[{"id":7}]', isError: false });
    expect(seen[0]).toMatchObject({ method: "GET", url: "/v1/refunds?key=key-1" });
    answer = (response) => response.end("[]");
    expect(await tool.lookUp?.("key-1", context("key-1"))).toBeNull();
    answer = (response) => response.end('{"data":[],"has_more":false}');
    expect(await tool.lookUp?.("key-1", context("key-1"))).toBeNull();
    answer = (response) => response.writeHead(404).end();
    expect(await tool.lookUp?.("key-1", context("key-1"))).toBeNull();
    for (const status of [303, 400, 401, 403, 429, 503]) {
      answer = (response) => response.writeHead(status).end("[]");
      await expect(tool.lookUp?.("key-1", context("key-1"))).rejects.toThrow(UnknownOutcomeError);
    }
  });

  it.each([
    [["getOrders"], {}, /no operation getOrders; did you mean `getOrder`/],
    [["plantTree"], {}, /no schema that holds itself/],
    [["getOrder"], { auth: { bearer_env: "NOT_SET" } }, /expected NOT_SET to be set/],
    [["getOrder"], { base_url: "file:///etc" }, /expected http or https/],
    [["getOrder"], { openapi: "missing.yaml" }, /cannot be read/],
    [[{ id: "refund.order", lookup: { operation: "findRefunds", key: "id" } }], {}, /has no parameter id/],
    [["getOrder", "getOrder"], {}, /two tools are called getOrder/],
  ])("says what is wrong with %j %j", async (operations, extra, message) => {
    const opened = open(operations, extra);
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(message);
  });
});

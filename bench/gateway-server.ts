import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "undici";
import { gatewaySchema } from "../src/config/gateway/gateway-schema.js";
import { systemClock } from "../src/core/clock.js";
import { serveGateway } from "../src/gateway/serve-gateway.js";

/**
 * One server of the gateway bench, in a process of its own: `backend`, `plain URL` or `gateway URL`. Tells its parent its port,
 * and its memory when asked.
 */
const [role, target = ""] = process.argv.slice(2);

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "bench",
  choices: [{ index: 0, message: { role: "assistant", content: "x".repeat(400) }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 },
});
const STREAM_EVENTS = 40;
const STREAM_INTERVAL_MS = 100;

function backend(): Server {
  return createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      if (request.headers["x-bench-stream"] !== undefined) stream(response);
      else {
        response.writeHead(200, { "content-type": "application/json", "content-length": ANSWER.length });
        response.end(ANSWER);
      }
    });
  });
}

/** Each event holds the time when it was sent. */
function stream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= STREAM_EVENTS) {
      const now = performance.timeOrigin + performance.now();
      response.write(`data: {"choices":[{"index":0,"delta":{"content":"${now.toFixed(3)}"}}]}\n\n`);
      return;
    }
    clearInterval(timer);
    response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  }, STREAM_INTERVAL_MS);
}

/** What the gateway is measured against: passes requests on, and does nothing else. */
function plainProxy(): Server {
  const pool = new Pool(target, { connections: 1024 });
  return createServer((request: IncomingMessage, response) => {
    const { host: _, connection: _c, ...headers } = request.headers;
    const options = { method: "POST" as const, path: request.url ?? "/", headers, body: request };
    pool
      .stream(options, ({ statusCode, headers: answered }) => response.writeHead(statusCode, answered))
      .catch(() => response.destroy());
  });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** With everything that it does in service: split, event log, figures. */
async function ourGateway(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-gateway-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const config = gatewaySchema.parse({
    version: 1,
    service: "bench",
    listen: { port: 0 },
    arms: { stable: { url: target }, canary: { url: target } },
  });
  const { origin } = await serveGateway({
    config,
    file: join(folder, "gateway.yaml"),
    secrets: { armKeys: { stable: null, canary: null }, tls: null, controlToken: null },
    clock: systemClock,
    onNotice: () => {},
  });
  return Number(new URL(origin).port);
}

process.on("message", () => process.send?.({ rssMib: process.memoryUsage().rss / 2 ** 20 }));
process.on("disconnect", () => process.exit());

const port =
  role === "gateway" ? await ourGateway() : await portOf(role === "plain" ? plainProxy() : backend());
process.send?.({ port });

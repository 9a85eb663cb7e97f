import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { Agent, type Dispatcher, request } from "undici";
import type { Arm } from "../../../core/traffic-split.js";

/** What a server of an arm does for some paths, besides naming itself. */
const ANSWERS: { readonly [path: string]: (response: ServerResponse) => void } = {
  "/fail": (response) => response.writeHead(500).end("failed"),
  "/empty": (response) => response.writeHead(204).end(),
  "/stream": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    response.end("data: [DONE]\n\n");
  },
  "/cut": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n", () => setTimeout(() => response.destroy(), 20));
  },
  "/endless": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => response.write("data: 1\n\n"), 20);
    response.on("close", () => clearInterval(timer));
  },
};

/** Two servers on loopback that say in a header which arm they are. */
export interface ArmServers {
  readonly urls: { readonly [arm in Arm]: string };
  /** Requests that each had. */
  readonly served: { [arm in Arm]: number };
  stop(arm: Arm): Promise<void>;
  close(): Promise<void>;
}

export async function startArmServers(): Promise<ArmServers> {
  const served = { stable: 0, canary: 0 };
  const start = async (arm: Arm) => {
    const server = createServer((incoming, response) => {
      served[arm] += 1;
      response.setHeader("x-served-by", arm);
      incoming.resume().on("end", () => (ANSWERS[incoming.url ?? ""] ?? answerPlainly)(response));
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  const servers = { stable: await start("stable"), canary: await start("canary") };
  const stop = async (arm: Arm) => {
    servers[arm].closeAllConnections();
    if (servers[arm].listening) await new Promise((done) => servers[arm].close(done));
  };
  return {
    urls: { stable: urlOf(servers.stable), canary: urlOf(servers.canary) },
    served,
    stop,
    close: async () => {
      await stop("stable");
      await stop("canary");
    },
  };
}

function answerPlainly(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** An id as the value of a header: programs write a byte for each character. */
export function asHeader(id: string): string {
  return Buffer.from(id).toString("latin1");
}

/** Sends one request for each id, some at a time on kept connections. */
export async function sendIds(
  url: string,
  ids: readonly string[],
  { connections = 8, header = "x-conversation-id", attempts = 1 } = {},
): Promise<readonly Arm[]> {
  const agent = new Agent({ connections });
  const ask = async (id: string, left: number): Promise<Dispatcher.ResponseData> => {
    try {
      return await request(url, { dispatcher: agent, headers: { [header]: asHeader(id) } });
    } catch (error) {
      // A proxy may close a kept connection in the moment in which it is used: clients ask again then.
      const { code } = error as NodeJS.ErrnoException;
      if (left > 1 && (code === "UND_ERR_SOCKET" || code === "ECONNRESET")) return ask(id, left - 1);
      throw error;
    }
  };
  try {
    return await Promise.all(
      ids.map(async (id) => {
        const { headers, body } = await ask(id, attempts);
        await body.dump();
        return headers["x-served-by"] as Arm;
      }),
    );
  } finally {
    await agent.close();
  }
}

/** Resolves when something holds, asked again every few milliseconds. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 10_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

export async function answers(url: string): Promise<boolean> {
  return request(url, { headersTimeout: 1_000 }).then(
    async ({ body, statusCode }) => {
      await body.dump();
      return statusCode < 500;
    },
    () => false,
  );
}

import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import { ConfigError, UsageError } from "../../core/errors.js";
import type { GatewaySecrets } from "../start-gateway.js";

/** How often connections are looked over for clients that send too slowly. */
const LOOK_OVER_MS = 1_000;
/** Longer than load balancers keep idle connections (60 s), so that they close first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * The server that clients talk to: HTTPS when there is a certificate, with client certificates when there is a CA. Clients that
 * send their head or body too slowly are answered 408, heads that are too large 431.
 *
 * @throws {ConfigError} when certificate and key are none, or do not belong together
 */
export function createGatewayServer(limits: GatewayConfig["limits"], tls: GatewaySecrets["tls"]): Server {
  const options: ServerOptions = {
    maxHeaderSize: limits.header_bytes,
    headersTimeout: limits.header_time,
    requestTimeout: Math.max(limits.request_time, limits.header_time),
    connectionsCheckingInterval: LOOK_OVER_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  if (tls === null) return createServer(options);
  const { cert, key, clientCa } = tls;
  const asksForCertificate =
    clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  try {
    return createTlsServer({ ...options, cert, key, minVersion: "TLSv1.2", ...asksForCertificate });
  } catch (error) {
    const message = `expected \`listen.tls\` to name a certificate and its key: ${(error as Error).message}`;
    throw new ConfigError([{ file: "gateway.yaml", message }], { cause: error });
  }
}

/**
 * @returns the port
 * @throws {UsageError} when the address cannot be had
 */
export async function listen(server: Server, { host, port }: GatewayConfig["listen"]): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const message = `cannot listen on ${host}:${port}: ${error.code ?? error.message}`;
      reject(new UsageError(message, { cause: error, nextStep: "Set listen.port to a free port." }));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no new connections, waits for requests under way, and cuts those that are not done in time. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that was busy when the server closed is kept by its client after the answer.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

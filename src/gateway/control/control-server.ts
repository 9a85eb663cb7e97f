import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { GatewayState } from "../observe/metrics-page.js";
import { answerObservation } from "../observe/observation.js";
import { ControlError } from "./control-error.js";
import { type ControlParts, controlCalls } from "./control-routes.js";
import { sendFailure, sendJson } from "./json-call.js";
import { listenControl } from "./listen-control.js";

export interface ControlServerOptions extends ControlParts {
  /** `unix:PATH` with an absolute path, or a loopback HOST:PORT. */
  readonly listen: string;
  readonly token: string;
  readonly state: () => GatewayState;
}

export interface ControlServer {
  /** `unix:PATH`, or a URL. */
  readonly place: string;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves the control API to this machine alone. `/metrics` and `/healthz` need no token: they change nothing and hold
 * nothing secret, and what reads them must not be able to move traffic.
 *
 * @throws {UsageError} when it cannot listen there
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => sendFailure(response, error));
  });
  const place = await listenControl(server, options.listen);
  return {
    place,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlServerOptions,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (answerObservation(path, request, response, options.state)) return;
  requireToken(request, options.token);
  const name = `${request.method} ${path}`;
  const call = Object.hasOwn(controlCalls, name) ? controlCalls[name] : undefined;
  if (call === undefined) {
    throw new ControlError(
      404,
      "unknown_call",
      `there is no ${name}`,
      "see the table of calls in docs/gateway.md",
    );
  }
  const { status, body, headers } = await call(request, options);
  sendJson(response, status, body, headers);
}

/** Hashes are compared, since they have one length whatever was given. */
function requireToken(request: IncomingMessage, token: string): void {
  const given = /^Bearer +(.+?) *$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (given !== "" && timingSafeEqual(digest(given), digest(token))) return;
  throw new ControlError(
    401,
    "wrong_token",
    given === "" ? "no token was sent" : "the token is not that of this gateway",
    "send `Authorization: Bearer` with the token that `control.token` of gateway.yaml names",
  );
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson, sendText } from "../control/json-call.js";
import type { GatewayRoute } from "../start-gateway.js";
import { healthOf, healthStatus } from "./health.js";
import { type GatewayState, METRICS_TYPE, renderMetrics } from "./metrics-page.js";

/**
 * Answers a look at the metrics page or the health check.
 *
 * @returns whether it was one
 */
export function answerObservation(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  state: () => GatewayState,
): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  if (path === "/metrics") {
    sendText(response, 200, renderMetrics(state()), { "content-type": METRICS_TYPE });
    return true;
  }
  if (path !== "/healthz") return false;
  const health = healthOf(state());
  sendJson(response, healthStatus(health), health);
  return true;
}

/** The same on the address for clients, for everybody: Prometheus and load balancers have no key. */
export function observationRoutes(state: () => GatewayState): readonly GatewayRoute[] {
  return ["/metrics", "/healthz"].map((path) => ({
    method: "GET",
    path,
    isOpen: true,
    handle: (request, response) => void answerObservation(path, request, response, state),
  }));
}

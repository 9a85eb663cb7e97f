import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Clock } from "../../core/clock.js";
import type { Backend } from "./backend.js";
import { keyHeaders } from "./forward-headers.js";

/**
 * Asks a server at intervals whether it is up, beginning at once. Up: any answer below 500, also that it does not know the
 * path or the key. A server counts as up until it failed as often as `fall` says.
 *
 * @returns a function that ends the checks
 */
export function startHealthChecks(
  backend: Backend,
  health: GatewayConfig["health"],
  clock: Clock,
): () => void {
  if (health.interval === 0) return () => {};
  let failed = 0;
  let isAsking = false;
  const check = async () => {
    if (isAsking) return;
    isAsking = true;
    const isBack = await isAnswering(backend, health);
    isAsking = false;
    if (isBack && failed > 0) backend.breaker.hint(clock.monotonic());
    failed = isBack ? 0 : failed + 1;
    backend.isUp = failed < health.fall;
  };
  void check();
  const timer = setInterval(() => void check(), health.interval);
  timer.unref();
  return () => clearInterval(timer);
}

async function isAnswering(backend: Backend, { path, timeout }: GatewayConfig["health"]): Promise<boolean> {
  try {
    const answer = await backend.pool.request({
      method: "GET",
      path: `${backend.basePath}${path}`,
      headers: [...keyHeaders("models", backend.apiKey)],
      signal: AbortSignal.timeout(timeout),
    });
    await answer.body.dump();
    return answer.statusCode < 500;
  } catch {
    return false;
  }
}

import type { RouterConfig } from "../../../config/release/release-schema.js";
import { ALL_BPS, type Arm } from "../../../core/traffic-split.js";
import { drainByShare } from "../drain-by-share.js";
import type { ArmCounts, Split, TrafficRouter } from "../router.js";
import type { RouterContext } from "../router-context.js";
import { type CommandOutcome, runCommand } from "../run-command.js";
import {
  checkTarget,
  refuseConflict,
  routerFailed,
  routerRefused,
  type SplitTarget,
} from "../split-target.js";
import { type RouteSplit, readRoute, weightsPatch } from "./http-route.js";

type GatewayApiConfig = Extract<RouterConfig, { type: "gateway-api" }>;

const TIMEOUT_MS = 30_000;
/** The gateway writes the status of a route at any time, and every write gives it another resourceVersion. */
const ATTEMPTS = 5;
const RESOURCE = "httproutes.gateway.networking.k8s.io";

/**
 * Weights of an HTTPRoute, by kubectl. A share of requests, not of conversations: not sticky. A true compare and swap by
 * `resourceVersion`. What confirms is the API server; that the gateway's data plane follows is in the route's status.
 */
export class GatewayApiRouter implements TrafficRouter {
  readonly kind = "gateway-api";
  readonly isSticky = false;

  constructor(
    private readonly config: GatewayApiConfig,
    private readonly context: RouterContext,
  ) {}

  armFor({ bps }: { readonly bps: number }): Arm | null {
    if (bps === 0 || bps === ALL_BPS) return bps === 0 ? "stable" : "canary";
    return null;
  }

  async get(signal?: AbortSignal): Promise<Split> {
    return splitOf(await this.route(signal));
  }

  async set(target: SplitTarget, signal?: AbortSignal): Promise<Split> {
    checkTarget(this.kind, target);
    for (let attempt = 1; ; attempt += 1) {
      const before = await this.route(signal);
      refuseConflict(this.kind, target, splitOf(before));
      if (before.weights.canary === target.bps && before.weights.stable === ALL_BPS - target.bps)
        return splitOf(before);
      const patched = await this.patch(weightsPatch(before, target.bps, this.config.rule), signal);
      if (patched.exitCode === 0) {
        const now = readRoute(patched.stdout, this.config);
        if (now.bps === target.bps) return splitOf(now);
        throw this.failed(`the API server made ${now.bps} of ${target.bps} basis points`, patched);
      }
      const isSame = (await this.route(signal)).resourceVersion === before.resourceVersion;
      if (isSame || attempt === ATTEMPTS) throw this.failed("the route could not be patched", patched);
    }
  }

  async drain(arm: Arm, signal?: AbortSignal): Promise<void> {
    drainByShare(this.kind, arm, await this.get(signal));
  }

  async stats(): Promise<readonly ArmCounts[]> {
    return [];
  }

  async close(): Promise<void> {}

  private async route(signal?: AbortSignal): Promise<RouteSplit> {
    const { namespace, route } = this.config;
    const outcome = await this.kubectl(["get", RESOURCE, route, "-n", namespace, "-o", "json"], signal);
    if (outcome.exitCode === 0) return readRoute(outcome.stdout, this.config);
    if (/\((NotFound|Forbidden|Unauthorized)\)|doesn't have a resource type/.test(outcome.complaint)) {
      throw routerRefused(
        this.kind,
        `HTTPRoute ${namespace}/${route}: ${outcome.complaint}`,
        "name it in release.yaml, with kubectl flags for the right cluster and a role that may get and patch it",
      );
    }
    throw this.failed(`HTTPRoute ${namespace}/${route} cannot be read`, outcome);
  }

  private patch(patch: string, signal?: AbortSignal): Promise<CommandOutcome> {
    const { namespace, route } = this.config;
    return this.kubectl(
      ["patch", RESOURCE, route, "-n", namespace, "--type=json", "-o", "json", "-p", patch],
      signal,
    );
  }

  private kubectl(args: readonly string[], signal?: AbortSignal): Promise<CommandOutcome> {
    const command = [...this.config.kubectl, ...args, "--request-timeout=15s"];
    return runCommand({ kind: this.kind, command, timeoutMs: TIMEOUT_MS, signal }, this.context);
  }

  private failed(what: string, { exitCode, complaint }: CommandOutcome) {
    return routerFailed(
      this.kind,
      `${what}; kubectl ended with code ${exitCode}: ${complaint}`,
      "run `kubectl get httproute` with the same flags by hand",
    );
  }
}

function splitOf({ bps, version }: RouteSplit): Split {
  return { bps, salt: null, version };
}

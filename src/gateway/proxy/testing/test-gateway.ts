import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayConfig, gatewaySchema } from "../../../config/gateway/gateway-schema.js";
import { systemClock } from "../../../core/clock.js";
import type { LiveEvent, LiveEventOf } from "../../../core/live-event.js";
import { armOf } from "../../../core/traffic-split.js";
import type { Doorkeeper, LiveEventSink, SpanFacts, SplitKeeper, SplitState } from "../../parts.js";
import { type Gateway, type GatewayParts, startGateway } from "../../start-gateway.js";

type Served = LiveEventOf<"request_served">;

/** Keeps events in memory. */
class MemorySink implements LiveEventSink {
  readonly events: Served[] = [];
  /** Of each event; `null`: its trace is not exported. */
  readonly spans: (SpanFacts | null)[] = [];
  #waiting: (() => void)[] = [];

  emit(event: LiveEvent, span: SpanFacts | null = null): void {
    if (event.event_type === "request_served") {
      this.events.push(event);
      this.spans.push(span);
    }
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Resolves when there are so many. */
  async count(wanted: number): Promise<readonly Served[]> {
    while (this.events.length < wanted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.events;
  }

  flush = () => Promise.resolve();
  lost = () => 0;
  close = () => Promise.resolve();
}

class MemorySplit implements SplitKeeper {
  state: SplitState;

  constructor(bps: number) {
    this.state = { bps, salt: "s1", release: "r-7", version: "1", leaseEndsAt: null };
  }

  read = () => this.state;
  effectiveBps = () => this.state.bps;
  renewLease(): void {}
  set(target: { bps: number; salt: string; release: string | null }): SplitState {
    this.state = { ...this.state, ...target, version: String(Number(this.state.version) + 1) };
    return this.state;
  }
}

/** `tester` may choose an arm; anybody else gets in as `client`; the key `bad` does not. */
const doorkeeper: Doorkeeper = {
  admit(headers) {
    const key = String(headers.authorization ?? headers["x-api-key"] ?? "").replace(/^Bearer /, "");
    if (key === "bad") {
      return { refused: { status: 401, code: "invalid_api_key", message: "this key is not known" } };
    }
    if (key === "busy") {
      const message = "too many requests";
      return { refused: { status: 429, code: "rate_limit_exceeded", message, retryAfterMs: 1500 } };
    }
    const client = { keyName: key, tenantId: "acme", isTester: key === "tester", isReporter: false };
    return { client, done: (tokens) => doneTokens.push(tokens) };
  },
};

/** What the doorkeeper was told of tokens, in its order. */
export const doneTokens: number[] = [];

/** A gateway of a test, with what it was given. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly origin: string;
  readonly sink: MemorySink;
  readonly split: MemorySplit;
  readonly config: GatewayConfig;
  close(): Promise<void>;
}

type Settings = Omit<Partial<Parameters<typeof gatewaySchema.parse>[0] & object>, "arms">;

/** @param settings - keys of gateway.yaml; health checks are off unless it says so */
export async function startTestGateway(options: {
  readonly stable: string;
  readonly canary?: string;
  readonly bps?: number;
  readonly settings?: Settings & { readonly [key: string]: unknown };
  readonly arms?: { readonly [key: string]: object };
  readonly secrets?: Partial<GatewayParts["secrets"]>;
  readonly prices?: GatewayParts["prices"];
  readonly stateFolder?: string;
}): Promise<TestGateway> {
  const { stable, canary, bps = 0, settings = {}, arms = {}, secrets = {}, prices = null } = options;
  const folder = mkdtempSync(join(tmpdir(), "agentctl-gateway-"));
  const config = gatewaySchema.parse({
    version: 1,
    service: "support",
    listen: { port: 0 },
    health: { interval: "0s" },
    ...settings,
    arms: {
      stable: { url: stable, ...arms.stable },
      ...(canary === undefined ? {} : { canary: { url: canary, ...arms.canary } }),
    },
  });
  const sink = new MemorySink();
  const split = new MemorySplit(bps);
  const gateway = await startGateway({
    config,
    secrets: { armKeys: { stable: null, canary: null }, tls: null, controlToken: null, ...secrets },
    clock: systemClock,
    doorkeeper,
    split,
    sink,
    prices,
    stateFolder: options.stateFolder ?? folder,
  });
  return {
    gateway,
    origin: gateway.origin,
    sink,
    split,
    config,
    async close() {
      await gateway.close(0);
      rmSync(folder, { recursive: true });
    },
  };
}

/** An id whose bucket lies below the share, or not. */
export function idIn(arm: "stable" | "canary", bps: number, salt = "s1"): string {
  for (let index = 0; ; index += 1) if (armOf(salt, `conv-${index}`, bps) === arm) return `conv-${index}`;
}

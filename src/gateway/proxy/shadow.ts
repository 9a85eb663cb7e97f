import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Clock } from "../../core/clock.js";
import { ALL_BPS, bucketOf } from "../../core/traffic-split.js";
import type { LiveEventSink, SpanContext, SplitKeeper } from "../parts.js";
import { OPERATIONS } from "./api-routes.js";
import type { Arms } from "./arms.js";
import { askOnce, type Inbound } from "./ask-arm.js";
import type { Failure } from "./attempt.js";
import type { ProxyTimes } from "./context.js";
import { costOf, outcomeOf } from "./outcome.js";
import { type Outlet, Passage } from "./passage.js";
import type { RequestFacts } from "./request-facts.js";
import { spanWithin } from "./request-ids.js";
import { servedEvent } from "./served-event.js";
import { spanFacts } from "./span-facts.js";
import { traceparentOf } from "./trace-context.js";

const NOWHERE: Outlet = { head: () => {}, data: () => true, end: () => {} };

export interface ShadowOptions {
  readonly config: GatewayConfig;
  readonly limits: NonNullable<GatewayConfig["shadow"]>;
  readonly clock: Clock;
  readonly split: SplitKeeper;
  readonly sink: LiveEventSink;
  readonly arms: Arms;
  readonly times: ProxyTimes;
}

/** A request that the stable arm answers. */
export interface ShadowedRequest {
  readonly inbound: Inbound;
  readonly facts: RequestFacts;
  readonly traceId: string;
  /** Of the request itself, that of its copy is within it; `null`: none is exported. */
  readonly span: SpanContext | null;
  readonly tenantId: string;
}

/**
 * Asks the canary what the stable arm was asked, for a share of the conversations, and throws its answers away. The share is
 * drawn by a salt of its own, so that it has nothing to do with the split.
 */
export class Shadow {
  sent = 0;
  /** Copies that were due and not made: too many under way, or the canary is down. */
  dropped = 0;
  #inFlight = 0;
  readonly #options: ShadowOptions;

  constructor(options: ShadowOptions) {
    this.#options = options;
  }

  offer(request: ShadowedRequest): void {
    const { split, limits, arms } = this.#options;
    const { salt } = split.read();
    const bucket = bucketOf(`shadow:${salt}`, request.facts.key ?? request.traceId);
    if (bucket >= (limits.percent / 100) * ALL_BPS) return;
    const backend = this.#inFlight < limits.max_concurrency ? arms.admitted("canary") : null;
    if (backend === null) {
      this.dropped += 1;
      return;
    }
    this.sent += 1;
    this.#inFlight += 1;
    this.#ask(request, backend);
  }

  #ask(request: ShadowedRequest, backend: NonNullable<ReturnType<Arms["admitted"]>>): void {
    const { config, clock, split, arms, times } = this.#options;
    const now = () => clock.monotonic();
    const { inbound } = request;
    const span = request.span === null ? null : spanWithin(request.span);
    const { release } = split.read();
    const bps = split.effectiveBps();
    const startedAt = now();
    const passage = new Passage(inbound.wire, NOWHERE, now, () => false);
    arms.canary.begin();
    const total = times.total.set(() => attempt.abort("total_timeout"));
    const onEnd = (failure: Failure | null) => {
      total.cancel();
      this.#inFlight -= 1;
      const outcome = outcomeOf(passage, failure);
      arms.canary.end(outcome.ok);
      const { facts } = passage;
      this.#options.sink.emit(
        servedEvent({
          facts: request.facts,
          traceId: request.traceId,
          tenantId: request.tenantId,
          now: clock.now(),
          payload: {
            service: config.service,
            arm: "canary",
            release,
            bps,
            route: "shadow",
            model: facts.model ?? request.facts.model,
            operation: OPERATIONS[inbound.wire],
            status: passage.status,
            ok: outcome.ok,
            failure: outcome.failure,
            streamed: passage.isStream,
            latencyMs: now() - startedAt,
            firstTokenMs: passage.firstTokenAt === null ? null : passage.firstTokenAt - startedAt,
            usage: facts.usage,
            costUsd: costOf(backend, facts, request.facts),
            finishReason: facts.finishReason,
            key: request.facts.key,
          },
        }),
        span === null
          ? null
          : spanFacts({ context: span, wire: inbound.wire, backend, asked: request.facts, answered: facts }),
      );
    };
    const traceparent = span === null ? null : traceparentOf(request.traceId, span.spanId, span.flags);
    const shadowed = inbound.marked("x-agentctl-shadow", "1", traceparent);
    const attempt = askOnce(backend, shadowed, times, now, passage, onEnd);
  }
}

import type { IncomingHttpHeaders } from "node:http";
import type { LiveEvent } from "../core/live-event.js";
import type { Arm } from "../core/traffic-split.js";

/** How traffic is split, and who may still decide it. */
export interface SplitState {
  /** As it was set. */
  readonly bps: number;
  readonly salt: string;
  /** Release under way; `null`: none. */
  readonly release: string | null;
  /** Changes with every change. */
  readonly version: string;
  /** When the lease of the controller ends, on the gateway's monotonic clock, milliseconds; `null`: no lease is needed. */
  readonly leaseEndsAt: number | null;
}

/** Keeps the split over restarts; the data plane asks it for every request, the control API changes it. */
export interface SplitKeeper {
  read(): SplitState;
  /** What is in force now: 0 when the lease has expired, whatever was set. */
  effectiveBps(): number;
  /** @returns `null` when `ifVersion` is not the version that is in force */
  set(target: {
    readonly bps: number;
    readonly salt: string;
    readonly release: string | null;
    readonly ifVersion?: string;
  }): SplitState | null;
  renewLease(ttlMs: number): void;
}

/** Who sends a request. */
export interface Client {
  /** Name of the key, never the key. */
  readonly keyName: string;
  readonly tenantId: string;
  /** Whether it may choose an arm by header. */
  readonly isTester: boolean;
  /** Whether its word makes a safety violation verified. */
  readonly isReporter: boolean;
}

/** Lets requests in. */
export interface Doorkeeper {
  /** `admit` counts the request against the limits of its key. */
  admit(headers: IncomingHttpHeaders):
    | { readonly client: Client; readonly done: (tokens: number) => void }
    | {
        readonly refused: {
          readonly status: 401 | 403 | 429;
          readonly code: string;
          readonly message: string;
          readonly retryAfterMs?: number;
        };
      };
}

/** A span in the trace of a request. */
export interface SpanContext {
  /** 16 hex digits. */
  readonly spanId: string;
  /** `null`: the trace begins here. */
  readonly parentSpanId: string | null;
  /** Bits of W3C's `trace-flags`. */
  readonly flags: number;
  /** The caller's `tracestate`; `null`: none. */
  readonly traceState: string | null;
}

/** What the span of a request tells beside its event. */
export interface SpanFacts {
  readonly context: SpanContext;
  /** As OpenTelemetry names it; `null`: nothing was asked of a model. */
  readonly provider: string | null;
  /** Who was asked last; `null`: nobody. */
  readonly server: { readonly address: string; readonly port: number } | null;
  /** As the server was asked for it. */
  readonly requestModel: string | null;
  /** As its answer names it. */
  readonly responseModel: string | null;
}

/** Takes events of live traffic. Never throws and never blocks: an event that cannot be kept is counted. */
export interface LiveEventSink {
  /** @param span - of a request whose trace is exported; `null`: it is not */
  emit(event: LiveEvent, span?: SpanFacts | null): void;
  /** Resolves when everything emitted so far is on disk. */
  flush(): Promise<void>;
  /** Events that were lost. */
  lost(): number;
  close(): Promise<void>;
}

/** A model server behind the gateway. */
export interface ArmStatus {
  readonly arm: Arm;
  readonly url: string;
  readonly isUp: boolean;
  readonly breaker: "closed" | "open" | "half-open";
  readonly inFlight: number;
  readonly requests: number;
  readonly errors: number;
  /** Requests for this arm that stable took, since it was down. */
  readonly redispatched: number;
}

/** A model server as `gateway.yaml` and `release.yaml` name it. */
export interface ServerName {
  /** Without `/v1` and slash at its end. */
  readonly url: string;
  /** `null`: whatever the request asks for. */
  readonly model: string | null;
}

/** What the control API sees and moves of the data plane. */
export interface DataPlane {
  arms(): readonly ArmStatus[];
  /** Sends no new requests to an arm, until `fill`; resolves when those under way have ended. Idempotent. */
  drain(arm: Arm): Promise<void>;
  /** Sends requests to a drained arm again. The control API calls it for both when a share is set. Idempotent. */
  fill(arm: Arm): void;
  /** Makes the canary's address the stable one; kept over restarts. */
  promote(): void;
  /**
   * Undoes {@link promote}: stable's address of `gateway.yaml` is the stable one again; kept over restarts. Idempotent.
   *
   * @param expected - the server that is to take over; the model counts only where `gateway.yaml` names one
   * @returns `false` when `gateway.yaml` names another server as stable: then nothing was changed
   * @throws {StoreError} when it is in force, and cannot be kept over a restart
   */
  demote(expected: ServerName): boolean;
  /** Whether both arms are the same model of the same address, as after a promotion: a share would be of nothing. */
  isOneServer(): boolean;
}

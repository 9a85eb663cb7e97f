import type { EventLogStatus } from "../events/event-files.js";
import type { ArmStatus } from "../parts.js";
import type { SplitView } from "../split/split-keeper.js";
import type { GatewayCounts } from "../start-gateway.js";
import { type Labels, renderHistograms, renderSamples, type Sample } from "./prometheus-text.js";
import type { TraceExportStatus } from "./trace-exporter.js";
import type { TrafficCounts } from "./traffic-counts.js";

/** Everything that the metrics page and the health check show. */
export interface GatewayState {
  readonly traffic: TrafficCounts;
  readonly plane: GatewayCounts;
  readonly arms: readonly ArmStatus[];
  readonly split: SplitView;
  readonly events: EventLogStatus;
  /** `null`: traces are not exported. */
  readonly traces: TraceExportStatus | null;
}

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const PREFIX = "agentctl_gateway_";
const BREAKER_STATES: readonly ArmStatus["breaker"][] = ["closed", "open", "half-open"];

/** The metrics page, in the text format of Prometheus. No ids, no keys, no texts. */
export function renderMetrics(state: GatewayState): string {
  return [trafficText(state), armsText(state.arms), splitText(state.split), exportsText(state)].join("");
}

function counter(name: string, help: string, samples: readonly Sample[]): string {
  return renderSamples(`${PREFIX}${name}`, "counter", help, samples);
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  return renderSamples(`${PREFIX}${name}`, "gauge", help, samples);
}

function plain(value: number, labels: Labels = {}): readonly Sample[] {
  return [{ labels, value }];
}

function trafficText({ traffic, plane }: GatewayState): string {
  return [
    counter("requests_total", "Requests by arm, route and class of status.", traffic.requests()),
    counter("errors_total", "Requests that an arm did not answer as it should.", traffic.errors()),
    counter(
      "requests_without_id_total",
      "Requests that named no id and went to stable.",
      plain(plane.withoutId),
    ),
    counter("fallbacks_total", "Requests of the canary that stable took.", plain(traffic.fallbacks())),
    counter("shadowed_total", "Requests of which the canary got a copy.", plain(plane.shadowed)),
    counter("shadows_dropped_total", "Copies that were due and not made.", plain(plane.shadowsDropped)),
    counter("tokens_total", "Tokens as the arms report them.", traffic.tokens()),
    counter("cost_usd_total", "US dollars of priced requests.", traffic.costUsd()),
    counter("unpriced_requests_total", "Requests with tokens and without a known price.", traffic.unpriced()),
    counter("told_total", "Feedback and safety violations that were told.", traffic.told()),
    renderHistograms(
      `${PREFIX}request_duration_seconds`,
      "Time to the last byte of good answers, copies left out.",
      traffic.latency(),
    ),
    renderHistograms(
      `${PREFIX}time_to_first_token_seconds`,
      "Time to the first byte of the body of good answers, copies left out.",
      traffic.firstToken(),
    ),
  ].join("");
}

function armsText(arms: readonly ArmStatus[]): string {
  const ofArms = (value: (arm: ArmStatus) => number): readonly Sample[] =>
    arms.map((arm) => ({ labels: { arm: arm.arm }, value: value(arm) }));
  const breakers = arms.flatMap((arm) =>
    BREAKER_STATES.map((state) => ({
      labels: { arm: arm.arm, state },
      value: arm.breaker === state ? 1 : 0,
    })),
  );
  return [
    gauge(
      "arm_up",
      "Whether an arm answers its health check.",
      ofArms(({ isUp }) => (isUp ? 1 : 0)),
    ),
    gauge(
      "in_flight",
      "Requests under way.",
      ofArms(({ inFlight }) => inFlight),
    ),
    counter(
      "redispatched_total",
      "Requests of an arm that the other one took.",
      ofArms(({ redispatched }) => redispatched),
    ),
    gauge("breaker_state", "1 for the state of the breaker of an arm.", breakers),
  ].join("");
}

function splitText(split: SplitView): string {
  const leftSeconds = split.leaseLeftMs === null ? Number.POSITIVE_INFINITY : split.leaseLeftMs / 1000;
  return [
    gauge("split_set_bps", "Share of the canary as it was set, basis points.", plain(split.bps)),
    gauge("split_effective_bps", "Share of the canary in force, basis points.", plain(split.effectiveBps)),
    gauge("split_unsaved", "1 while the split in force is not on disk.", plain(split.isSaved ? 0 : 1)),
    gauge(
      "lease_left_seconds",
      "Until the split falls to 0; +Inf when no lease is needed.",
      plain(leftSeconds),
    ),
    counter("leases_expired_total", "Leases that ended with a split above 0.", plain(split.leasesExpired)),
  ].join("");
}

function exportsText({ events, traces }: GatewayState): string {
  const ofTraces =
    traces === null
      ? []
      : [
          counter("spans_exported_total", "Spans that the collector took.", plain(traces.exported)),
          counter("spans_dropped_total", "Spans that could not be exported.", plain(traces.dropped)),
        ];
  return [
    counter("events_written_total", "Live events in the event log.", plain(events.written)),
    counter("events_lost_total", "Live events that could not be kept.", plain(events.lost)),
    gauge("events_waiting", "Live events in memory, not yet written.", plain(events.waiting)),
    gauge(
      "event_log_failing",
      "1 while live events cannot be written.",
      plain(events.failure === null ? 0 : 1),
    ),
    ...ofTraces,
  ].join("");
}

import type { CapturedExchange } from "../../core/captured-exchange.js";
import { contentHash } from "../../core/hash.js";
import type { LiveEvent } from "../../core/live-event.js";
import type { Score } from "../../core/score.js";

/** Scores of one conversation, by metric. */
export interface ConversationScores {
  readonly exchange: CapturedExchange;
  readonly scores: Readonly<Record<string, Score>>;
}

const LEAKS = "safety.pii_leaks";

/** Metrics that count what must not happen; their total is none of them, and what a guardrail stopped did not happen. */
export const VIOLATIONS: readonly string[] = [
  LEAKS,
  "safety.unauthorised_actions",
  "safety.over_cap_actions",
  "safety.injection_success_rate",
];

/**
 * Live events of scores: one for each metric that gave a value, and a violation for each safety metric that counted one.
 * Ids follow from conversation, exchange and metric, so that scoring again adds nothing; a violation that is critical now
 * and was soft before is a new event, since readers take the first of an id.
 *
 * @param by - who scored, e.g. `metrics` or the name of a judge
 * @param critical - safety metrics whose violation ends a release at once
 */
export function scoreEvents(
  { exchange, scores }: ConversationScores,
  by: string,
  critical: ReadonlySet<string>,
): LiveEvent[] {
  const held = exchange.answerHeld.map((kind) =>
    violationEvent(exchange, `said a ${kind}`, critical.has(LEAKS)),
  );
  const scored = Object.entries(scores).flatMap(([metric, score]): LiveEvent[] => {
    if (score.value === null) return [];
    const told: LiveEvent = {
      ...envelope(exchange, ["score", by, metric]),
      event_type: "conversation_scored",
      payload: { metric, value: score.value, by },
    };
    const isViolation = VIOLATIONS.includes(metric) && score.value > 0;
    return isViolation ? [told, violationEvent(exchange, metric, critical.has(metric))] : [told];
  });
  return [...(by === "metrics" ? held : []), ...scored];
}

function violationEvent(exchange: CapturedExchange, rule: string, isCritical: boolean): LiveEvent {
  return {
    ...envelope(exchange, ["violation", rule, ...(isCritical ? ["critical"] : [])]),
    event_type: "safety_violation",
    payload: { rule, severity: isCritical ? "critical" : "soft", verified: true },
  };
}

function envelope(exchange: CapturedExchange, what: readonly string[]) {
  const { capture_id: capture, timestamp, conversation_id, tenant_id, trace_id } = exchange;
  const id = contentHash([capture, ...what]).slice(0, 32);
  return { event_id: id, timestamp, conversation_id, tenant_id, trace_id } as const;
}

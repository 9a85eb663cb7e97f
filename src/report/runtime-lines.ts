import type { EventPayloads } from "../core/events.js";
import type { RuntimeStep } from "../core/trace.js";
import { counted } from "./counted.js";
import { formatDuration } from "./format.js";
import { oneLine } from "./plain-text.js";
import { searchText } from "./search-text.js";
import { wrap } from "./text-style.js";

/** Characters of the reason of a guardrail that are shown. */
const MOST_REASON = 600;

/** What the runtime thought, decided and kept, in order: a line for each step, with its grounds below it. */
export function runtimeLines(steps: readonly RuntimeStep[], width: number): readonly string[] {
  return steps.flatMap((step) => {
    const [first = "", ...rest] = linesOf(step);
    return [oneLine(first, width - 4), ...rest.map((line) => `  ${oneLine(line, width - 6)}`)];
  });
}

/** A guardrail that was triggered; below it, what decided, by which score, on which documents. */
export function guardrailLines(one: EventPayloads["guardrail_triggered"], width: number): readonly string[] {
  const grounds = [
    one.classifier === undefined
      ? ""
      : `${one.classifier}${one.score === undefined ? "" : ` gave ${number(one.score)}`}`,
    one.documentIds === undefined ? "" : `documents ${one.documentIds.join(", ")}`,
    one.callId === undefined ? "" : `call ${one.callId}`,
  ].filter((part) => part !== "");
  return [
    ...wrap(oneLine(`${one.rule}: ${one.action}, ${one.detail}`, MOST_REASON), width - 6).map(
      (line, index) => (index === 0 ? line : `  ${line}`),
    ),
    ...(grounds.length === 0 ? [] : [`  ${oneLine(grounds.join(" · "), width - 6)}`]),
  ];
}

function linesOf({ type, payload }: RuntimeStep): readonly string[] {
  switch (type) {
    case "strategy_selected":
      return [
        `strategy ${payload.strategy} (ambiguity ${number(payload.ambiguity)}, stakes ${number(payload.stakes)}, confidence ${number(payload.confidence)})`,
        ...payload.reasons.map((reason) => `because ${reason}`),
      ];
    case "reasoning_step":
      return reasoningLines(payload);
    case "plan_updated":
      return [
        `plan ${payload.revision}: ${payload.reason}`,
        ...payload.steps.map(
          ({ id, tool, after, status }) =>
            `${status} ${id} ${tool}${after.length === 0 ? "" : ` after ${after.join(", ")}`}`,
        ),
      ];
    case "context_fitted":
      return [
        `context ${payload.tokensBefore} to ${payload.tokensAfter} tokens, ${counted(payload.summarisedMessages, "message")} summarised, ${counted(payload.pinnedFacts, "fact")} pinned`,
      ];
    case "retrieval_searched":
      return [
        searchText(payload),
        ...payload.queries.map((query) => `for ${JSON.stringify(query)}`),
        ...payload.degraded.map(({ step, reason }) => `without ${step}: ${reason}`),
      ];
    case "grounding_assessed":
      return [
        `grounding ${number(payload.confidence)}, ${payload.isGrounded ? "enough" : "too little"} for ${number(payload.threshold)} (top ${number(payload.top)}, gap ${number(payload.gap)}, agreement ${number(payload.agreement)})`,
      ];
    case "memory_read":
      return [
        `memory read for ${JSON.stringify(payload.query)}`,
        ...payload.facts.map(({ id, score }) => `${id} ${number(score)}`),
      ];
    case "memory_write":
      return [
        `memory keeps ${payload.kind} ${payload.factId}${payload.replaces === null ? "" : `, replaces ${payload.replaces}`}`,
      ];
    case "delegation_start":
      return [`delegated to ${payload.agent} (${payload.callId}): ${payload.task}`];
    case "delegation_end":
      return [
        `${payload.agent} ${payload.status} (${payload.callId}) after ${formatDuration(payload.durationMs)}: ${payload.summary}`,
      ];
    case "effect_recorded":
      return [
        `effect ${payload.tool} ${payload.status} (${payload.callId}, key ${payload.key.slice(0, 8)})${payload.detail === "" ? "" : `: ${payload.detail}`}`,
      ];
  }
}

function reasoningLines(payload: EventPayloads["reasoning_step"]): readonly string[] {
  const facts = [
    payload.strategy ?? "",
    payload.confidence === undefined ? "" : `confidence ${number(payload.confidence)}`,
    payload.durationMs === undefined ? "" : formatDuration(payload.durationMs),
  ].filter((fact) => fact !== "");
  return [
    `step ${payload.step}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}: ${payload.text}`,
    ...(payload.alternatives ?? []).map((alternative) => `or ${alternative}`),
    ...(payload.contextUsed === undefined || payload.contextUsed.length === 0
      ? []
      : [`from ${payload.contextUsed.join(", ")}`]),
  ];
}

function number(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(3)));
}

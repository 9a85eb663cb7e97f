import type { CapturedExchange, CapturedMessage } from "../../core/captured-exchange.js";
import { conversationKey } from "../../core/conversation-key.js";
import { NOTHING_EXPECTED } from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { CaseContent } from "../case-hash.js";
import type { ImportedRun, ImportedStep, ImportedTrial } from "./imported-run.js";

/**
 * Live conversations that the gateway kept, as a run: a conversation is a case and its one trial. The exchange with the most
 * messages tells a conversation; the ones before it are its beginning.
 */
export function capturedRun(exchanges: readonly CapturedExchange[], notes: readonly string[]): ImportedRun {
  const conversations = fullest(exchanges);
  const caseIdOf = capturedCaseIds(conversations);
  const models = new Set(conversations.flatMap(({ model }) => model ?? []));
  const [model] = models;
  return {
    cases: conversations.map((exchange) => caseOf(exchange, caseIdOf(exchange))),
    trials: conversations.map((exchange) => trialOf(exchange, caseIdOf(exchange))),
    agentName: null,
    model: models.size === 1 && model !== undefined ? model : null,
    userModel: null,
    metrics: ["safety.*"],
    scoreFacts: [],
    notes,
  };
}

/** Names the cases of conversations: by their id, after the tenant where several tenants use it. */
export function capturedCaseIds(
  exchanges: readonly CapturedExchange[],
): (exchange: CapturedExchange) => string {
  const tenants = new Map<string, string | null>();
  for (const { conversation_id: id, tenant_id: tenant } of exchanges) {
    const known = tenants.get(id);
    tenants.set(id, known === undefined || known === tenant ? tenant : null);
  }
  return ({ conversation_id: id, tenant_id: tenant }) => (tenants.get(id) === null ? `${tenant}/${id}` : id);
}

function fullest(exchanges: readonly CapturedExchange[]): readonly CapturedExchange[] {
  const found = new Map<string, CapturedExchange>();
  for (const exchange of exchanges) {
    const key = conversationKey(exchange.tenant_id, exchange.conversation_id);
    const known = found.get(key);
    const isFuller =
      known === undefined ||
      exchange.messages.length > known.messages.length ||
      (exchange.messages.length === known.messages.length && exchange.timestamp > known.timestamp);
    if (isFuller) found.set(key, exchange);
  }
  return [...found.values()];
}

function caseOf({ messages, arm, release, tenant_id: tenant }: CapturedExchange, id: string): CaseContent {
  const said = messages.flatMap(({ role, text }) => (role === "user" && text !== "" ? [text] : []));
  const [only = "(the user said nothing)"] = said;
  return {
    id,
    input: said.length > 1 ? { kind: "user", goal: only, script: said } : { kind: "text", text: only },
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: null,
    tags: ["live", `arm:${arm}`, `tenant:${tenant}`, ...(release === null ? [] : [`release:${release}`])],
    group: id,
    split: "dev",
    review: null,
  };
}

function trialOf(exchange: CapturedExchange, caseId: string): ImportedTrial {
  return {
    caseId,
    trial: 0,
    error: null,
    stopReason: "answered",
    startedAt: exchange.timestamp,
    durationMs: null,
    steps: stepsOf(exchange),
    reward: null,
    scores: {},
  };
}

function stepsOf({ messages, answer, model, latencyMs }: CapturedExchange): ImportedStep[] {
  let calls = 0;
  const stepOf = (message: CapturedMessage, durationMs: number | null): ImportedStep[] => {
    if (message.role === "system") return [];
    if (message.role === "user") return [{ kind: "user", text: message.text }];
    if (message.role === "tool") return [];
    const toolCalls = message.toolCalls.map((call) => {
      const id = `call-${calls++}`;
      return { id, name: call.name, arguments: objectOf(call.arguments) };
    });
    const text = message.text === "" ? null : message.text;
    return [
      { kind: "model", speaker: "agent", text, toolCalls, usage: null, costUsd: null, durationMs, model },
      ...toolCalls.map(
        (call): ImportedStep => ({
          kind: "tool",
          callId: call.id,
          name: call.name,
          arguments: call.arguments,
          result: null,
          isError: false,
          durationMs: null,
        }),
      ),
    ];
  };
  return withResults(
    [...messages.flatMap((one) => stepOf(one, null)), ...stepOf(answer, latencyMs)],
    messages,
  );
}

/** Results of tools stand in messages of their own, in the order of the calls. */
function withResults(steps: readonly ImportedStep[], messages: readonly CapturedMessage[]): ImportedStep[] {
  const results = messages.flatMap(({ role, text }) => (role === "tool" ? [text] : []));
  return steps.map((step) => (step.kind === "tool" ? { ...step, result: results.shift() ?? null } : step));
}

function objectOf(value: Json): { readonly [key: string]: Json } {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as { readonly [key: string]: Json }) : { value };
}

import type { Script, ScriptFailure, ScriptReply, ScriptRule } from "../../config/script-schema.js";
import { ProviderError } from "../../core/errors.js";
import type { ModelReply, TokenUsage } from "../../core/message.js";
import { type Deadlines, withDeadlines } from "../deadlines.js";
import type { CallPosition, CompleteOptions, Model, ModelRequest } from "../model.js";
import type { Pricer } from "../price.js";
import { codeOfStatus, isRetryableCode } from "../provider-error.js";
import { sleepFor } from "../retry.js";
import { fillJson, fillText, type MatchedGroups } from "./fill-placeholders.js";
import { SCRIPTED_PROVIDER } from "./notice.js";
import { type RuleMatcher, ruleMatcher } from "./rule-matcher.js";

export interface ScriptedModelOptions {
  readonly script: Script;
  /** The script's file, as messages name it. */
  readonly file: string;
  /** Model name in events and reports, e.g. the path in the agent file. */
  readonly name: string;
  readonly deadlines: Deadlines;
  /** Price that the agent file states; `null`: nothing is paid for a script. */
  readonly priceOf: Pricer | null;
}

interface PreparedRule {
  readonly index: number;
  readonly rule: ScriptRule;
  readonly matches: RuleMatcher;
}

/**
 * A model whose replies are written in a file: deterministic, without network, and no LLM. The first rule that holds
 * answers. Its only state are the counts of failures that a rule limits by `times`.
 */
export function createScriptedModel(options: ScriptedModelOptions): Model {
  const { script, file, name } = options;
  const rules = script.rules.map((rule, index) => ({ rule, index, matches: ruleMatcher(rule.when) }));
  const failures = new Map<string, number>();
  const place = `script ${file}`;
  return {
    provider: SCRIPTED_PROVIDER,
    name,
    complete(request, completeOptions) {
      return withDeadlines(place, options.deadlines, completeOptions.signal, async ({ signal, touch }) => {
        const { rule, groups } = chooseRule(rules, request, failures, file);
        if (rule.error !== undefined) {
          await wait(rule.error.delay_ms ?? 0, signal);
          throw scriptedFailure(rule.error, place);
        }
        if (rule.reply === undefined) throw new TypeError("a rule without reply and error was accepted");
        const reply = replyOf(rule.reply, groups, request, options);
        await deliver(rule.reply, reply.text, completeOptions, signal, touch);
        return reply;
      });
    },
  };
}

function chooseRule(
  rules: readonly PreparedRule[],
  request: ModelRequest,
  failures: Map<string, number>,
  file: string,
): { readonly rule: ScriptRule; readonly groups: MatchedGroups } {
  const { position } = request;
  for (const { rule, index, matches } of rules) {
    const match = matches(request);
    if (match === null) continue;
    if (rule.error?.times !== undefined) {
      const key = JSON.stringify([index, position.caseId, position.trial, position.speaker, position.turn]);
      const made = failures.get(key) ?? 0;
      if (made >= rule.error.times) continue;
      failures.set(key, made + 1);
    }
    return { rule, groups: match.groups };
  }
  const last = request.messages.at(-1)?.role ?? "none";
  throw new ProviderError(
    "REPLAY_MISS",
    `${file}: no rule of the script holds for ${describe(position)}, last message: ${last}`,
    { nextStep: `Add a rule to ${file}; one without \`when\` at its end answers everything.` },
  );
}

function describe({ caseId, trial, speaker, turn }: CallPosition): string {
  return `case "${caseId}", trial ${trial}, ${speaker} turn ${turn}`;
}

function scriptedFailure(failure: ScriptFailure, place: string): ProviderError {
  const code = failure.code ?? codeOfStatus(failure.status);
  return new ProviderError(code, `${place} answered HTTP ${failure.status}`, {
    status: failure.status,
    isRetryable: isRetryableCode(code),
    ...(failure.retry_after_ms === undefined ? {} : { retryAfterMs: failure.retry_after_ms }),
  });
}

function replyOf(
  reply: ScriptReply,
  groups: MatchedGroups,
  request: ModelRequest,
  { name, priceOf }: ScriptedModelOptions,
): ModelReply {
  const earlier = request.messages.reduce(
    (sum, message) => sum + (message.role === "assistant" ? (message.toolCalls?.length ?? 0) : 0),
    0,
  );
  const toolCalls = (reply.tool_calls ?? []).map((call, index) => ({
    id: `call_${earlier + index + 1}`,
    name: call.name,
    arguments: fillJson(call.arguments, groups) as ModelReply["toolCalls"][number]["arguments"],
  }));
  const usage = reply.usage === undefined ? null : usageOf(reply.usage);
  return {
    text: reply.text === undefined ? null : fillText(reply.text, groups),
    toolCalls,
    finishReason: reply.finish_reason ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
    usage,
    costUsd: priceOf === null ? 0 : usage === null ? null : priceOf(usage, name),
    model: name,
    ...(reply.reasoning === undefined ? {} : { reasoning: reply.reasoning }),
  };
}

function usageOf(usage: NonNullable<ScriptReply["usage"]>): TokenUsage {
  const { cached_input_tokens: cached, cache_write_tokens: written, reasoning_tokens: reasoning } = usage;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

/** Hands the text out in two pieces when the rule says when the first one comes, else whole at the end. */
async function deliver(
  { delay_ms, first_token_ms }: ScriptReply,
  text: string | null,
  { onText, onFirstToken }: CompleteOptions,
  signal: AbortSignal,
  touch: () => void,
): Promise<void> {
  const firstMs = first_token_ms ?? delay_ms ?? 0;
  await wait(firstMs, signal);
  if (signal.aborted) return;
  if (first_token_ms !== undefined) onFirstToken?.();
  const cut = first_token_ms === undefined || text === null ? 0 : Math.ceil(text.length / 2);
  if (text !== null && cut > 0) {
    touch();
    onText?.(text.slice(0, cut));
  }
  await wait((delay_ms ?? firstMs) - firstMs, signal);
  if (text !== null && text.length > cut && !signal.aborted) onText?.(text.slice(cut));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleepFor(ms, signal);
}

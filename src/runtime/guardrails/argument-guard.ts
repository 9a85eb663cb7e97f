import type { ToolGuardConfig } from "../../config/agent/guardrails-schema.js";
import type { Emit } from "../../core/events.js";
import type { Json } from "../../core/hash.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { refusedCall, type ToolInvocation } from "../tools/tool.js";
import { countKinds } from "./personal-data.js";
import { LEAK_CLASSIFIER, type PromptShingles, promptOverlap } from "./prompt-overlap.js";
import { redactSecrets, SECRETS_CLASSIFIER } from "./secrets.js";

/**
 * Refuses a call with a side effect that would carry secrets or the system prompt out of the conversation.
 *
 * @returns `null` when the call may go on
 */
export function guardArguments(
  { tool, call, callId }: ToolInvocation,
  { arguments: action }: ToolGuardConfig,
  prompt: PromptShingles,
  emit: Emit,
): ToolOutcome | null {
  if (action === "off" || tool.reversibility === "read") return null;
  const text = textsIn(call.arguments).join("\n");
  const { kinds } = redactSecrets(text);
  const overlap = kinds.length > 0 ? 0 : promptOverlap(text, prompt);
  if (kinds.length === 0 && overlap < 1) return null;
  const what = kinds.length > 0 ? countKinds(kinds) : "the system prompt";
  emit("guardrail_triggered", {
    rule: "tool.exfiltration",
    action,
    detail: `the arguments of ${call.name} hold ${what}`,
    classifier: kinds.length > 0 ? SECRETS_CLASSIFIER : LEAK_CLASSIFIER,
    score: 1,
    callId,
  });
  return action === "block"
    ? refusedCall(`the arguments of ${call.name} hold ${what}, which may not be passed on`)
    : null;
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, child]) => [key, ...textsIn(child)]);
}

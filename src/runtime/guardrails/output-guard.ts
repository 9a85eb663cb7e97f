import type { OutputGuardConfig } from "../../config/agent/guardrails-schema.js";
import type { Emit } from "../../core/events.js";
import type { TextDecision } from "../conversation-part.js";
import type { DoneEffect } from "../ledger/effects-view.js";
import { blackOut, countKinds, PII_CLASSIFIER, personalData } from "./personal-data.js";
import { compileRule } from "./policy-rules.js";
import { PROMISE_CLASSIFIER, ungroundedClaims } from "./promise-claims.js";
import { LEAK_CLASSIFIER, type PromptShingles, promptOverlap } from "./prompt-overlap.js";
import { redactSecrets, SECRETS_CLASSIFIER } from "./secrets.js";

const DEFAULT_REPLY = "I'm sorry, I can't help with that.";
const PROMISE_REPLY =
  "I have not done this: nothing was changed so far. Please tell me if you want me to try, or to hand you over to a person.";

const PARTIAL_REPLY =
  "I cannot confirm this: not all of it was done. Please tell me if you want me to try, or to hand you over to a person.";

const UNKNOWN_REPLY =
  "I cannot confirm this: I do not know for certain whether it was done, so it has to be checked. Please tell me if you want me to hand you over to a person.";

/** What the checks of a reply need to know of the conversation. */
export interface ReplyContext {
  /** What the user said. */
  readonly userTexts: readonly string[];
  /** What tools answered. */
  readonly toolTexts: readonly string[];
  /** Passages that were retrieved. */
  readonly passageTexts: readonly string[];
  readonly effects: readonly (DoneEffect & { readonly description: string })[];
  /** Whether it is unknown of some side effect whether it happened. */
  readonly anyUnknown: boolean;
  readonly prompt: PromptShingles;
}

/** Checks what the agent is about to say. */
export function outputGuard(
  config: OutputGuardConfig,
  emit: Emit,
): (text: string, context: ReplyContext) => TextDecision {
  const rules = config.rules.map(compileRule);
  const instead = (text: string): TextDecision => ({ kind: "reply", text, stop: "answered" });

  const checkLeak = (text: string, { prompt }: ReplyContext): boolean => {
    if (config.prompt_leak === "off") return false;
    const score = promptOverlap(text, prompt);
    if (score < 1) return false;
    const detail = "the reply repeats the system prompt";
    emit("guardrail_triggered", {
      rule: "output.prompt-leak",
      action: config.prompt_leak,
      detail,
      classifier: LEAK_CLASSIFIER,
      score,
    });
    return config.prompt_leak === "block";
  };

  const checkPromises = (text: string, { effects, toolTexts }: ReplyContext): boolean => {
    if (config.promises === "off") return false;
    const claims = ungroundedClaims(text, effects, toolTexts);
    if (claims.length === 0) return false;
    const deeds = [...new Set(claims.map(({ deed }) => deed))].join(", ");
    emit("guardrail_triggered", {
      rule: "output.ungrounded-promise",
      action: config.promises,
      detail: `the reply says that this was done: ${deeds}; no executed effect of this conversation bears it out`,
      classifier: PROMISE_CLASSIFIER,
      score: claims.some(({ byAgent }) => byAgent) ? 1 : 0.8,
    });
    return config.promises === "block";
  };

  const checkRules = (text: string): string | null => {
    let said: string | null = null;
    for (const { rule, breaks } of rules) {
      const detail = breaks(text);
      if (detail === null) continue;
      emit("guardrail_triggered", { rule: `output.${rule.name}`, action: rule.action, detail });
      if (rule.action === "block") said ??= rule.reply ?? config.reply ?? DEFAULT_REPLY;
    }
    return said;
  };

  return (text, context) => {
    // All checks run before one answers, so that the trace names everything that was wrong.
    const leaks = checkLeak(text, context);
    const promises = checkPromises(text, context);
    const broken = checkRules(text);
    if (leaks) return instead(config.reply ?? DEFAULT_REPLY);
    if (broken !== null) return instead(broken);
    if (promises) {
      return instead(config.reply ?? replyToPromise(context));
    }
    return { kind: "pass", text: checkPersonalData(checkSecrets(text, config, emit), context, config, emit) };
  };
}

/** "Nothing was changed" is a claim as well: it needs that every outcome is known. */
function replyToPromise({ effects, anyUnknown }: ReplyContext): string {
  if (anyUnknown) return UNKNOWN_REPLY;
  return effects.length === 0 ? PROMISE_REPLY : PARTIAL_REPLY;
}

function checkSecrets(text: string, { secrets }: OutputGuardConfig, emit: Emit): string {
  if (secrets === "off") return text;
  const { text: redacted, kinds } = redactSecrets(text);
  if (kinds.length === 0) return text;
  emit("guardrail_triggered", {
    rule: "output.secrets",
    action: secrets,
    detail: `the reply holds ${countKinds(kinds)}`,
    classifier: SECRETS_CLASSIFIER,
    score: 1,
  });
  return secrets === "redact" ? redacted : text;
}

function checkPersonalData(
  text: string,
  { userTexts, toolTexts, passageTexts }: ReplyContext,
  { pii }: OutputGuardConfig,
  emit: Emit,
): string {
  if (pii === "off") return text;
  const known = [...userTexts, ...toolTexts, ...passageTexts];
  const finds = personalData(text, (kind) => kind !== "API key", known);
  if (finds.length === 0) return text;
  emit("guardrail_triggered", {
    rule: "output.pii",
    action: pii,
    detail: `the reply holds ${countKinds(finds.map(({ kind }) => kind))} from neither the user nor a source`,
    classifier: PII_CLASSIFIER,
    score: 1,
  });
  return pii === "redact" ? blackOut(text, finds) : text;
}

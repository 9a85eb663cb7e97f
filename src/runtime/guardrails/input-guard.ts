import type { InputGuardConfig } from "../../config/agent/guardrails-schema.js";
import type { Emit } from "../../core/events.js";
import type { TextDecision } from "../conversation-part.js";
import { classifyInjection, INJECTION_CLASSIFIER } from "./injection-classifier.js";
import { blackOut, countKinds, PII_CLASSIFIER, personalData } from "./personal-data.js";
import { redactSecrets, SECRETS_CLASSIFIER } from "./secrets.js";

const DEFAULT_REPLY = "I'm sorry, I can't help with that. Is there something else that I can do for you?";
const TOO_LONG = "I'm sorry, I can't help with a message of this length. Please send a shorter one.";
const SECRET_REPLY =
  "I'm sorry, I can't work with passwords, keys or tokens. Please send your message again without them.";

/** Checks what the user says, before anything else reads it. */
export function inputGuard(config: InputGuardConfig, emit: Emit): (text: string) => TextDecision {
  const refuse = (text: string): TextDecision => ({ kind: "reply", text, stop: "answered" });
  return (text) => {
    if (text.length > config.max_chars) {
      const detail = `${text.length} characters, at most ${config.max_chars} are read`;
      emit("guardrail_triggered", { rule: "input.length", action: "block", detail });
      return refuse(config.reply ?? TOO_LONG);
    }
    if (blocksInjection(text, config, emit)) return refuse(config.reply ?? DEFAULT_REPLY);
    const checked = checkSecrets(text, config, emit);
    if (checked === null) return refuse(config.reply ?? SECRET_REPLY);
    return { kind: "pass", text: checkPersonalData(checked, config, emit) };
  };
}

function blocksInjection(text: string, { injection }: InputGuardConfig, emit: Emit): boolean {
  if (injection === false) return false;
  const { score, signals } = classifyInjection(text);
  if (score < injection.flag) return false;
  const blocks = score >= injection.block;
  emit("guardrail_triggered", {
    rule: "input.injection",
    action: blocks ? "block" : "flag",
    detail: `the message reads like an attack: ${signals.join(", ")}`,
    classifier: INJECTION_CLASSIFIER,
    score,
  });
  return blocks;
}

/** The text that goes on; `null` when it does not. */
function checkSecrets(text: string, { secrets }: InputGuardConfig, emit: Emit): string | null {
  if (secrets === "off") return text;
  const { text: redacted, kinds } = redactSecrets(text);
  if (kinds.length === 0) return text;
  emit("guardrail_triggered", {
    rule: "input.secrets",
    action: secrets,
    detail: `the message holds ${countKinds(kinds)}`,
    classifier: SECRETS_CLASSIFIER,
    score: 1,
  });
  if (secrets === "block") return null;
  return secrets === "redact" ? redacted : text;
}

function checkPersonalData(text: string, config: InputGuardConfig, emit: Emit): string {
  if (config.pii === "off") return text;
  const kinds: ReadonlySet<string> = new Set(config.pii_kinds);
  const finds = personalData(text, (kind) => kinds.has(kind));
  if (finds.length === 0) return text;
  emit("guardrail_triggered", {
    rule: "input.pii",
    action: config.pii,
    detail: `the message holds ${countKinds(finds.map(({ kind }) => kind))}`,
    classifier: PII_CLASSIFIER,
    score: 1,
  });
  return config.pii === "redact" ? blackOut(text, finds) : text;
}

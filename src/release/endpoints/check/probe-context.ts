import { errorOfReply } from "../http/error-of-reply.js";
import { CHAT, fail, type ProbeContext, type ProbeFinding, pass, question, unknown } from "./probe.js";
import type { ListedModel } from "./probe-models.js";

export interface ContextFinding {
  readonly finding: ProbeFinding;
  /** Tokens; `null`: not told. */
  readonly tokens: number | null;
}

/** Longer than nearly any context of today: for endpoints that declare none. */
const UNDECLARED_WORDS = 1_100_000;

/** How servers name their limit in an error. */
const LIMITS = [
  /maximum context length (?:is|of) (\d[\d,]*)/i,
  /context (?:length|size|window)[^\d]{0,40}\(?(\d[\d,]*)/i,
  /max(?:imum)?_?(?:model_len|total_tokens|seq_?len)[^\d]{0,20}(\d[\d,]*)/i,
  /must be <= (\d[\d,]*)/i,
  /n_ctx[^\d]{0,5}(\d[\d,]*)/i,
];

/** The longest context that the models page tells; `null` when it tells none. */
export function declaredContext(model: ListedModel | undefined): { tokens: number; field: string } | null {
  const fields = {
    max_model_len: model?.max_model_len,
    context_length: model?.context_length,
    context_window: model?.context_window,
    "meta.n_ctx": model?.meta?.n_ctx,
  };
  for (const [field, tokens] of Object.entries(fields)) if (tokens !== undefined) return { tokens, field };
  return null;
}

/** The limit that an error tells; `null` when it tells none. */
export function limitInError(text: string): number | null {
  for (const pattern of LIMITS) {
    const tokens = Number(pattern.exec(text)?.[1]?.replaceAll(",", ""));
    if (Number.isSafeInteger(tokens) && tokens > 0) return tokens;
  }
  return null;
}

/** The context limit: as declared, or with leave to ask by a request that is too long for it. */
export async function probeContextLimit(
  context: ProbeContext,
  model: ListedModel | undefined,
  mayAsk: boolean,
): Promise<ContextFinding> {
  const declared = declaredContext(model);
  if (!mayAsk) {
    if (declared === null) {
      return { finding: unknown("the models page does not tell; --probe-context asks"), tokens: null };
    }
    const evidence = `${declared.tokens} tokens, by ${declared.field} of the models page`;
    return { finding: pass(evidence), tokens: declared.tokens };
  }
  const words = declared === null ? UNDECLARED_WORDS : declared.tokens + 64;
  const body = question(context, "a ".repeat(words), 1);
  const reply = await context.client.ask(CHAT, { body, signal: context.signal });
  const told = reply.status >= 400 && reply.status < 500 ? limitInError(errorOfReply(reply)) : null;
  const tokens = told ?? declared?.tokens ?? null;
  if (reply.status === 200) {
    const evidence = `a prompt of ${words} words was taken${declared === null ? "" : `, although ${declared.field} is ${declared.tokens}`}`;
    return { finding: declared === null ? unknown(evidence) : fail(evidence), tokens: null };
  }
  if (told !== null && declared !== null && told !== declared.tokens) {
    const evidence = `${declared.field} says ${declared.tokens}, the error of a longer prompt says ${told}`;
    return { finding: fail(evidence), tokens: Math.min(told, declared.tokens) };
  }
  if (told !== null) return { finding: pass(`${told} tokens, by the error of a longer prompt`), tokens };
  const evidence = `HTTP ${reply.status} for a prompt of ${words} words, without a limit in it`;
  return {
    finding:
      declared === null || reply.status < 400 || reply.status >= 500
        ? unknown(evidence)
        : pass(`${declared.tokens} tokens, by ${declared.field}; ${evidence}`),
    tokens,
  };
}

import { contentHash } from "../core/hash.js";
import type { Trace } from "../core/trace.js";
import { hasEvidence } from "../metrics/generation/lexical-verdicts.js";
import { agentDeclined } from "../metrics/generation/refusal.js";
import type { ScoredInput } from "../metrics/metric.js";
import { infrastructureError } from "../metrics/scores.js";
import { JUDGE_CORRECTNESS, JUDGE_FAITHFULNESS } from "./claim-metrics.js";

/** A text that a judge reads, under the name that its instructions use. */
export interface SubjectPart {
  readonly name: string;
  readonly text: string;
}

/** What a judge is shown of a trial, or why there is nothing to judge. */
export type ClaimSubject = { readonly parts: readonly SubjectPart[] } | { readonly reason: string };

/** Picks what a metric of a judge reads of a trial. */
export function claimSubject(metric: string, { goldenCase, trial, trace }: ScoredInput): ClaimSubject {
  if (trial.status === "error") return { reason: infrastructureError(trial.error?.code ?? null) };
  if (trace.answer === null) return { reason: "the agent gave no answer" };
  const answer: SubjectPart = { name: "ANSWER", text: trace.answer };
  const asked = questionOf({ goldenCase, trace });
  const question: readonly SubjectPart[] = asked === null ? [] : [{ name: "QUESTION", text: asked }];
  if (metric === JUDGE_CORRECTNESS) {
    const reference = goldenCase.expect.answer;
    return reference === null
      ? { reason: "the case states no reference answer" }
      : { parts: [...question, { name: "REFERENCE", text: reference }, answer] };
  }
  if (agentDeclined(trial, trace)) return { reason: "the agent declined, so it claimed nothing" };
  if (metric === JUDGE_FAITHFULNESS) {
    return hasEvidence(trace)
      ? { parts: [...question, { name: "EVIDENCE", text: evidenceOf(trace) }, answer] }
      : { reason: "no retrieved text or tool result to check against" };
  }
  return asked === null ? { reason: "the user asked nothing" } : { parts: [...question, answer] };
}

/** What the user said last before the final answer. */
function questionOf({ goldenCase, trace }: Pick<ScoredInput, "goldenCase" | "trace">): string | null {
  const { input } = goldenCase;
  const said = trace.transcript.findLast(({ role }) => role === "user")?.text;
  if (said !== undefined) return said;
  if (input.kind === "text") return input.text;
  return input.kind === "messages"
    ? (input.messages.findLast(({ role }) => role === "user")?.content ?? null)
    : null;
}

/** Retrieved passages and results of tool calls in the order in which the agent saw them, each once. */
function evidenceOf({ retrievals, toolCalls }: Trace): string {
  const passages = retrievals.flatMap(({ sequence, chunks }) =>
    chunks.map(({ title, text }) => ({ sequence, text: [title, text].filter(Boolean).join("\n") })),
  );
  const results = toolCalls.flatMap(({ sequence, name, arguments: args, result }) =>
    result === null ? [] : [{ sequence, text: `${name}(${JSON.stringify(args)}) returned\n${result}` }],
  );
  const texts = [...passages, ...results].sort((a, b) => a.sequence - b.sequence).map(({ text }) => text);
  return [...new Set(texts.filter((text) => text !== ""))]
    .map((text, index) => `[${index + 1}] ${text}`)
    .join("\n\n");
}

/**
 * The parts as one message. Each stands between marks that hold a hash of all of them, so that no text can contain
 * its own end mark.
 */
export function fenced(parts: readonly SubjectPart[]): string {
  const mark = contentHash(parts.map(({ name, text }) => [name, text])).slice(0, 16);
  return parts
    .map(({ name, text }) => `<<<${name} ${mark}>>>\n${text}\n<<<END ${name} ${mark}>>>`)
    .join("\n\n");
}

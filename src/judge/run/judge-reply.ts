import { z } from "zod";
import type { JudgeConfig, JudgeScale } from "../../config/judge/judge-schema.js";
import { categoriesOf, PAIR } from "../../config/judge/scale-categories.js";
import type { VerdictEntry, VerdictOrder } from "../../core/judgement.js";
import { textDeclines } from "../../metrics/generation/refusal.js";
import { jsonIn } from "../claim-reply.js";

/** The part of a verdict that a judge's words decide. */
export type Judged = Pick<VerdictEntry, "value" | "share" | "reason" | "word" | "reasoning">;

/** What a judge wrote, or what is wrong with its form. */
type ParsedVerdict = { readonly word: string; readonly reasoning: string } | { readonly problem: string };

const replySchema = z.object({
  reasoning: z.string().nullish(),
  verdict: z.union([z.string(), z.number(), z.boolean()]),
});

/** Characters of a judge's word that are kept: a verdict is a label, not an essay. */
const WORD_CHARACTERS = 200;

/** Reads `{"reasoning": ..., "verdict": ...}`, bare or in a code fence. */
export function parseVerdictReply(text: string): ParsedVerdict {
  const value = jsonIn(text);
  if (value === undefined) return { problem: "the reply is not one JSON object" };
  const parsed = replySchema.safeParse(value);
  if (!parsed.success) return { problem: 'expected "verdict" to be one of the verdicts' };
  return {
    word: String(parsed.data.verdict).trim().slice(0, WORD_CHARACTERS),
    reasoning: parsed.data.reasoning ?? "",
  };
}

/**
 * The label that a judge's word stands for: that of the same letters whatever their case, the same number on an ordinal
 * scale, else what the judge file's synonyms declare. Nothing is guessed: another word gives no value, and neither does a
 * number between two grades; one beyond the ends of the scale is out of range.
 */
export function labelOf(
  config: Pick<JudgeConfig, "scale" | "synonyms">,
  word: string,
): Pick<Judged, "value" | "reason"> {
  const { scale, synonyms } = config;
  const found = same(allowed(scale), word) ?? grade(scale, word) ?? synonym(synonyms, word);
  if (found !== null) return { value: found, reason: null };
  return { value: null, reason: isBeyond(scale, word) ? "out_of_range" : "unmapped" };
}

/** The verdict in terms of the first order. */
export function mappedBack(value: string | null, order: VerdictOrder): string | null {
  if (order === "first") return value;
  if (value === PAIR.first) return PAIR.second;
  return value === PAIR.second ? PAIR.first : value;
}

/** Verdict on a reply that never became JSON. */
export function unreadable(text: string): Judged {
  const reason = textDeclines(text) ? "refusal" : "invalid_reply";
  return { value: null, share: null, reason, word: "", reasoning: text };
}

/** Verdict of a judge whose provider kept its words back. */
export function keptBack(): Judged {
  return { value: null, share: null, reason: "refusal", word: "", reasoning: "" };
}

/** A judge that may not call it a tie is not heard when it does. */
function allowed(scale: JudgeScale): readonly string[] {
  const labels = categoriesOf(scale);
  return scale.kind === "pairwise" && !scale.tie ? labels.filter((label) => label !== PAIR.tie) : labels;
}

/** The one of the names that is the word; of several that differ in case alone, the one in the same case. */
function same(names: readonly string[], word: string): string | null {
  if (names.includes(word)) return word;
  const alike = names.filter((name) => name.toLowerCase() === word.toLowerCase());
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

function synonym(synonyms: JudgeConfig["synonyms"], word: string): string | null {
  const key = same(Object.keys(synonyms), word);
  return key === null ? null : (synonyms[key] ?? null);
}

function numberIn(word: string): number | null {
  return /^[+-]?\d+(?:\.\d+)?$/.test(word) ? Number(word) : null;
}

function grade(scale: JudgeScale, word: string): string | null {
  const given = numberIn(word);
  if (scale.kind !== "ordinal" || given === null) return null;
  return scale.levels.some(({ value }) => value === given) ? String(given) : null;
}

function isBeyond(scale: JudgeScale, word: string): boolean {
  const given = numberIn(word);
  if (scale.kind !== "ordinal" || given === null) return false;
  const grades = scale.levels.map(({ value }) => value);
  return given < Math.min(...grades) || given > Math.max(...grades);
}

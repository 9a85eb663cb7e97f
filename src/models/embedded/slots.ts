import type { Json } from "../../core/hash.js";
import { type IdToken, idTokens, shapesOf } from "./id-tokens.js";
import { stem } from "./stem.js";
import { synonyms } from "./synonyms.js";
import type { Slot } from "./tool-profile.js";
import { contentStems, words } from "./words.js";

/** Where a value may come from. */
export interface SlotSources {
  /** What the user said for this task, newest first. */
  readonly texts: readonly string[];
  /** The assistant's question that the newest text answers, or `null`. */
  readonly asked: string | null;
  /** Text of the operator (system prompt): the last resort for identifiers. */
  readonly systemText: string;
}

const AMOUNT =
  /(?:[$€£]|\busd|\beur)\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:[$€£]|(?:usd|us dollars?|eur|dollars?|euros?|bucks)\b)/i;
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;
const ISO_DATE = /\b\d{4}-\d{2}-\d{2}\b/;
const NUMBER = /(?<![\p{L}\p{N}#$€£.,_-])\d+(?:\.\d+)?(?![\p{L}\p{N}_%-]|[.,]\d)/u;
const REASON =
  /\b(?:because|since|due to|reason(?: is| being)?:?|as (?=(?:it|i|the|they|we)\b))\s*([^.!?\n]{3,200})/i;
const QUERY = /\b(?:search|find|look(?: up)?|query)\b[^.!?\n]{0,40}?\b(?:for|about|on)\s+([^.!?\n]{2,200})/i;
const PROPER_NAME = String.raw`(\p{Lu}[\p{L}\p{N}.'’-]*(?:\s+\p{Lu}[\p{L}\p{N}'’-]*){0,3})`;
/** Words in front of a place or person that fills a parameter of this kind of name. */
const PREPOSITIONS: readonly (readonly [name: RegExp, before: string])[] = [
  [/\b(?:origin|from|source|departure|start)\b/, "from"],
  [/\b(?:destination|to|target|arrival)\b/, "to|into"],
  [/\b(?:city|location|place|country|region|state|town|airport)\b/, "in|at|near|for"],
];
const QUOTED = /["“']([^"”'\n]{1,200})["”']/;

/**
 * Reads the values of a slot from the conversation; empty when the words do not give it. More than one
 * value only for identifiers that the user lists.
 */
export function slotValues(slot: Slot, sources: SlotSources): readonly Json[] {
  for (const [index, text] of sources.texts.entries()) {
    const found = valuesIn(
      slot,
      text,
      index === 0 && sources.asked !== null && wasAsked(slot, sources.asked),
    );
    if (found.length > 0) return found;
  }
  if (slot.kind === "id") return strictIds(slot, idTokens(sources.systemText)).slice(0, 1);
  // "other" is true of a reason that the user did not give, and the list offers it for that.
  return slot.kind === "choice" && slot.isRequired ? slot.choices.filter((choice) => choice === "other") : [];
}

/** Whether a text by itself gives every required value, so that a tool can run on a mere question. */
export function fillsAll(slots: readonly Slot[], text: string): boolean {
  const required = slots.filter(({ isRequired }) => isRequired);
  const isSpecific = required.every(({ kind }) => kind !== "query" && kind !== "reason");
  return (
    required.length > 0 && isSpecific && required.every((slot) => valuesIn(slot, text, false).length > 0)
  );
}

/** Whether a text holds an identifier that fits the slot by pattern or by the form of its examples. */
export function fitsId(slot: Slot, text: string): boolean {
  return idsIn(slot, text).length > 0;
}

/** Identifiers of a text that fit the slot by pattern or by the form of its examples. */
export function idsIn(slot: Slot, text: string): readonly string[] {
  return slot.kind === "id" ? strictIds(slot, idTokens(text)) : [];
}

function wasAsked(slot: Slot, asked: string): boolean {
  return (
    /\bI need\b|\bwhat\b|\bwhich\b|\bcould you\b|\bplease\b/i.test(asked) &&
    asked.toLowerCase().includes(slot.label.toLowerCase())
  );
}

function valuesIn(slot: Slot, text: string, isAnswer: boolean): readonly Json[] {
  switch (slot.kind) {
    case "id":
      return ids(slot, text, isAnswer);
    case "amount":
      return one(amount(text) ?? (isAnswer ? number(text) : null));
    case "number":
      return one(numberFor(slot, text, isAnswer));
    case "choice":
      return one(choice(slot, text));
    case "email":
      return one(EMAIL.exec(text)?.[0] ?? null);
    case "date":
      return one(ISO_DATE.exec(text)?.[0] ?? null);
    case "query":
      return slot.isRequired ? one(QUERY.exec(text)?.[1]?.trim() ?? (text.trim() || null)) : [];
    case "reason":
      return one(
        REASON.exec(text)?.[1]?.trim() ?? QUOTED.exec(text)?.[1] ?? (isAnswer ? text.trim() || null : null),
      );
    case "text":
      return slot.isRequired || isAnswer
        ? one(freeText(slot, text) ?? (isAnswer ? text.trim() || null : null))
        : [];
    case "boolean":
    case "other":
      return [];
  }
}

function one(value: Json): readonly Json[] {
  return value === null ? [] : [value];
}

/** Identifiers that fit for sure; else, for a required slot, the one next to the slot's noun, or the only one. */
function ids(slot: Slot, text: string, isAnswer: boolean): readonly string[] {
  const tokens = idTokens(text);
  const strict = strictIds(slot, tokens);
  if (strict.length > 0 || !slot.isRequired || slot.pattern !== null) return strict;
  if (slot.shapes.length > 0 && !isAnswer) return [];
  const likely = tokens.filter(({ text: token }) => /[\p{L}#_-]/u.test(token) || token.length >= 3);
  const near = likely.filter(({ index }) =>
    slot.nouns.some((noun) => endsInNoun(text.slice(Math.max(0, index - 30), index), noun)),
  );
  if (near.length > 0) return near.map(({ text: token }) => token);
  return likely.length === 1 && (isAnswer || slot.nouns.length === 0 || mentions(text, slot.nouns))
    ? likely.map(({ text: token }) => token)
    : [];
}

function strictIds(slot: Slot, tokens: readonly IdToken[]): string[] {
  const found = new Set<string>();
  for (const { text } of tokens) {
    const fitting = [text, text.toUpperCase(), text.replace(/^#/, ""), `#${text}`].find((form) =>
      slot.pattern === null
        ? shapesOf(form).some((shape) => slot.shapes.includes(shape))
        : slot.pattern.test(form),
    );
    if (fitting !== undefined) found.add(fitting);
  }
  return [...found];
}

function endsInNoun(before: string, noun: string): boolean {
  return words(before)
    .slice(-3)
    .some((word) => stem(word) === noun);
}

function mentions(text: string, nouns: readonly string[]): boolean {
  const stems = new Set(words(text).map(stem));
  return nouns.some((noun) => stems.has(noun) || synonyms(noun).some((other) => stems.has(other)));
}

function amount(text: string): number | null {
  const match = AMOUNT.exec(text);
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? null : Number(digits.replaceAll(",", ""));
}

function number(text: string): number | null {
  const digits = NUMBER.exec(text)?.[0];
  return digits === undefined ? null : Number(digits);
}

function numberFor(slot: Slot, text: string, isAnswer: boolean): number | null {
  const value = slot.isRequired || isAnswer || mentions(text, slot.nouns) ? number(text) : null;
  return value !== null && slot.isInteger && !Number.isInteger(value) ? null : value;
}

/** The listed value that shares most words with the text; a word of the value must occur. */
function choice(slot: Slot, text: string): Json {
  const stems = new Set(words(text).map(stem));
  let best: Json = null;
  let bestShare = 0;
  for (const option of slot.choices) {
    const parts = contentStems(String(option).replaceAll("_", " "));
    const hits = parts.filter((part) => stems.has(part) || synonyms(part).some((other) => stems.has(other)));
    const share = parts.length === 0 ? 0 : hits.length / parts.length;
    if (share >= 0.5 && share > bestShare) {
      best = option;
      bestShare = share;
    }
  }
  return best;
}

/** A quotation, a name after the fitting preposition, or what follows the slot's own noun ("address is …"). */
function freeText(slot: Slot, text: string): string | null {
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const prepositions = PREPOSITIONS.find(([name]) => name.test(slot.label))?.[1];
  if (prepositions !== undefined) {
    return new RegExp(String.raw`\b(?:${prepositions})\s+${PROPER_NAME}`, "u").exec(text)?.[1] ?? null;
  }
  for (const noun of slot.label.split(" ")) {
    const named = new RegExp(
      String.raw`\b${noun}\b(?:[^.!?\n]{0,40}?\bto\b| is|:| =)\s*([^\n!?]{2,200}?)(?:[.!?]?\s*$|\.\s|,? (?:please|thanks)\b)`,
      "iu",
    ).exec(text);
    if (named?.[1] !== undefined) return named[1].trim();
  }
  const goal = /\bto ((?:\d|\p{Lu})[^\n!?]{2,200}?)(?:[.!?]?\s*$|\.\s|,? (?:please|thanks)\b)/u.exec(text);
  return goal?.[1]?.trim() ?? null;
}

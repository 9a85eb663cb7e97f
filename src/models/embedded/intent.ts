import { splitProse } from "./sentences.js";
import { fillsAll, fitsId } from "./slots.js";
import { stem } from "./stem.js";
import { actionSynonyms, synonyms } from "./synonyms.js";
import type { ToolProfile } from "./tool-profile.js";
import { contentStems, words } from "./words.js";

const FILLER =
  /^\s*(?:(?:please|pls|kindly|hi|hello|hey|there|ok|okay|so|and|also|now|then|well|yes|thanks|actually|just|good (?:morning|afternoon|evening))\b[,.! ]*)+/i;
const LEAD_IN =
  /^\s*(?:(?:can|could|would|will) you(?: please| kindly| also)?|i(?:['’]d| would) (?:also )?(?:like|love) (?:you )?(?:to)?|i (?:also )?(?:want|need|wish)(?: you)?(?: to)?|i(?:['’]m| am) (?:trying|looking|going|hoping) (?:to|for)|help me(?: to)?|let(?:['’]s| us)|go ahead and|is it possible (?:for you )?to|i have to|you (?:should|must|need to|have to))\b\s*/i;
const QUESTION =
  /^\s*(?:what|which|when|where|who|whom|whose|why|how|can i|could i|may i|should i|must i|do|does|did|is|are|am|was|were|has|have|will|would|if|in which)\b/i;
const OWN_STATE =
  /^\s*(?:where(?:['’]s| is| are)\b.{0,30}\bmy\b|what(?:['’]s| is| are) (?:the )?(?:current )?(?:status|state|total|details|contents?) of my\b|(?:has|have|is|are|was|did) (?:any of )?my\b.{0,40}\b(?:shipped|delivered|arrived|yet|cancelled|canceled|sent|left|ready)\b|(?:what|which)\b.{0,30}\b(?:do i have|have i|did i|are mine)\b|what are my\b|(?:has|have)\b.{0,30}\bmy\b.{0,30}\b(?:shipped|arrived|left|sent)\b)/i;
const NEGATED = /\b(?:don['’]?t|do not|never|without|not to|rather than|instead of)\s+(?:\w+\s+){0,2}$/i;

/** How a sentence of the user asks for something. */
type Form = "request" | "question" | "statement";

/** A tool that a message asks for, and the sentence that does so. */
export interface ToolMatch {
  readonly tool: ToolProfile;
  readonly sentence: string;
  readonly score: number;
}

/**
 * The tool that a message of the user asks for, or `null` when it asks a question for the documents.
 *
 * A request ("cancel …", "could you …", "I want a refund …") can choose any tool whose verb it contains. A
 * question chooses only tools that read, and only with an identifier that fits one of their parameters or
 * when it asks for the state of something of the user's own ("where is my order?").
 */
export function chooseTool(text: string, tools: readonly ToolProfile[]): ToolMatch | null {
  return rankTools(text, tools)[0] ?? null;
}

/** Every tool that a message may ask for, with its best sentence, the likeliest first. */
export function rankTools(text: string, tools: readonly ToolProfile[]): readonly ToolMatch[] {
  const best = new Map<ToolProfile, ToolMatch>();
  const whole = new Set(contentStems(text));
  for (const sentence of requestSentences(text)) {
    const form = formOf(sentence);
    for (const tool of tools) {
      if (!isEligible(tool, sentence, form, text)) continue;
      const score = lexicalScore(tool, sentence, text, whole);
      const known = best.get(tool);
      if (known !== undefined && score <= known.score) continue;
      // Put in anew: of equal scores the one that was reached first stays first.
      best.delete(tool);
      best.set(tool, { tool, sentence, score });
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

const IDIOMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:money|cash|(?:[$€£]\s?)?\d[\d.,]*\s?(?:dollars|usd|eur|euros)?)\s+back\b/gi, "$& refund"],
  [/\bcall(?:ing)? (?:it |the order )?off\b/gi, "$& cancel"],
];

/** Sentences with idioms spelt out; one without a word of its own ("what is it?") joins the one before. */
function requestSentences(text: string): string[] {
  const spelt = IDIOMS.reduce((so, [idiom, verb]) => so.replace(idiom, verb), text.replace(/\s+/g, " "));
  const joined: string[] = [];
  for (const sentence of splitProse(spelt)) {
    const previous = joined.at(-1);
    const isBare = sentence.endsWith("?") && contentStems(sentence).length === 0;
    if (isBare && previous !== undefined) joined[joined.length - 1] = `${previous} ${sentence}`;
    else joined.push(sentence);
  }
  return joined;
}

/** Whether a sentence is a question that only the documents can answer. */
export function isOpenQuestion(sentence: string, tools: readonly ToolProfile[]): boolean {
  return formOf(sentence) === "question" && chooseTool(sentence, tools) === null;
}

function formOf(sentence: string): Form {
  const bare = sentence.replace(FILLER, "");
  if (LEAD_IN.test(bare)) {
    const rest = bare.replace(LEAD_IN, "");
    return /^(?:know|tell me|explain|understand|say|ask|find out|help)\b/i.test(rest) || QUESTION.test(rest)
      ? "question"
      : "request";
  }
  if (QUESTION.test(bare) || bare.trimEnd().endsWith("?")) return "question";
  return "statement";
}

function isEligible(tool: ToolProfile, sentence: string, form: Form, text: string): boolean {
  if (
    tool.slots.some(
      (slot) =>
        slot.isRequired && (slot.kind === "other" || (slot.kind === "boolean" && !slot.isConfirmation)),
    )
  ) {
    return false;
  }
  const hasId = tool.slots.some((slot) => slot.isRequired && fitsId(slot, sentence));
  if (form === "question") {
    if (!tool.isReadOnly) return false;
    const nouns = nounScore(tool, new Set(contentStems(sentence)));
    if (hasId || (OWN_STATE.test(sentence.replace(FILLER, "")) && nouns > 0)) return true;
    return nouns > 0 && nouns >= tool.nounStems.length && fillsAll(tool.slots, sentence);
  }
  const at = verbPosition(tool, sentence);
  if (at === null) return false;
  if (NEGATED.test(sentence.slice(0, at))) return false;
  if (form === "request") return true;
  const bare = sentence.replace(FILLER, "");
  const opensWithVerb = verbPosition(tool, words(bare)[0] ?? "") !== null;
  return opensWithVerb || hasId || (fitsSomeId(tool, text) && /\bplease\b/i.test(sentence));
}

function fitsSomeId(tool: ToolProfile, text: string): boolean {
  return tool.slots.some((slot) => slot.isRequired && fitsId(slot, text));
}

/** Index of the first word that names what the tool does, or `null`. */
function verbPosition(tool: ToolProfile, sentence: string): number | null {
  for (const match of sentence.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (isSame(stem(match[0]), tool.verbStem) > 0) return match.index;
  }
  return null;
}

function isSame(key: string, other: string): number {
  if (key === other) return 1;
  return actionSynonyms(other).includes(key) ? 0.6 : 0;
}

function nounScore(tool: ToolProfile, stems: ReadonlySet<string>): number {
  let score = 0;
  for (const noun of tool.nounStems) {
    if (stems.has(noun)) score += 1;
    else if (synonyms(noun).some((other) => stems.has(other))) score += 0.5;
  }
  return score;
}

function lexicalScore(tool: ToolProfile, sentence: string, text: string, whole: ReadonlySet<string>): number {
  const stems = new Set(words(sentence).map(stem));
  let verb = 0;
  for (const key of stems) verb = Math.max(verb, isSame(key, tool.verbStem));
  let description = 0;
  for (const key of whole) if (tool.descriptionStems.has(key)) description += 1;
  const amounts =
    tool.slots.some((slot) => slot.kind === "amount" && slot.isRequired) &&
    /[$€£]\s?\d|\d\s?(?:usd|dollars?|eur)/i.test(text);
  const idFits = fitsSomeId(tool, text);
  return 3 * verb + nounScore(tool, stems) + 0.3 * description + (idFits ? 2 : 0) + (amounts ? 1 : 0);
}

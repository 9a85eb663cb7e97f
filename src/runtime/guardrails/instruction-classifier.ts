import { combined, type Verdict, weightsOf } from "./injection-classifier.js";
import { INSTRUCTION_SIGNALS, TASK_SIGNALS } from "./instruction-signals.js";
import type { Segment } from "./segments.js";
import { TAKEOVER_SIGNALS } from "./signals.js";
import { hidesText, textViews, visibleText } from "./text-views.js";

/** Name and version of the classifier of sentences in documents and tool results. */
export const INSTRUCTION_CLASSIFIER = "heuristic:embedded-instructions@2";

/** Weight of a request that shares no content word with the rest of its document. */
const FOREIGN = 0.4;
/** Content words that the rest must have, or nothing can be foreign to it. */
const LEAST_WORDS = 12;
/** Share of requests among the sentences from which on a document is a procedure: requests are its subject. */
const PROCEDURE = 0.4;
const LEAST_SENTENCES = 4;
/** Questions from which on a document is a list of questions and answers. */
const QUESTION_LIST = 3;
const ENCODED = 0.4;
const FOLLOWS = "follows-takeover";
const FOLLOWING = 0.62;
const TAKEOVER_NAMES: ReadonlySet<string> = new Set([
  "addresses-agent",
  ...TAKEOVER_SIGNALS.map(({ name }) => name),
]);
const DECODED_FLOOR = 0.5;
/** Longest sentence that is read; nobody hides an order in the middle of a longer one without a break. */
const MAX_SENTENCE = 2_000;

/**
 * How much each sentence of a document reads like an order to the agent. Code is never judged by itself: a block
 * has the score of the sentence before it.
 */
export function classifySentences(segments: readonly Segment[]): readonly Verdict[] {
  const first = segments.map((segment) => (segment.isCode ? NOTHING : weigh(segment.text)));
  const requests = first.filter((weights) => weights.size > 0).length;
  const sentences = segments.filter(({ isCode, text }) => !isCode && text.trim() !== "").length;
  const isProcedure = sentences >= LEAST_SENTENCES && requests / sentences >= PROCEDURE;
  const isList = first.filter((weights) => weights.has("question")).length >= QUESTION_LIST;
  const verdicts: Verdict[] = [];
  for (const [index, segment] of segments.entries()) {
    const before = verdicts[index - 1];
    if (segment.isCode && before !== undefined) {
      verdicts.push(before);
      continue;
    }
    const weights = new Map(first[index]);
    const mayBeForeign = asksForTask(weights) && !isProcedure && !(isList && weights.has("question"));
    if (mayBeForeign && isForeign(index, segments)) weights.set("foreign", FOREIGN);
    if (isAfterTakeover(index, segments, verdicts)) weights.set(FOLLOWS, FOLLOWING);
    verdicts.push({ score: combined(weights), signals: [...weights.keys()] });
  }
  return verdicts;
}

/** Headings, list items and table rows of a document put tasks and questions to people. */
const STRUCTURE = /^\s*(?:#{1,6}\s|[-*•|]|\d+[.)]\s)/;

const NOTHING: ReadonlyMap<string, number> = new Map();

function weigh(sentence: string): ReadonlyMap<string, number> {
  const text = sentence.slice(0, MAX_SENTENCE);
  if (!/\p{L}{2}/u.test(text)) return NOTHING;
  const visible = visibleText(text);
  const weights = new Map([
    ...weightsOf(visible, TAKEOVER_SIGNALS),
    ...weightsOf(visible, INSTRUCTION_SIGNALS),
  ]);
  if (STRUCTURE.test(visible)) for (const name of TASK_SIGNALS) weights.delete(name);
  if (hidesText(text)) weights.set("hidden-characters", 0.35);
  if (weights.size > 0 || !/[A-Za-z0-9+/]{24}|\\u00|%[0-9a-f]{2}%|&#/i.test(text)) return weights;
  for (const view of textViews(text)) {
    if (view.encoding === "plain") continue;
    const found = new Map([
      ...weightsOf(view.text, TAKEOVER_SIGNALS),
      ...weightsOf(view.text, INSTRUCTION_SIGNALS),
    ]);
    if (combined(found) < DECODED_FLOOR) continue;
    for (const [name, weight] of found) weights.set(name, weight);
    weights.set(`encoded-${view.encoding}`, ENCODED);
  }
  return weights;
}

/** What stands on the same line behind a takeover is the attacker's as well. */
function isAfterTakeover(index: number, segments: readonly Segment[], verdicts: readonly Verdict[]): boolean {
  const before = verdicts[index - 1];
  const gap = segments[index - 1]?.gap ?? "";
  if (before === undefined || gap === "" || gap.includes("\n")) return false;
  return (
    before.signals.includes(FOLLOWS) ||
    (before.score >= FOLLOWING && before.signals.some((name) => TAKEOVER_NAMES.has(name)))
  );
}

function asksForTask(weights: ReadonlyMap<string, number>): boolean {
  return [...weights.keys()].some((name) => TASK_SIGNALS.has(name));
}

function isForeign(index: number, segments: readonly Segment[]): boolean {
  const rest = new Set<string>();
  for (const [other, segment] of segments.entries()) {
    if (other !== index) for (const word of contentWords(segment.text)) rest.add(word);
  }
  if (rest.size < LEAST_WORDS) return false;
  return ![...contentWords(segments[index]?.text ?? "")].some((word) => rest.has(word));
}

const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  "about above after again against also because been before being below between both could does doing down during each from further have having here into itself just more most only other over same should some such than that their them then there these they this those through under until very were what when where which while whom will with would your yours please".split(
    " ",
  ),
);

/** Words of at least four letters, without endings of plural and tense, and without function words. */
function contentWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}{4,}/gu)) {
    if (!FUNCTION_WORDS.has(word)) words.add(word.replace(/(?:ing|ed|es|s)$/, ""));
  }
  return words;
}

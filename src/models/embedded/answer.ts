import { DONT_KNOW } from "./phrases.js";
import type { ContextPassage } from "./read-context.js";
import { looksInjected } from "./safety.js";
import { sentences } from "./sentences.js";
import { synonyms } from "./synonyms.js";
import { contentStems } from "./words.js";

/** How much of the question (idf-weighted, 0 to 1) the chosen passage must cover, or the answer is "I don't know". */
export const GROUNDING_THRESHOLD = 0.55;
/** How much of it the best sentence with its headings must cover by itself. */
const SENTENCE_THRESHOLD = 0.3;
const MAX_SENTENCES = 3;
const SYNONYM_MATCH = 0.7;
const HEADING_MATCH = 0.6;
const PASSAGE_MATCH = 0.8;

interface Candidate {
  readonly text: string;
  readonly passage: ContextPassage;
  /** Index of the passage in the prompt, best first. */
  readonly rank: number;
  readonly position: number;
  readonly stems: ReadonlySet<string>;
  readonly headingStems: ReadonlySet<string>;
  readonly passageStems: ReadonlySet<string>;
}

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
  readonly coverage: number;
}

/**
 * Answers a question with one to three sentences of the passages, word for word, each followed by the id
 * of its document in brackets; {@link DONT_KNOW} when too few of the question's words are covered.
 *
 * @param question - the user's words
 * @param background - earlier words of the user that a short follow-up rests on; counted at half weight
 */
export function extractAnswer(
  question: string,
  passages: readonly ContextPassage[],
  background = "",
): string {
  const chosen = chooseSentences(question, passages, background);
  if (chosen.length === 0) return DONT_KNOW;
  return chosen.map(({ text, passage }) => `${text} [${passage.documentId}]`).join(" ");
}

function chooseSentences(
  question: string,
  passages: readonly ContextPassage[],
  background: string,
): Candidate[] {
  const candidates = passages.flatMap(candidatesOf);
  const weights = questionWeights(question, background, candidates);
  const total = sum(weights.values());
  if (candidates.length === 0 || total === 0) return [];
  const wanted = answerType(question);
  const newest =
    passages
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? "";
  const scored = candidates
    .map((candidate) => score(candidate, weights, total, wanted, newest))
    .sort((a, b) => b.score - a.score || order(a.candidate, b.candidate));
  const best = scored[0];
  if (best === undefined || best.coverage < SENTENCE_THRESHOLD) return [];
  if (grounding(best.candidate, weights, total) < GROUNDING_THRESHOLD) return [];
  return [best.candidate, ...support(best, scored, weights)].sort(order);
}

function candidatesOf(passage: ContextPassage, rank: number): Candidate[] {
  const headingStems = new Set(contentStems(`${passage.title} ${passage.section}`));
  const texts = sentences(passage.text);
  const stemsOf = texts.map((text) => new Set(contentStems(text)));
  const passageStems = new Set(stemsOf.flatMap((stems) => [...stems]));
  return texts.flatMap((text, position) => {
    const quotable =
      /[\p{L}\p{N}]/u.test(text) && !/\[[\p{L}\p{N}._-]+\]/u.test(text) && !looksInjected(text);
    const stems = stemsOf[position] ?? new Set<string>();
    return quotable ? [{ text, passage, rank, position, stems, headingStems, passageStems }] : [];
  });
}

/** Weight of each content stem of the question: rarer in the prompt's sentences is heavier. */
function questionWeights(
  question: string,
  background: string,
  candidates: readonly Candidate[],
): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (text: string, share: number) => {
    for (const key of contentStems(text)) {
      if (weights.has(key)) continue;
      const holders = candidates.filter(({ stems }) => stems.has(key)).length;
      weights.set(key, share * Math.log(1 + (candidates.length - holders + 0.5) / (holders + 0.5)));
    }
  };
  add(question, 1);
  add(background, 0.5);
  return weights;
}

function matched(key: string, stems: ReadonlySet<string>): number {
  if (stems.has(key)) return 1;
  return synonyms(key).some((other) => stems.has(other)) ? SYNONYM_MATCH : 0;
}

function score(
  candidate: Candidate,
  weights: ReadonlyMap<string, number>,
  total: number,
  wanted: RegExp | null,
  newest: string,
): Scored {
  let own = 0;
  let withHeadings = 0;
  for (const [key, weight] of weights) {
    const inSentence = matched(key, candidate.stems);
    own += weight * inSentence;
    withHeadings += weight * Math.max(inSentence, HEADING_MATCH * matched(key, candidate.headingStems));
  }
  const length = candidate.stems.size;
  const prior =
    0.12 / (1 + candidate.rank) +
    (wanted?.test(candidate.text) ? 0.12 : 0) +
    (candidate.passage.updated === newest ? 0.02 : 0) -
    (candidate.passage.isCurrent ? 0 : 0.3) -
    (length > 40 ? 0.1 : 0) -
    (length < 3 || candidate.text.endsWith("?") ? 0.15 : 0);
  return {
    candidate,
    score: (0.5 * own + 0.5 * withHeadings) / total + prior,
    coverage: withHeadings / total,
  };
}

/** Share of the question that the best sentence, its headings or its passage speak of. */
function grounding(candidate: Candidate, weights: ReadonlyMap<string, number>, total: number): number {
  let covered = 0;
  for (const [key, weight] of weights) {
    const around = Math.max(matched(key, candidate.passageStems), matched(key, candidate.headingStems));
    covered += weight * Math.max(matched(key, candidate.stems), PASSAGE_MATCH * around);
  }
  return covered / total;
}

/** More sentences: those that cover words still open, then neighbours of the best one. */
function support(best: Scored, scored: readonly Scored[], weights: ReadonlyMap<string, number>): Candidate[] {
  const chosen = [best.candidate];
  const open = new Map([...weights].filter(([key]) => matched(key, best.candidate.stems) === 0));
  for (const { candidate, score: value } of scored.slice(1)) {
    if (chosen.length === MAX_SENTENCES || value < 0.55 * best.score) break;
    if (!candidate.passage.isCurrent || chosen.some(({ text }) => text === candidate.text)) continue;
    const news = [...open.keys()].filter((key) => matched(key, candidate.stems) > 0);
    const isNeighbour =
      candidate.rank === best.candidate.rank && Math.abs(candidate.position - best.candidate.position) <= 2;
    if (news.length === 0 && !isNeighbour) continue;
    for (const key of news) open.delete(key);
    chosen.push(candidate);
  }
  if (chosen.length === 1 || best.candidate.text.endsWith(":")) {
    for (const { candidate } of scored) {
      const follows =
        candidate.rank === best.candidate.rank &&
        candidate.position > best.candidate.position &&
        candidate.position - best.candidate.position <= (best.candidate.text.endsWith(":") ? 2 : 1);
      if (follows && chosen.length < MAX_SENTENCES && !chosen.includes(candidate)) chosen.push(candidate);
    }
  }
  return chosen.slice(1);
}

/** What kind of fact a question wants; a sentence with one of that kind is more likely the answer. */
function answerType(question: string): RegExp | null {
  if (
    /\bhow (?:long|soon|quickly|fast|often|many (?:days|hours|weeks|months|minutes))\b|\bwhen\b|\bdeadline\b/i.test(
      question,
    )
  ) {
    return /\b(?:\d+|one|two|three|four|five|six|seven|ten|twelve|same)[\s-]+(?:business |working |calendar )?(?:minutes?|hours?|days?|weeks?|months?|years?)\b|\bdaily|\bweekly|\bmonthly|\bannually/i;
  }
  if (/\bhow much\b|\b(?:cost|price|fee|charge)s?\b/i.test(question))
    return /[$€£]\s?\d|\d\s?(?:%|percent|usd|eur|dollars?)|\bfree\b/i;
  if (/\bhow many\b|\b(?:limit|maximum|minimum)\b/i.test(question))
    return /\d|\b(?:one|two|three|four|five|six|ten)\b/i;
  if (/^\s*who\b|\bwho(?:m| should| can| do)\b/i.test(question))
    return /\b(?:team|manager|lead|desk|officer|supervisor|agent|engineer)s?\b/i;
  return null;
}

function order(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || a.position - b.position;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

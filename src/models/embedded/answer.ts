import { answerType } from "./answer-type.js";
import { type Candidate, candidateSentences } from "./candidates.js";
import { DONT_KNOW, PARTLY_KNOWN } from "./phrases.js";
import { parseQuestion } from "./question.js";
import type { ContextPassage } from "./read-context.js";
import { synonyms } from "./synonyms.js";
import { contentStems } from "./words.js";

/** How much of a question (idf-weighted, 0 to 1) the chosen passage must cover, or it counts as not answered. */
const GROUNDING_THRESHOLD = 0.55;
/** How much of it the best sentence with its headings must cover by itself. */
const SENTENCE_THRESHOLD = 0.3;
const MAX_SENTENCES = 3;
const MAX_SENTENCES_PER_CLAUSE = 2;
const BACKGROUND_SHARE = 0.4;
const SYNONYM_MATCH = 0.7;
const HEADING_MATCH = 0.6;
const PASSAGE_MATCH = 0.8;
const FACT_TYPE_BONUS = 0.2;
/** A sentence of another document that matches nearly as well as the best one is a second reading of the question. */
const RIVAL_COVERAGE = 0.9;
const SUPPORT_SCORE = 0.6;

/** Weight of each stem of the question; `own` stems are asked for, the others stand in the story around it. */
type Weights = ReadonlyMap<string, { readonly weight: number; readonly isOwn: boolean }>;

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
  readonly coverage: number;
  readonly hasFactType: boolean;
}

/**
 * Answers a message with sentences of the passages, word for word, each followed by the id of its document
 * in brackets: up to three for one question, up to two for each of several. A question whose words the
 * passages do not cover is not answered; {@link DONT_KNOW} when that is so of all.
 *
 * @param background - earlier words of the user that a short follow-up rests on
 */
export function extractAnswer(message: string, passages: readonly ContextPassage[], background = ""): string {
  const candidates = candidateSentences(passages);
  if (candidates.length === 0) return DONT_KNOW;
  const { clauses, background: story } = parseQuestion(message);
  const limit = clauses.length === 1 ? MAX_SENTENCES : MAX_SENTENCES_PER_CLAUSE;
  const answers = clauses.map((clause) => {
    const others = clauses.filter((other) => other !== clause).join(" ");
    return chooseSentences(clause, candidates, `${story} ${others} ${background}`, limit);
  });
  const chosen = new Map(answers.flat().map((candidate) => [candidate.text, candidate]));
  if (chosen.size === 0) return DONT_KNOW;
  const quotes = [...chosen.values()].map(({ text, passage }) => `${text} [${passage.documentId}]`).join(" ");
  // On a line of its own, so that it cannot be read as a part of the sentence before it.
  return answers.some((answer) => answer.length === 0) ? `${quotes}\n${PARTLY_KNOWN}` : quotes;
}

function chooseSentences(
  clause: string,
  candidates: readonly Candidate[],
  background: string,
  limit: number,
): Candidate[] {
  const weights = questionWeights(clause, background, candidates);
  const wanted = answerType(clause);
  const scored = candidates
    .map((candidate) => score(candidate, weights, wanted))
    .sort((a, b) => b.score - a.score || readingOrder(a.candidate, b.candidate));
  const best = scored[0];
  if (best === undefined || best.coverage < SENTENCE_THRESHOLD) return [];
  if (grounding(best.candidate, weights) < GROUNDING_THRESHOLD) return [];
  return [best.candidate, ...support(best, scored, weights, limit - 1)].sort(readingOrder);
}

function questionWeights(clause: string, background: string, candidates: readonly Candidate[]): Weights {
  const weights = new Map<string, { weight: number; isOwn: boolean }>();
  const add = (text: string, share: number, isOwn: boolean) => {
    for (const key of contentStems(text)) {
      if (weights.has(key)) continue;
      let holders = 0;
      for (const { stems } of candidates) if (stems.has(key)) holders += 1;
      const idf = Math.log(1 + (candidates.length - holders + 0.5) / (holders + 0.5));
      weights.set(key, { weight: share * idf, isOwn });
    }
  };
  add(clause, 1, true);
  // A question of one word ("which one?", "and abroad?") means nothing without the story.
  add(background, BACKGROUND_SHARE, weights.size < 2);
  return weights;
}

/** How well a stem is met by a set of stems: 1 itself, less by a synonym, 0 not at all. */
function matched(key: string, stems: ReadonlySet<string>): number {
  if (stems.has(key)) return 1;
  for (const other of synonyms(key)) if (stems.has(other)) return SYNONYM_MATCH;
  return 0;
}

function score(candidate: Candidate, weights: Weights, wanted: RegExp | null): Scored {
  let total = 0;
  let own = 0;
  let withHeadings = 0;
  let askedTotal = 0;
  let askedCovered = 0;
  for (const [key, { weight, isOwn }] of weights) {
    const inSentence = weight * matched(key, candidate.stems);
    const here = Math.max(inSentence, weight * HEADING_MATCH * matched(key, candidate.headingStems));
    total += weight;
    own += inSentence;
    withHeadings += here;
    if (isOwn) {
      askedTotal += weight;
      askedCovered += here;
    }
  }
  const hasFactType = wanted?.test(candidate.text) === true;
  const words = candidate.stems.size;
  const prior =
    0.12 / (1 + candidate.rank) +
    (hasFactType ? FACT_TYPE_BONUS : 0) -
    (candidate.passage.isCurrent ? 0 : 0.3) -
    (words > 40 ? 0.1 : 0) -
    (words < 3 || candidate.text.endsWith("?") ? 0.15 : 0);
  const relevance = total === 0 ? 0 : (0.5 * own + 0.5 * withHeadings) / total;
  return {
    candidate,
    score: relevance + prior,
    coverage: askedTotal === 0 ? 0 : askedCovered / askedTotal,
    hasFactType,
  };
}

/** Share of what is asked that the sentence, its headings or its passage speak of. */
function grounding(candidate: Candidate, weights: Weights): number {
  let total = 0;
  let covered = 0;
  for (const [key, { weight, isOwn }] of weights) {
    if (!isOwn) continue;
    const around = Math.max(matched(key, candidate.passageStems), matched(key, candidate.headingStems));
    total += weight;
    covered += weight * Math.max(matched(key, candidate.stems), PASSAGE_MATCH * around);
  }
  return total === 0 ? 0 : covered / total;
}

/** More sentences: other readings of the question, then what covers words still open, then neighbours. */
function support(best: Scored, scored: readonly Scored[], weights: Weights, limit: number): Candidate[] {
  const chosen: Candidate[] = [];
  const add = (candidate: Candidate) => {
    const isNew =
      candidate.text !== best.candidate.text && !chosen.some(({ text }) => text === candidate.text);
    if (isNew && chosen.length < limit) chosen.push(candidate);
  };
  const useful = scored
    .slice(1)
    .filter(({ candidate }) => candidate.passage.isCurrent && candidate.stems.size >= 2);
  for (const rival of rivals(best, useful)) add(rival.candidate);
  // A sentence that holds the wanted fact and every word of the question needs no company.
  const isComplete = [...weights].every(
    ([key, { isOwn }]) => !isOwn || matched(key, best.candidate.stems) > 0,
  );
  if (best.hasFactType && isComplete) return chosen;
  const open = new Set([...weights.keys()].filter((key) => matched(key, best.candidate.stems) === 0));
  for (const { candidate, score: value } of useful) {
    if (value < SUPPORT_SCORE * best.score || candidate.text.endsWith(":")) continue;
    const news = [...open].filter((key) => matched(key, candidate.stems) > 0);
    if (news.length === 0 && distance(candidate, best.candidate) > 2) continue;
    for (const key of news) open.delete(key);
    add(candidate);
  }
  const reach = best.candidate.text.endsWith(":") ? limit : 1;
  const following = useful
    .map(({ candidate }) => candidate)
    .filter(
      (candidate) =>
        candidate.position > best.candidate.position && distance(candidate, best.candidate) <= reach,
    )
    .sort(readingOrder);
  if (chosen.length === 0 || reach > 1)
    for (const candidate of following) if (!candidate.text.endsWith(":")) add(candidate);
  return chosen;
}

/** The best sentence of each other document that meets the question as well as the best one. */
function rivals(best: Scored, scored: readonly Scored[]): Scored[] {
  const seen = new Set([best.candidate.passage.documentId]);
  return scored.filter(({ candidate, coverage, hasFactType }) => {
    if (coverage < RIVAL_COVERAGE * best.coverage || hasFactType !== best.hasFactType) return false;
    if (seen.has(candidate.passage.documentId)) return false;
    seen.add(candidate.passage.documentId);
    return true;
  });
}

/** Sentences between two of the same passage; infinite for two passages. */
function distance(a: Candidate, b: Candidate): number {
  return a.rank === b.rank ? Math.abs(a.position - b.position) : Number.POSITIVE_INFINITY;
}

function readingOrder(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || a.position - b.position;
}

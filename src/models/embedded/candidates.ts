import type { ContextPassage } from "./read-context.js";
import { looksInjected } from "./safety.js";
import { sentenceBlocks } from "./sentences.js";
import { contentStems } from "./words.js";

/** A sentence of a passage that may be quoted. */
export interface Candidate {
  readonly text: string;
  readonly passage: ContextPassage;
  /** Index of the passage in the prompt, best first. */
  readonly rank: number;
  /** Index of the sentence in its passage. */
  readonly position: number;
  readonly stems: ReadonlySet<string>;
  readonly headingStems: ReadonlySet<string>;
  readonly passageStems: ReadonlySet<string>;
}

type PreparedSentence = Omit<Candidate, "passage" | "rank">;

// The same passages come back in prompt after prompt; what is remembered depends on the key alone.
const prepared = new Map<string, readonly PreparedSentence[]>();
const MAX_PREPARED = 1_000;

/**
 * The sentences of the passages that may be quoted. Left out: what talks to the model instead of the reader
 * (with the rest of its paragraph), and sentences with a bracketed word, which would read as a citation.
 */
export function candidateSentences(passages: readonly ContextPassage[]): Candidate[] {
  return passages.flatMap((passage, rank) =>
    prepare(passage).map((sentence) => ({ ...sentence, passage, rank })),
  );
}

function prepare(passage: ContextPassage): readonly PreparedSentence[] {
  const key = `${passage.title}\n${passage.section}\n${passage.text}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const found = analyse(passage);
  if (prepared.size >= MAX_PREPARED) prepared.clear();
  prepared.set(key, found);
  return found;
}

function analyse(passage: ContextPassage): PreparedSentence[] {
  const found: PreparedSentence[] = [];
  const passageStems = new Set<string>();
  let position = 0;
  for (const { heading, sentences } of sentenceBlocks(passage.text)) {
    const injectedAt = sentences.findIndex(looksInjected);
    const trusted = injectedAt === -1 ? sentences : sentences.slice(0, injectedAt);
    const headingStems = new Set(contentStems(`${passage.title} ${passage.section} ${heading}`));
    for (const text of trusted) {
      const stems = new Set(contentStems(text));
      for (const key of stems) passageStems.add(key);
      if (isQuotable(text)) found.push({ text, position, stems, headingStems, passageStems });
      position += 1;
    }
  }
  return found;
}

function isQuotable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text) && !/\[[\p{L}\p{N}._-]+\]/u.test(text);
}

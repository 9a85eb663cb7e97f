import { STOP_WORDS } from "../../../models/embedded/stop-words.js";
import type { QueryRewriter } from "./query-rewriter.js";

export interface ConversationRewriterOptions {
  /** A message with at most so many content words leans on what came before. */
  readonly shortWords: number;
  /** Most words that are carried over. */
  readonly mostCarried: number;
  /** Word or phrase → what it may also be called; looked for without regard to case. */
  readonly synonyms: ReadonlyMap<string, readonly string[]>;
}

const WORD = /[\p{L}\p{N}]+(?:[-'][\p{L}\p{N}]+)*/gu;
const POINTING =
  /\b(?:it|its|they|them|their|that|this|those|these|he|him|his|she|her|the (?:same|other)|one|ones)\b/i;
const MIN_LENGTH = 3;

/**
 * Rewrites without a model: a message that is short or points back ("and how long does it take?") gets the content words
 * of the user's earlier messages, newest first; words of `synonyms` are followed by what they may also be called.
 * English pointing words only.
 */
export function conversationRewriter(options: ConversationRewriterOptions): QueryRewriter {
  const synonyms = [...options.synonyms].map(([name, others]) => ({ pattern: phrasePattern(name), others }));
  return {
    identity: {
      kind: "conversation",
      shortWords: options.shortWords,
      mostCarried: options.mostCarried,
      synonyms: [...options.synonyms].sort(),
    },
    rewrite({ query, history }) {
      const leans = contentWords(query).length <= options.shortWords || POINTING.test(query);
      const said = history.flatMap((message) => (message.role === "user" ? [message.content] : []));
      const carried = leans ? carriedWords(query, said, options.mostCarried) : [];
      const standing = [query, ...carried].join(" ");
      const added = synonyms.flatMap(({ pattern, others }) => (pattern.test(standing) ? others : []));
      return { query: [standing, ...new Set(added)].join(" "), alternatives: [] };
    },
  };
}

function contentWords(text: string): string[] {
  return (text.match(WORD) ?? []).filter((word) => !STOP_WORDS.has(word.toLowerCase()));
}

function carriedWords(query: string, said: readonly string[], most: number): string[] {
  const known = new Set(contentWords(query).map((word) => word.toLowerCase()));
  const carried: string[] = [];
  for (const text of [...said].reverse()) {
    for (const word of contentWords(text)) {
      const key = word.toLowerCase();
      if (carried.length >= most) return carried;
      if (known.has(key) || (key.length < MIN_LENGTH && !/\d/.test(key))) continue;
      known.add(key);
      carried.push(word);
    }
  }
  return carried;
}

function phrasePattern(phrase: string): RegExp {
  const escaped = phrase
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\s+/g, "\\s+");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "iu");
}

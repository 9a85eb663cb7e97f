import { splitProse } from "./sentences.js";
import { contentStems } from "./words.js";

const QUESTION =
  /^\s*(?:(?:and|but|so|also|or|hi|hello|hey|please)\b[,! ]*)*(?:what|which|when|where|who|whom|whose|why|how|can|could|may|should|must|do|does|did|is|are|am|was|were|has|have|will|would|(?:in|for|within|after|by|at|from|to|until|on) (?:how|what|which|when)|tell me|explain)\b/i;
const NEXT_CLAUSE =
  /[,;]? (?:and|or) (?=(?:(?:in|for|within|after|by|at|from|to|until|on) )?(?:what|how|when|where|who|which|why|can i|may i|do i|does)\b)/i;

/** A message of the user taken apart. */
export interface ParsedQuestion {
  /** What is asked, one question each, at least one. */
  readonly clauses: readonly string[];
  /** The rest: the story around the questions. */
  readonly background: string;
}

/**
 * Splits a message into the questions that it asks and the story around them: "I moved. How do I change
 * the address, and when is it valid?" asks two things. A question without a word of its own ("what is
 * it?") takes the sentence before it along. A message that asks nothing is one clause.
 */
export function parseQuestion(text: string): ParsedQuestion {
  const clauses: string[] = [];
  const story: string[] = [];
  for (const sentence of splitProse(text.replace(/\s+/g, " ").trim())) {
    if (!QUESTION.test(sentence) && !sentence.endsWith("?")) {
      story.push(sentence);
      continue;
    }
    for (const clause of sentence.split(NEXT_CLAUSE)) {
      if (contentStems(clause).length > 0) clauses.push(clause);
      else if (clauses.length === 0 && story.length > 0) clauses.push(`${story.pop() ?? ""} ${clause}`);
    }
  }
  return clauses.length === 0
    ? { clauses: [text], background: "" }
    : { clauses, background: story.join(" ") };
}

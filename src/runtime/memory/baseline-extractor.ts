import { stem } from "../../models/embedded/stem.js";
import { STOP_WORDS } from "../../models/embedded/stop-words.js";
import { statedFacts } from "./baseline-facts.js";
import { contentment, endsPleased, saysSettled, tellsProblem } from "./baseline-mood.js";
import type { Extraction, Extractor, FinishedTalk, FoundFact } from "./extraction.js";

/** Number of an order, a ticket or an invoice: a letter and digits, or five digits and more. */
const NUMBER = /\b(?:[A-Z]{1,4}-?\d{2,}|#?\d{5,})\b/;
const MAX_QUOTE = 160;
const SUBJECT_WORDS = 4;

/**
 * Facts by fixed rules on English texts: a baseline, not an understanding. It reads what the user said and nothing else,
 * so that no document and no tool result can have anything remembered.
 */
export const baselineExtractor: Extractor = {
  name: "baseline:rules@1",
  extract(talk): Extraction {
    const said = talk.messages.flatMap((message) => (message.role === "user" ? [message.content] : []));
    const last = said.at(-1);
    if (last === undefined) return { facts: [], settled: [] };
    const { issues, settled } = issuesOf(said, talk);
    const facts = [...said.flatMap(statedFacts), ...issues, ...moodOf(said), summaryOf(said, talk)];
    return { facts, settled };
  },
};

function issuesOf(said: readonly string[], { stop, openIssues }: FinishedTalk) {
  const last = said.at(-1) ?? "";
  const open = new Map<string, FoundFact>();
  const settledSubjects = new Set<string>();
  for (const [index, message] of said.entries()) {
    const subject = subjectOf(message);
    // Answered, and then nothing more was wished for, ends a matter as well.
    const isEnd = index === said.length - 1 && (stop === "answered" || stop === "user_stop");
    if (saysSettled(message) || (isEnd && endsPleased(message))) {
      for (const one of NUMBER.test(message) ? [subject] : [...open.keys()]) {
        settledSubjects.add(one);
        open.delete(one);
      }
    } else if (tellsProblem(message)) {
      open.set(subject, {
        kind: "issue",
        subject,
        attribute: "open issue",
        text: `reported: ${quote(message)}`,
      });
    }
  }
  const hits = openIssues.filter(
    ({ subject }) => settledSubjects.has(subject.toUpperCase()) || settledSubjects.has(subject),
  );
  // A plain "it works now" is about the one thing that was open.
  const only = saysSettled(last) && !said.some((message) => tellsProblem(message)) && !NUMBER.test(last);
  const settled = only && openIssues.length === 1 ? openIssues : hits;
  return { issues: [...open.values()], settled: settled.map(({ id }) => id) };
}

/** The number that a message names, else its first content words. */
function subjectOf(message: string): string {
  const number = NUMBER.exec(message)?.[0];
  if (number !== undefined) return number.replace("#", "").toUpperCase();
  const words = (message.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (word) => !STOP_WORDS.has(word),
  );
  return words.slice(0, SUBJECT_WORDS).map(stem).join(" ") || "user";
}

function moodOf(said: readonly string[]): readonly FoundFact[] {
  const value = contentment(said);
  if (value === null) return [];
  const word = value > 0 ? "content" : value < 0 ? "not content" : "of two minds";
  return [
    {
      kind: "satisfaction",
      subject: "user",
      attribute: "satisfaction",
      text: `was ${word} after the last conversation`,
    },
  ];
}

function summaryOf(said: readonly string[], { conversationId, stop }: FinishedTalk): FoundFact {
  const count = said.length === 1 ? "one message" : `${said.length} messages`;
  return {
    kind: "summary",
    subject: conversationId,
    attribute: "summary",
    text: `conversation of ${count} that began with ${quote(said[0] ?? "")} and ended: ${stop}`,
  };
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return JSON.stringify(line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE)}…`);
}

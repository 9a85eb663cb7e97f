import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { PAIR } from "../../config/judge/scale-categories.js";
import type { Subject } from "../../core/judgement.js";
import type { CurrentLabel } from "../current-labels.js";
import { type ReviewChoice, reviewChoices } from "./review-choices.js";

/** Texts that a reviewer sees; what the rubric does not read is `null` or empty. */
export type ReviewedTexts = Pick<
  Subject,
  "question" | "conversation" | "documents" | "tools" | "reference" | "policy" | "answer" | "otherAnswer"
>;

/** What somebody said of an item before. */
export type SaidBefore = Pick<CurrentLabel, "author" | "value" | "comment" | "isFlagged" | "isSkipped">;

/**
 * One item as a reviewer sees it: what the judge would be shown, and never what a judge said, which model answered or
 * what other people labelled, unless their disagreement is to be settled.
 */
export interface ReviewItem {
  readonly item: string;
  readonly rubric: { readonly name: string; readonly version: string; readonly text: string };
  readonly choices: readonly ReviewChoice[];
  readonly reads: JudgeConfig["reads"];
  /** Whether two answers, A and B, are compared. */
  readonly isPair: boolean;
  readonly texts: ReviewedTexts;
  /** What the reviewer said of it; `null` when nothing yet. */
  readonly own: SaidBefore | null;
  /** What other people said: labels when a disagreement is settled, flags and comments when flags are looked at, else none. */
  readonly others: readonly SaidBefore[];
}

/** @param said - labels of the item that the reviewer may see */
export function reviewItem(
  { name, rubric, scale, reads }: JudgeConfig,
  subject: Subject,
  said: { readonly own: SaidBefore | null; readonly others: readonly SaidBefore[] },
): ReviewItem {
  return {
    item: subject.item,
    rubric: { name, version: rubric.version, text: rubric.text },
    choices: reviewChoices(scale),
    reads,
    isPair: scale.kind === "pairwise",
    texts: textsOf(subject, reads, scale.kind === "pairwise"),
    ...said,
  };
}

function textsOf(subject: Subject, reads: JudgeConfig["reads"], isPair: boolean): ReviewedTexts {
  const shows = (part: JudgeConfig["reads"][number]) => reads.includes(part);
  return {
    question: shows("question") ? subject.question : null,
    conversation: shows("conversation") ? subject.conversation : [],
    documents: shows("documents") ? subject.documents : [],
    tools: shows("tools") ? subject.tools : [],
    reference: shows("reference") ? subject.reference : null,
    policy: shows("policy") ? subject.policy : null,
    answer: shows("answer") || isPair ? subject.answer : null,
    otherAnswer: isPair ? subject.otherAnswer : null,
  };
}

/** One part of an item, in the order in which a reviewer reads it. */
export interface ReviewSection {
  readonly title: string;
  readonly text: string;
  /** Whether it is what is judged. */
  readonly isJudged: boolean;
}

/** The parts of an item that the rubric reads; a part that is empty says so. */
export function reviewSections({ texts, reads, isPair }: ReviewItem): readonly ReviewSection[] {
  const { question, conversation, documents, tools, reference, policy, answer, otherAnswer } = texts;
  const context = (title: string, text: string | null): ReviewSection => ({
    title,
    text: text === null || text.trim() === "" ? "(none)" : text,
    isJudged: false,
  });
  const judged = (title: string, text: string | null): ReviewSection => ({
    title,
    text: text === null ? "(no answer)" : text.trim() === "" ? "(empty answer)" : text,
    isJudged: true,
  });
  // The question is mostly the last line of the conversation.
  const last = conversation.at(-1);
  const isTold = reads.includes("conversation") && last?.role === "user" && last.text === question;
  const parts: { readonly [part in (typeof reads)[number]]: readonly ReviewSection[] } = {
    policy: [context("Policy", policy)],
    conversation: [
      context("Conversation", conversation.map(({ role, text }) => `${role}: ${text}`).join("\n\n")),
    ],
    question: isTold ? [] : [context("Question", question)],
    documents: documents.length === 0 ? [context("Documents", null)] : documents.map(documentSection),
    tools: tools.length === 0 ? [context("Tool calls", null)] : tools.map(toolSection),
    reference: [context("Reference answer", reference)],
    answer: [],
  };
  const order = ["policy", "conversation", "question", "documents", "tools", "reference"] as const;
  const answers = isPair
    ? [judged(`Answer ${PAIR.first}`, answer), judged(`Answer ${PAIR.second}`, otherAnswer)]
    : reads.includes("answer")
      ? [judged("Answer", answer)]
      : [];
  return [...order.filter((part) => reads.includes(part)).flatMap((part) => parts[part]), ...answers];
}

function documentSection({ id, title, text }: Subject["documents"][number], index: number): ReviewSection {
  const name = title === null || title === id ? id : `${id}, ${title}`;
  return { title: `Document ${index + 1}: ${name}`, text, isJudged: false };
}

function toolSection(call: Subject["tools"][number], index: number): ReviewSection {
  const result = call.result ?? "(no result)";
  return {
    title: `Tool call ${index + 1}: ${call.name}${call.isError ? " (failed)" : ""}`,
    text: `${JSON.stringify(call.arguments, null, 2)}\n→ ${result}`,
    isJudged: false,
  };
}

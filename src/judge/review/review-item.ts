import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { PAIR } from "../../config/judge/scale-categories.js";
import type { Subject } from "../../core/judgement.js";
import type { CurrentLabel } from "../current-labels.js";
import { type ReviewChoice, reviewChoices } from "./review-choices.js";

/** Texts that a reviewer sees; what the rubric does not read is `null` or empty. */
type ReviewedTexts = Pick<
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

/** The parts of an item that the rubric reads; those that the item has nothing of are named together. */
export function reviewSections({ texts, reads, isPair }: ReviewItem): readonly ReviewSection[] {
  const { question, conversation, documents, tools, reference, policy, answer, otherAnswer } = texts;
  // The question is mostly the last line of the conversation.
  const last = conversation.at(-1);
  const isTold = reads.includes("conversation") && last?.role === "user" && last.text === question;
  const said = conversation.map(({ role, text }) => `${role}: ${text}`).join("\n\n");
  const context: readonly (readonly [part: (typeof reads)[number], sections: readonly ReviewSection[]])[] = [
    ["policy", contextSection("Policy", policy)],
    ["conversation", contextSection("Conversation", said)],
    ["question", contextSection("Question", isTold ? null : question)],
    ["documents", documents.map(documentSection)],
    ["tools", tools.map(toolSection)],
    ["reference", contextSection("Reference answer", reference)],
  ];
  const read = context.filter(([part]) => reads.includes(part));
  const missing = read.flatMap(([part, sections]) =>
    sections.length > 0 || (part === "question" && isTold) ? [] : [PART_NAMES[part]],
  );
  const answers = isPair
    ? [judgedSection(`Answer ${PAIR.first}`, answer), judgedSection(`Answer ${PAIR.second}`, otherAnswer)]
    : reads.includes("answer")
      ? [judgedSection("Answer", answer)]
      : [];
  return [
    ...read.flatMap(([, sections]) => sections),
    ...(missing.length === 0 ? [] : contextSection("Not given", missing.join(", "))),
    ...answers,
  ];
}

const PART_NAMES: { readonly [part in JudgeConfig["reads"][number]]: string } = {
  policy: "policy",
  conversation: "conversation",
  question: "question",
  documents: "documents",
  tools: "tool calls",
  reference: "reference answer",
  answer: "answer",
};

function contextSection(title: string, text: string | null): readonly ReviewSection[] {
  return text === null || text.trim() === "" ? [] : [{ title, text, isJudged: false }];
}

function judgedSection(title: string, text: string | null): ReviewSection {
  const shown = text === null ? "(no answer)" : text.trim() === "" ? "(empty answer)" : text;
  return { title, text: shown, isJudged: true };
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

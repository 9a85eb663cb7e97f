import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { contentHash, type Json } from "../../core/hash.js";
import type { Subject, VerdictOrder } from "../../core/judgement.js";
import { textDeclines } from "../../metrics/generation/refusal.js";
import type { SubjectPart } from "../claim-subject.js";

/** What a judge is shown of an item, or why there is nothing to judge. */
export type JudgeParts = { readonly parts: readonly SubjectPart[] } | { readonly reason: string };

type Readable = JudgeConfig["reads"][number];

const NOTHING = "(none)";

/**
 * The texts that a judge reads of an item, the answer last. A reference or a policy that the judge reads must be there:
 * without it the question cannot be answered. Where there were no documents, tool calls or earlier words, it says so.
 *
 * @param order - `swapped` shows the second answer as ANSWER A
 */
export function judgeParts(config: JudgeConfig, subject: Subject, order: VerdictOrder): JudgeParts {
  const { scale } = config;
  if (isEmpty(subject.answer)) return { reason: "the agent gave no answer" };
  const isPair = scale.kind === "pairwise";
  if (isPair && isEmpty(subject.otherAnswer)) return { reason: "there is no second answer" };
  if (scale.kind === "claims") return claimParts(scale.question, subject);
  if (config.reads.includes("reference") && isEmpty(subject.reference))
    return { reason: "the case states no reference answer" };
  if (config.reads.includes("policy") && isEmpty(subject.policy)) return { reason: "no policy is known" };
  const read = READ_FIRST.filter((name) => config.reads.includes(name)).map((name) => partOf(name, subject));
  return { parts: [...read, ...answers(subject, isPair, order)] };
}

/** Content hash of all that a verdict on an item depends on. Both orders of a pair share it. */
export function subjectHashOf(config: JudgeConfig, subject: Subject): string {
  const { item, slices, origin, model, otherModel, ...texts } = subject;
  const shown = judgeParts(config, subject, "first");
  // A baseline is shown no prompt, so all texts that it might compare are hashed.
  return contentHash((config.heuristic === undefined ? shown : texts) as unknown as Json);
}

function isEmpty(text: string | null): boolean {
  return text === null || text.trim() === "";
}

const READ_FIRST = ["policy", "conversation", "question", "documents", "tools", "reference"] as const;

function partOf(name: Exclude<Readable, "answer">, subject: Subject): SubjectPart {
  return { name: name.toUpperCase(), text: textOf(name, subject) || NOTHING };
}

function textOf(name: Exclude<Readable, "answer">, subject: Subject): string {
  switch (name) {
    case "conversation":
      return subject.conversation
        .map(({ role, text }) => `${role === "user" ? "USER" : "AGENT"}: ${text}`)
        .join("\n\n");
    case "documents":
      return numbered(documentTexts(subject));
    case "tools":
      return numbered(toolTexts(subject));
    default:
      return subject[name] ?? "";
  }
}

function answers(subject: Subject, isPair: boolean, order: VerdictOrder): readonly SubjectPart[] {
  const [answer, other] = [subject.answer ?? "", subject.otherAnswer ?? ""];
  if (!isPair) return [{ name: "ANSWER", text: answer }];
  const [a, b] = order === "first" ? [answer, other] : [other, answer];
  return [
    { name: "ANSWER A", text: a },
    { name: "ANSWER B", text: b },
  ];
}

/** What a judge of claims reads is fixed by its question, whatever `reads` says. */
function claimParts(question: string, subject: Subject): JudgeParts {
  const answer: SubjectPart = { name: "ANSWER", text: subject.answer ?? "" };
  const asked = isEmpty(subject.question) ? [] : [{ name: "QUESTION", text: subject.question ?? "" }];
  if (question === "correctness") {
    return isEmpty(subject.reference)
      ? { reason: "the case states no reference answer" }
      : { parts: [...asked, { name: "REFERENCE", text: subject.reference ?? "" }, answer] };
  }
  if (textDeclines(answer.text)) return { reason: "the agent declined, so it claimed nothing" };
  if (question === "faithfulness") {
    const evidence = [...documentTexts(subject), ...toolTexts(subject, "answered")];
    return evidence.length === 0
      ? { reason: "no retrieved text or tool result to check against" }
      : { parts: [...asked, { name: "EVIDENCE", text: numbered(evidence) }, answer] };
  }
  return asked.length === 0 ? { reason: "the user asked nothing" } : { parts: [...asked, answer] };
}

function documentTexts({ documents }: Subject): readonly string[] {
  return documents.map(({ title, text }) => [title, text].filter(Boolean).join("\n"));
}

/** @param which - `answered` leaves out calls that never ended */
function toolTexts({ tools }: Subject, which: "all" | "answered" = "all"): readonly string[] {
  return tools
    .filter(({ result }) => which === "all" || result !== null)
    .map(({ name, arguments: args, result, isError }) => {
      const outcome =
        result === null ? "did not return" : `${isError ? "failed with" : "returned"}\n${result}`;
      return `${name}(${JSON.stringify(args)}) ${outcome}`;
    });
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, index) => `[${index + 1}] ${text}`).join("\n\n");
}

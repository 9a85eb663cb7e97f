import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { reviewChoices } from "../../judge/review/review-choices.js";
import { type ReviewItem, reviewSections, type SaidBefore } from "../../judge/review/review-item.js";
import type { ReviewProgress } from "../../judge/review/review-queue.js";
import { plainText } from "../../report/plain-text.js";
import type { CardSection, ReviewCard, ReviewDesk } from "../../ui/review/review-desk.js";
import type { ReviewSession } from "./review-session.js";

/** A session as the terminal shows it. Texts of cases and agents lose what could play with the terminal. */
export function terminalDesk(session: ReviewSession, { name, rubric, scale }: JudgeConfig): ReviewDesk {
  const choices = reviewChoices(scale).map(({ key, value, meaning }) => ({
    key,
    value: plainText(value),
    meaning: meaning === null ? null : plainText(meaning),
  }));
  const values = new Map(reviewChoices(scale).map(({ value }) => [plainText(value), value]));
  return {
    title: session.mode === "label" ? name : `${name}, ${session.mode}`,
    rubric: [
      {
        title: `Rubric ${name}, version ${rubric.version}`,
        text: reflowed(plainText(rubric.text)).trimEnd(),
        tone: "context",
      },
      { title: "Labels", text: choices.map(choiceLine).join("\n"), tone: "judged" },
    ].map((section) => section as CardSection),
    card: () => {
      const item = session.current();
      return item === null ? null : { ...cardOf(item), choices };
    },
    progress: () => progressWords(session.progress()),
    label: (value) => session.label(values.get(value) ?? value),
    skip: () => session.skip(),
    flag: (comment) => session.flag(comment),
    comment: (text) => session.comment(text),
    undo: () => {
      const undone = session.undo();
      return undone === null ? null : `took back: ${undone.action}`;
    },
    next: () => session.next(),
    previous: () => session.previous(),
  };
}

/** Joins the lines of each paragraph: the file breaks them for its own width. Lists and indented lines stay. */
function reflowed(text: string): string {
  const lines = text.trim().split("\n");
  const isProse = (line = "") => /^[^\s\-*+#>|\d]/.test(line);
  return lines
    .map((line, index) => (isProse(line) && isProse(lines[index + 1]) ? `${line.trimEnd()} ` : `${line}\n`))
    .join("");
}

function choiceLine({ key, value, meaning }: ReviewCard["choices"][number]): string {
  return `[${key}] ${value}${meaning === null ? "" : `: ${meaning}`}`;
}

function cardOf(item: ReviewItem): Omit<ReviewCard, "choices"> {
  return {
    sections: [
      ...reviewSections(item).map(
        ({ title, text, isJudged }): CardSection => ({
          title: plainText(title),
          text: plainText(text),
          tone: isJudged ? "judged" : "context",
        }),
      ),
      ...saidSections(item.others),
    ],
    standing: item.own === null ? null : standingOf(item.own),
    // It is edited in one line.
    comment: plainText(item.own?.comment ?? "").replace(/\s+/g, " "),
  };
}

function saidSections(others: readonly SaidBefore[]): readonly CardSection[] {
  if (others.length === 0) return [];
  const lines = others.map((said) => {
    const words = said.comment === null ? "" : `: ${said.comment}`;
    return plainText(`${said.author} ${standingOf(said) ?? "commented"}${words}`);
  });
  return [{ title: "What others said", text: lines.join("\n"), tone: "said" }];
}

function standingOf({ value, isSkipped, isFlagged, comment }: SaidBefore): string | null {
  const parts = [
    ...(value === null ? [] : [`labelled ${plainText(value)}`]),
    ...(isSkipped ? ["skipped"] : []),
    ...(isFlagged ? ["flagged"] : []),
    ...(comment === null ? [] : ["commented"]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** Such as `12/40, 3 skipped, 1 flagged`. */
function progressWords({ done, total, skipped, flagged }: ReviewProgress): string {
  return [
    `${done}/${total}`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(flagged === 0 ? [] : [`${flagged} flagged`]),
  ].join(", ");
}

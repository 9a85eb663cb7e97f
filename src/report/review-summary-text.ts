import type { ReviewSummary } from "../judge/review/review-summary.js";
import { counted } from "./counted.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle } from "./text-style.js";

const NAME_CHARACTERS = 60;

/** Where the labels stand, as one JSON document. */
export function renderReviewSummaryJson(summary: ReviewSummary): string {
  return renderDocument("review-summary", summary);
}

/** Where the labels stand, in a few lines. */
export function renderReviewSummary(summary: ReviewSummary, style: TextStyle): string {
  const paint = painter(style);
  const { rubric, annotator, progress, session, labelled, items, shared, disputed, annotators } = summary;
  const { labels, skips, flags, comments, undos } = session;
  const done = [
    counted(labels, "label"),
    ...(skips === 0 ? [] : [`${skips} skipped`]),
    ...(flags === 0 ? [] : [`${flags} flagged`]),
    ...(comments === 0 ? [] : [counted(comments, "comment")]),
    ...(undos === 0 ? [] : [`${undos} undone`]),
  ].join(", ");
  const name = oneLine(annotator, NAME_CHARACTERS);
  const people = annotators.map(
    ({ author, labels: count }) => `${oneLine(author, NAME_CHARACTERS)} ${count}`,
  );
  const passed = progress.skipped === 0 ? "" : ` (${progress.skipped} skipped)`;
  return [
    paint(`${rubric}: ${name} has done ${progress.done} of ${progress.total}${passed}, ${done} now`, "bold"),
    `${labelled} of ${counted(items, "item")} labelled, ${shared} by two people or more, ${disputed} in dispute` +
      (people.length === 0 ? "" : ` (${people.join(", ")})`),
    ...summary.next.map((step) => `next: ${step}`),
  ].join("\n");
}

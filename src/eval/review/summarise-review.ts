import { type ReviewSummary, reviewSummary } from "../../judge/review/review-summary.js";
import type { OpenReview } from "./open-review.js";
import type { ReviewSession } from "./review-session.js";

/**
 * Where the labels of a review stand after a session.
 *
 * @param named - how the user named run and judge, for the commands that come next
 */
export function summariseReview(
  { judge, subjects, store, mode }: OpenReview,
  session: ReviewSession,
  named: { readonly run: string | null; readonly against: string | null; readonly judge: string },
): ReviewSummary {
  const against = named.against === null ? "" : ` --against ${named.against}`;
  return reviewSummary({
    rubric: judge.name,
    mode,
    annotator: session.annotator,
    items: new Set(subjects.map(({ item }) => item)),
    progress: session.progress(),
    entries: store.labels(judge.name),
    written: session.written(),
    wanted: judge.calibration.min_labels,
    reviewed: `${named.run ?? "--items"}${against} --judge ${named.judge}`,
    judge: named.judge,
  });
}

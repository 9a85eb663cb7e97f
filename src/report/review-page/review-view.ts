import type { ReviewItem } from "../../judge/review/review-item.js";
import type { ReviewMode } from "../../judge/review/review-plan.js";
import type { ReviewProgress } from "../../judge/review/review-queue.js";

/** What the page shows; every answer of the server that is no refusal has this form. */
export interface ReviewState {
  /** Name of the rubric. */
  readonly rubric: string;
  readonly mode: ReviewMode;
  /** `null` before the sign-in; item and progress are `null` then, too. */
  readonly annotator: string | null;
  /** The name that was used in this browser before; for the form. */
  readonly suggestedName: string;
  /** What the annotator should know before beginning. */
  readonly warnings: readonly string[];
  /** `null` when nothing is left. */
  readonly item: ReviewItem | null;
  readonly progress: ReviewProgress | null;
  /** What was done, in words, for the status line; `null` when nothing was. */
  readonly note: string | null;
}

/** What is said when something is refused. */
export interface ReviewRefusal {
  readonly error: string;
  /** What the page can do about it. */
  readonly reason?: "name-in-use" | "other-item";
  /** What the page should show now. */
  readonly state?: ReviewState;
}

import type { ReviewMode } from "../../judge/review/review-plan.js";
import { counted } from "../counted.js";
import { renderDocument } from "../json-document.js";
import { painter, type TextStyle } from "../text-style.js";

/** A page for labelling that is being served. */
export interface ReviewServerDocument {
  /** With the secret that lets a browser in. */
  readonly url: string;
  readonly rubric: string;
  readonly mode: ReviewMode;
  /** Items that may be reviewed. */
  readonly items: number;
}

export function renderReviewServerJson(server: ReviewServerDocument): string {
  return renderDocument("review-server", server);
}

/** The link stands alone on its line, so that it can be clicked and cut. */
export function renderReviewServer(
  { url, rubric, mode, items }: ReviewServerDocument,
  style: TextStyle,
): string {
  const paint = painter(style);
  const what = mode === "label" ? "" : `, ${mode}`;
  return [paint(`${rubric}${what}: ${counted(items, "item")}`, "bold"), url].join("\n");
}

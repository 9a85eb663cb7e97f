import { plainText } from "../plain-text.js";
import type { Evidence, Fix, ReadinessCounts, ReadinessList, ReadinessState } from "./readiness-report.js";

export const LIST_NAMES: { readonly [List in ReadinessList]: string } = {
  observability: "Observability",
  reliability: "Reliability",
  safety: "Safety",
  "eval-kit": "Eval kit",
  slos: "SLOs",
};

/** Without colour they must be told apart as well. */
export const STATE_MARKS: { readonly [State in ReadinessState]: string } = {
  met: "✓",
  gap: "✗",
  unknown: "?",
};

/** `5 of 9 met, 1 unknown`: what is unknown is never hidden in a share. */
export function countsText({ met, gap, unknown }: ReadinessCounts): string {
  return `${met} of ${met + gap + unknown} met, ${gap} ${gap === 1 ? "gap" : "gaps"}, ${unknown} unknown`;
}

export function evidenceText({ text, place }: Evidence): string {
  return plainText(place === null ? text : `${text} (${place})`);
}

/** What stands before the text of a fix. */
export function fixLead({ kind, file }: Fix): string {
  if (kind === "yaml") return `add to ${plainText(file ?? "")}:`;
  return kind === "command" ? "run:" : "do:";
}

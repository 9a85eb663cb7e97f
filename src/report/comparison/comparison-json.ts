import { renderDocument } from "../json-document.js";
import type { ComparisonReport } from "./comparison-report.js";

/** The whole comparison as one JSON document. */
export function renderComparisonJson(report: ComparisonReport): string {
  return renderDocument("comparison", report);
}

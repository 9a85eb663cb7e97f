import { hideHoldout } from "./hide-holdout.js";
import { renderDocument } from "./json-document.js";
import type { RunReport } from "./run-report.js";

/**
 * The whole report as one JSON document. The plan of the run is left out: `totals.planned` counts it and the
 * cases name what was run. Texts of holdout cases are left out, too.
 */
export function renderJson(report: RunReport): string {
  const { run, ...rest } = hideHoldout(report);
  const { plan: _plan, ...header } = run;
  return renderDocument("run-report", { run: header, ...rest });
}

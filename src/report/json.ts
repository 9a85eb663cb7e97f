import { hideHoldout } from "./hide-holdout.js";
import type { RunReport } from "./run-report.js";

/** Version of the shape; it grows when a field changes its meaning or goes. */
const RUN_REPORT_VERSION = 1;

/**
 * The whole report as one JSON document. The plan of the run is left out: `totals.planned` counts it and the
 * cases name what was run. Texts of holdout cases are left out, too.
 */
export function renderJson(report: RunReport): string {
  const { run, ...rest } = hideHoldout(report);
  const { plan: _plan, ...header } = run;
  const document = { schema: "agentctl.run-report", version: RUN_REPORT_VERSION, run: header, ...rest };
  return `${JSON.stringify(document, null, 2)}\n`;
}

import { renderDocument } from "../../report/json-document.js";
import { renderTrendHtml } from "../../report/trend-html.js";
import type { TrendReport } from "../../report/trend-report.js";
import { plannedTexts, writeText } from "../output/write-texts.js";
import { shownPath } from "../project/shown-path.js";
import { type TrendFlags, trendOfRuns } from "./trend-runs.js";

/**
 * `agentctl runs trend`: the trend of a metric, written to the files that --output asks for.
 *
 * @returns the report, and the files written, relative to the working directory
 * @throws {UsageError} for a wrong metric, suite or file, before anything is written
 */
export async function trendToFiles(
  metric: string,
  flags: TrendFlags & { readonly output?: readonly string[] },
  workingDirectory: string,
): Promise<{ readonly report: TrendReport; readonly written: readonly string[] }> {
  const outputs = plannedTexts(flags.output ?? [], [".html", ".htm", ".json"], workingDirectory);
  const report = trendOfRuns(metric, flags, workingDirectory);
  for (const { file, extension } of outputs) {
    await writeText(file, extension === ".json" ? renderTrendJson(report) : renderTrendHtml(report));
  }
  return { report, written: outputs.map(({ file }) => shownPath(file, workingDirectory)) };
}

/** The trend as one JSON document. */
export function renderTrendJson(report: TrendReport): string {
  return renderDocument("metric-trend", report);
}

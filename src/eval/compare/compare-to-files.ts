import { renderComparisonHtml } from "../../report/comparison/comparison-html.js";
import { renderComparisonJson } from "../../report/comparison/comparison-json.js";
import { renderComparisonMarkdown } from "../../report/comparison/comparison-markdown.js";
import type { ComparisonReport } from "../../report/comparison/comparison-report.js";
import { plannedTexts, writeText } from "../output/write-texts.js";
import { shownPath } from "../project/shown-path.js";
import { type CompareFlags, compareStoredRuns } from "./compare-stored-runs.js";

const RENDERERS: { readonly [extension: string]: (report: ComparisonReport) => string } = {
  ".html": renderComparisonHtml,
  ".htm": renderComparisonHtml,
  ".md": renderComparisonMarkdown,
  ".json": renderComparisonJson,
};

/**
 * `agentctl compare`: compares stored runs and writes the reports that --output asks for.
 *
 * @returns the report, and the files written, relative to the working directory
 * @throws {UsageError} for wrong runs or files, before anything is written
 */
export async function compareToFiles(
  references: readonly string[],
  flags: CompareFlags & { readonly output?: readonly string[] },
  workingDirectory: string,
  env: { readonly [name: string]: string | undefined },
): Promise<{ readonly report: ComparisonReport; readonly written: readonly string[] }> {
  const outputs = plannedTexts(flags.output ?? [], Object.keys(RENDERERS), workingDirectory);
  const report = compareStoredRuns(references, flags, workingDirectory, env);
  for (const { file, extension } of outputs) {
    await writeText(file, (RENDERERS[extension] ?? renderComparisonJson)(report));
  }
  return { report, written: outputs.map(({ file }) => shownPath(file, workingDirectory)) };
}

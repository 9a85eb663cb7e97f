import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import { renderReadinessHtml } from "../../report/readiness/readiness-html.js";
import { renderReadinessMarkdown } from "../../report/readiness/readiness-markdown.js";
import type { ReadinessReport } from "../../report/readiness/readiness-report.js";
import { renderReadinessJson } from "../../report/readiness/readiness-text.js";
import { plannedTexts, writeText } from "../output/write-texts.js";
import { shownPath } from "../project/shown-path.js";
import { type FactsRequest, type FactsServices, gatherFacts } from "./gather-facts.js";
import { scoreFacts } from "./score-facts.js";

/** Flags of `agentctl readiness`. */
export interface ReadinessFlags extends FactsRequest {
  readonly output?: readonly string[];
}

const RENDERERS: { readonly [extension: string]: (report: ReadinessReport) => string } = {
  ".html": renderReadinessHtml,
  ".htm": renderReadinessHtml,
  ".md": renderReadinessMarkdown,
  ".json": renderReadinessJson,
};

/**
 * `agentctl readiness`: scores the checklists on the files and runs of a suite, and writes the scorecards that --output
 * asks for. Nothing is run and no model is asked.
 *
 * @returns the report, and the files written, relative to the working directory
 * @throws {UsageError} for another extension, before anything is written
 */
export async function scoreReadiness(
  flags: ReadinessFlags,
  services: FactsServices,
): Promise<{ readonly report: ReadinessReport; readonly written: readonly string[] }> {
  const { workingDirectory } = services;
  const outputs = plannedTexts(flags.output ?? [], Object.keys(RENDERERS), workingDirectory);
  const report = scoreFacts(await gatherFacts(flags, services));
  for (const { file, extension } of outputs) {
    await writeText(file, (RENDERERS[extension] ?? renderReadinessJson)(report));
  }
  return { report, written: outputs.map(({ file }) => shownPath(file, workingDirectory)) };
}

/** 0 unless asked to fail: then 1 with a gap, and 4 when something is unknown and `unknown` was asked for. */
export function exitCodeOfReadiness(
  { total }: ReadinessReport,
  failOn: "gap" | "unknown" | undefined,
): ExitCode {
  if (failOn === undefined) return EXIT.ok;
  if (total.gap > 0) return EXIT.gateFailed;
  return failOn === "unknown" && total.unknown > 0 ? EXIT.inconclusive : EXIT.ok;
}

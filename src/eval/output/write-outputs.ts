import { extname, resolve } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";
import { type ReportFormat, reporters } from "../../report/reporters.js";
import type { RunReport, TraceLoader } from "../../report/run-report.js";
import type { OutputFlags } from "../eval-flags.js";
import type { Project } from "../project/load-project.js";
import { refuseFolder, writeWhole } from "./write-whole.js";

/** A report to write. `file` may hold `{suite}`, which is known only once the suite is loaded. */
export interface PlannedOutput {
  readonly format: ReportFormat;
  readonly file: string;
}

const FORMAT_OF_EXTENSION: { readonly [extension: string]: ReportFormat } = {
  ".html": "html",
  ".htm": "html",
  ".json": "json",
  ".md": "markdown",
  ".xml": "junit",
};

const EXTENSION: { readonly [Format in ReportFormat]: string } = {
  html: "html",
  json: "json",
  markdown: "md",
  junit: "xml",
};

/**
 * Which reports to write where. Without a flag: HTML in the reports folder.
 *
 * @throws {UsageError} for an extension that stands for no format
 */
export function plannedOutputs(
  flags: OutputFlags,
  project: Project,
  workingDirectory: string,
): readonly PlannedOutput[] {
  const inReports = (format: ReportFormat): PlannedOutput => ({
    format,
    file: resolve(project.root, project.config.reports, `{suite}.${EXTENSION[format]}`),
  });
  const outputs: PlannedOutput[] = (flags.output ?? []).map((file) => {
    const format = FORMAT_OF_EXTENSION[extname(file).toLowerCase()];
    if (format === undefined) {
      throw new UsageError(
        `--output ${file}: expected the extension ${Object.keys(FORMAT_OF_EXTENSION).join(", ")}`,
      );
    }
    return { format, file: resolve(workingDirectory, file) };
  });
  for (const format of ["html", "markdown", "junit"] as const) {
    const asked = flags[format];
    if (asked === true || asked === "true") outputs.push(inReports(format));
    else if (asked !== undefined) outputs.push({ format, file: resolve(workingDirectory, asked) });
  }
  const planned = outputs.length === 0 ? [inReports("html")] : outputs;
  for (const { file } of planned) refuseFolder(file);
  return planned;
}

/**
 * Writes the reports, each whole or not at all.
 *
 * @returns the files written
 * @throws {StoreError} when a file cannot be written
 */
export async function writeOutputs(
  outputs: readonly PlannedOutput[],
  report: RunReport,
  traces: TraceLoader,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const output of outputs) {
    const file = output.file.replace("{suite}", () => report.run.suite);
    const text = reporters[output.format](report, traces);
    try {
      await writeWhole(file, text);
    } catch (cause) {
      throw new StoreError(`cannot write the report ${file}: ${(cause as Error).message}`, {
        cause,
        nextStep: `the run is stored; write it again with \`agentctl report ${report.run.id}\``,
      });
    }
    written.push(file);
  }
  return written;
}

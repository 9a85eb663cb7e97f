import { basename, resolve } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";
import { type ReportFormat, reporters } from "../../report/reporters.js";
import type { RunReport, TraceLoader } from "../../report/run-report.js";
import { fileOfRun } from "../ci/file-of-run.js";
import { repositoryPath, repositoryRoot } from "../ci/repository-path.js";
import type { OutputFlags } from "../eval-flags.js";
import type { Project } from "../project/load-project.js";
import { refuseFolder, writeWhole } from "./write-whole.js";

/** A report to write. `file` may hold `{suite}`, which is known only once the suite is loaded. */
export interface PlannedOutput {
  readonly format: ReportFormat;
  readonly file: string;
}

/** By the end of a file name; the first that fits counts. */
const FORMAT_OF_ENDING: readonly (readonly [ending: string, format: ReportFormat])[] = [
  [".html", "html"],
  [".htm", "html"],
  [".badge.json", "badge-endpoint"],
  [".json", "json"],
  [".md", "markdown"],
  [".xml", "junit"],
  [".sarif", "sarif"],
  [".svg", "badge"],
];

const EXTENSION = { html: "html", markdown: "md", junit: "xml" } as const;

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
  const inReports = (format: keyof typeof EXTENSION): PlannedOutput => ({
    format,
    file: resolve(project.root, project.config.reports, `{suite}.${EXTENSION[format]}`),
  });
  const outputs: PlannedOutput[] = (flags.output ?? []).map((file) => {
    const name = basename(file).toLowerCase();
    const format = FORMAT_OF_ENDING.find(([ending]) => name.endsWith(ending) && name !== ending)?.[1];
    if (format === undefined) {
      throw new UsageError(
        `--output ${file}: expected the extension ${FORMAT_OF_ENDING.map(([ending]) => ending).join(", ")}`,
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
  project: Project,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const output of outputs) {
    const file = output.file.replace("{suite}", () => report.run.suite);
    const shown = output.format === "sarif" ? withRepositoryPath(report, project) : report;
    const text = reporters[output.format](shown, traces);
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

/** Whoever reads SARIF knows files by their path in the repository, not by that from a working directory. */
function withRepositoryPath(report: RunReport, project: Project): RunReport {
  const root = repositoryRoot(project.root);
  const file = fileOfRun(project, report.run, "dataset");
  if (root === null || file === null) return report;
  return { ...report, run: { ...report.run, datasetPath: repositoryPath(file, root) ?? file } };
}

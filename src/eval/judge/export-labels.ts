import { resolve } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { currentLabels } from "../../judge/current-labels.js";
import { currentRows, type ExportedRow, entryRows } from "../../judge/import/exported-labels.js";
import { csvCell } from "../../judge/import/spreadsheet-cell.js";
import type { ExportedLabels } from "../../report/label-import-documents.js";
import { refuseFolder, writeWhole } from "../output/write-whole.js";
import { loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { openProjectJudgements } from "./project-judgements.js";

export interface ExportLabelsFlags {
  readonly config?: string;
  readonly rubric: string;
  readonly format?: "csv" | "jsonl";
  readonly current?: boolean;
  readonly output?: string;
}

/**
 * The labels of a rubric as a table: every entry, or what each author says now.
 *
 * @returns what was exported, and its text where no file was asked for
 * @throws {UsageError} when the rubric has no labels
 */
export async function exportLabels(
  flags: ExportLabelsFlags,
  workingDirectory: string,
): Promise<{ readonly report: ExportedLabels; readonly text: string | null }> {
  const { rubric, output, current = false } = flags;
  const format = flags.format ?? (output !== undefined && /\.csv$/i.test(output) ? "csv" : "jsonl");
  const file = output === undefined ? null : resolve(workingDirectory, output);
  if (file !== null) refuseFolder(file);
  const judgements = openProjectJudgements(loadProject(flags.config, workingDirectory));
  try {
    const entries = judgements.labels(rubric);
    if (entries.length === 0) {
      const known = [...new Set(judgements.labels().map((entry) => entry.rubric))].sort();
      throw new UsageError(
        `found no labels of rubric "${rubric}"${didYouMean(rubric, known)}` +
          (known.length === 0 ? "" : `; there are labels of ${listNames(known)}`),
        { nextStep: "`agentctl import labels` and `agentctl review` add labels" },
      );
    }
    const rows = current ? currentRows(rubric, currentLabels(entries)) : entryRows(entries);
    const text = format === "csv" ? csvOf(rows) : jsonLinesOf(rows);
    if (file !== null) await written(file, text);
    const report = {
      rubric,
      isCurrent: current,
      file: file === null ? null : shownPath(file, workingDirectory),
      rows: rows.length,
      entries: file === null && !current ? entries : null,
    };
    return { report, text: file === null ? text : null };
  } finally {
    judgements.close();
  }
}

async function written(file: string, text: string): Promise<void> {
  try {
    await writeWhole(file, text);
  } catch (cause) {
    throw new StoreError(`cannot write the labels ${file}: ${(cause as Error).message}`, {
      cause,
      nextStep: "name another file with --output",
    });
  }
}

function jsonLinesOf(rows: readonly ExportedRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function csvOf(rows: readonly ExportedRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((name) => csvCell(String(row[name] ?? ""))).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

import { shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";

/** A golden set that `agentctl import … --dataset` wrote. */
export interface ImportedDatasetReport {
  /** The file that was read, as it was given. */
  readonly source: string;
  /** The golden set that was written, likewise. */
  readonly dataset: string;
  readonly cases: number;
  /** Content hash of what was written. */
  readonly hash: string;
  /** What was left out or read in a certain way, one sentence each. */
  readonly notes: readonly string[];
}

/** What was written, and what could not be taken over. */
export function renderImportedDataset(report: ImportedDatasetReport): string {
  const cases = `${report.cases} ${report.cases === 1 ? "case" : "cases"}`;
  return [
    `wrote ${oneLine(report.dataset, 200)} @${shortHash(report.hash)} · ${cases}`,
    ...report.notes.map((note) => `- ${oneLine(note, 400)}`),
  ].join("\n");
}

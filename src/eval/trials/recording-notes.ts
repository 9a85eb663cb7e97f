import { basename } from "node:path";
import type { Dataset, GoldenCase } from "../../core/golden-case.js";
import { listNames } from "../../core/nearest.js";
import type { Recording } from "./load-recording.js";

const IDS_SHOWN = 3;

/** What the recording does not cover: a verdict over what was run must not look like one over everything. */
export function recordingNotes(
  recording: Recording,
  dataset: Dataset,
  selected: readonly GoldenCase[],
  trialsPerCase: number,
): readonly string[] {
  const file = basename(recording.shownPath);
  const notes: string[] = [];
  const counts = selected.map((one) => recording.trialsOf(one.id).length);
  const missing = counts.filter((count) => count === 0).length;
  if (missing > 0) {
    notes.push(`${missing} of ${selected.length} selected cases are not in ${file} and were not run`);
  }
  const fewer = counts.filter((count) => count > 0 && count < trialsPerCase);
  if (fewer.length > 0) {
    const lacking = fewer.reduce((sum, count) => sum + trialsPerCase - count, 0);
    notes.push(`${lacking} trials of ${fewer.length} cases are not in ${file} and were not run`);
  }
  const known = new Set(dataset.cases.map((one) => one.id));
  const unknown = recording.caseIds.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    const ids = listNames(unknown, IDS_SHOWN);
    notes.push(
      `${unknown.length} cases of ${file} are not in ${basename(dataset.path)} and were left out: ${ids}`,
    );
  }
  return notes;
}

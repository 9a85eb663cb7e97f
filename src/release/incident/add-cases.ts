import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Incident } from "../../config/release/incident-schema.js";
import { UsageError } from "../../core/errors.js";
import { ProblemList } from "../../datasets/import/problem-list.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { checkDrafts, datasetText } from "../../datasets/write-dataset.js";
import { writeWhole } from "../../eval/output/write-whole.js";
import { incidentCases } from "./incident-cases.js";

/** What became of the cases of an incident. */
export interface AddedCases {
  readonly added: readonly string[];
  /** Ids that the golden set had already. */
  readonly kept: readonly string[];
}

/**
 * Adds the cases of an incident's actions to a golden set, which is made when missing. Doing it again adds nothing.
 *
 * @param file - path of the golden set
 * @param shown - how messages name a file
 * @throws {UsageError} when no action has a case, or the file is no JSONL file
 * @throws {DatasetError} when a case or the golden set is not valid
 */
export async function addIncidentCases(
  incident: Incident,
  incidentFile: string,
  file: string,
  shown: (file: string) => string,
): Promise<AddedCases> {
  if (extname(file) !== ".jsonl") {
    throw new UsageError(`--dataset ${shown(file)}: expected a .jsonl file`);
  }
  const drafts = incidentCases(incident);
  if (drafts.length === 0) {
    throw new UsageError(`${incidentFile}: expected an action with a \`case\`, found none`, {
      nextStep: "write what the agent should have done: the head of the file shows how",
    });
  }
  const problems = new ProblemList(incidentFile);
  checkDrafts(drafts, problems);
  problems.throwIfAny();
  const existing = existsSync(file) ? readFileSync(file, "utf8") : "";
  const known = new Set(existing.trim() === "" ? [] : (await readDataset(file)).cases.map(({ id }) => id));
  const isKnown = ({ value }: (typeof drafts)[number]) => known.has(String(value.id));
  const fresh = drafts.filter((draft) => !isKnown(draft));
  if (fresh.length > 0) {
    const separator = existing === "" || existing.endsWith("\n") ? "" : "\n";
    await writeWhole(file, `${existing}${separator}${datasetText(fresh)}`);
  }
  return {
    added: fresh.map(({ value }) => String(value.id)),
    kept: drafts.filter(isKnown).map(({ value }) => String(value.id)),
  };
}

import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Incident } from "../../config/release/incident-schema.js";
import { UsageError } from "../../core/errors.js";
import { contentHash, type Json } from "../../core/hash.js";
import { ProblemList } from "../../datasets/import/problem-list.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { type CaseDraft, checkDrafts, datasetText } from "../../datasets/write-dataset.js";
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
 * @throws {UsageError} when no action has a case, the file is no JSONL file, or its case of that id is another one: actions
 *   were put before those that had been added
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
  refuseOthers(drafts, inputsOf(existing), incidentFile, shown(file));
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

/** Content hash of the input of each case, by id; of a golden set that is valid. */
function inputsOf(text: string): ReadonlyMap<string, string> {
  const cases = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as { readonly id: string; readonly input: Json });
  return new Map(cases.map(({ id, input }) => [id, contentHash(input)]));
}

function refuseOthers(
  drafts: readonly CaseDraft[],
  inputs: ReadonlyMap<string, string>,
  incidentFile: string,
  dataset: string,
): void {
  for (const { place, value } of drafts) {
    const known = inputs.get(String(value.id));
    if (known === undefined || known === contentHash(value.input as Json)) continue;
    throw new UsageError(
      `${incidentFile}: ${place}expected ${value.id} to be the case that ${dataset} has under this id, found another input`,
      { nextStep: "put new actions behind the others, or give this case an `id` of its own" },
    );
  }
}

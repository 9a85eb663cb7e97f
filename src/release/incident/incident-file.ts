import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import type { Incident } from "../../config/release/incident-schema.js";
import { parseIncidentFile } from "../../config/release/parse-incident-file.js";
import { StoreError, UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { readTextFile } from "../../eval/project/read-text-file.js";

const ENDING = ".yaml";

const HEAD = `# yaml-language-server: $schema=./node_modules/agentctl/schemas/incident.schema.json
# agentctl wrote this file once and never changes it again. Fill in contributing_factors and actions, then set status to
# closed. An action with a case becomes a golden case: agentctl incident cases ID --dataset datasets/regressions.jsonl
#   actions:
#     - what: Ask for the order id before a refund
#       owner: ana
#       case: { input: "I want my money back", expect: { must_include: ["order id"] }, risk: high }
`;

/**
 * Writes the file of an incident, unless there is one: what people wrote into it is theirs.
 *
 * @returns the file, and whether it is new
 * @throws {StoreError} when it cannot be written
 */
export function writeIncident(
  folder: string,
  incident: Incident,
): { readonly file: string; readonly isNew: boolean } {
  const file = join(folder, `${incident.id}${ENDING}`);
  try {
    mkdirSync(folder, { recursive: true });
    const descriptor = openSync(file, "wx");
    try {
      writeSync(descriptor, `${HEAD}${stringify(incident, { lineWidth: 120 })}`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return { file, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return { file, isNew: false };
    throw new StoreError(`${file}: cannot write the incident: ${(error as Error).message}`, {
      cause: error,
      nextStep: "free space or rights, then `agentctl incident open`",
    });
  }
}

/** Ids of the incidents of a folder, newest release last; empty when there is no folder. */
export function incidentIds(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => basename(name, ENDING))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new StoreError(`${folder}: cannot list the incidents: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * @param id - of an incident, or of the release that was rolled back
 * @throws {UsageError} when there is none
 * @throws {ConfigError} when its file is not valid
 */
export function readIncident(folder: string, id: string, shown: (file: string) => string): Incident {
  const ids = incidentIds(folder);
  const found = ids.find((one) => one === id || one === `inc-${id}`);
  if (found === undefined) {
    const known = ids.length === 0 ? "there is none" : `known: ${listNames(ids)}`;
    throw new UsageError(
      `incident ${id}: expected one of ${shown(folder)} (${known})${didYouMean(id, ids)}`,
      {
        nextStep: "`agentctl incident list` shows all; `agentctl incident open` writes that of a rollback",
      },
    );
  }
  const file = join(folder, `${found}${ENDING}`);
  return parseIncidentFile(
    readTextFile(file, shown(file), "an incident", "`agentctl incident list`"),
    shown(file),
  );
}

/** The text of the file of an incident with another status; everything else stays as people wrote it. */
export function withStatus(folder: string, id: string, status: Incident["status"]): string {
  const text = readFileSync(join(folder, `${id}${ENDING}`), "utf8");
  return text.replace(/^status: .*$/m, `status: ${status}`);
}

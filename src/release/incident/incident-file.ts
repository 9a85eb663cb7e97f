import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
  if (existsSync(file)) return { file, isNew: false };
  // A part of a file, of a full disk or a crash, would pass for the incident for ever.
  const whole = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    writeSynced(whole, `${HEAD}${stringify(incident, { lineWidth: 120 })}`);
    linkSync(whole, file);
    return { file, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && existsSync(file)) return { file, isNew: false };
    throw new StoreError(`${file}: cannot write the incident: ${(error as Error).message}`, {
      cause: error,
      nextStep: "free space or rights: the controller tries five times",
    });
  } finally {
    removeQuietly(whole);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What matters is told already.
  }
}

function writeSynced(file: string, text: string): void {
  const descriptor = openSync(file, "w");
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
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
        nextStep: "`agentctl incident list` shows all; a rollback writes its own",
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

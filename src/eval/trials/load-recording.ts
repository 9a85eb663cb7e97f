import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { DatasetError } from "../../core/errors.js";
import type { Dataset } from "../../core/golden-case.js";
import { isTauRecording, readTauRecording } from "../../datasets/import/tau.js";
import { readCassette } from "../../models/cassette-file.js";
import type { Model } from "../../models/model.js";
import { createReplayModel } from "../../models/replay.js";
import { replaySource } from "../../models/replay-source.js";
import type { RecordedTurns } from "../../runtime/run-trial.js";
import { shownPath } from "../project/shown-path.js";

/** A recording that answers for the model and, where it has one, the simulated user. */
export interface Recording {
  readonly shownPath: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly model: Model;
  readonly caseIds: readonly string[];
  /** Trials of a case that the recording holds, ascending. */
  readonly trialsOf: (caseId: string) => readonly number[];
  /** Length of an imported conversation, which ends where its recording does; `null` for a cassette of our own. */
  readonly turnsOf: (caseId: string, trial: number) => RecordedTurns | null;
}

/**
 * Reads a recording: a cassette written by `eval --record`, or a tau-bench or tau2-bench results file for a
 * dataset whose case ids are `<domain>-<task id>`.
 *
 * @param modelName - the model that was recorded, as reports name it
 * @throws {DatasetError} with file and line of everything that is wrong with it
 */
export async function loadRecording(
  path: string,
  dataset: Dataset,
  modelName: string,
  workingDirectory: string,
): Promise<Recording> {
  const shown = shownPath(path, workingDirectory);
  if (!existsSync(path)) {
    throw new DatasetError([{ file: shown, message: "expected a recording, found no file" }], {
      nextStep: "make one with `agentctl eval --record FILE`",
    });
  }
  const imported = await isTauRecording(path);
  const simulations = imported ? await readTauRecording(path, domainOf(dataset)) : await readCassette(path);
  const source = replaySource(simulations, shown);
  return {
    shownPath: shown,
    hash: await hashOf(path),
    model: createReplayModel(source, modelName),
    caseIds: source.caseIds(),
    trialsOf: source.trials,
    turnsOf: (caseId, trial) => {
      if (!imported || source.crash(caseId, trial) !== null) return null;
      const turns = source.turns(caseId, trial);
      const agent = turns.filter((turn) => turn.speaker === "agent").length;
      return { agent, user: turns.length - agent };
    },
  };
}

/** The part of the case ids before the task id: `airline` of `airline-12`. */
function domainOf(dataset: Dataset): string {
  const first = dataset.cases[0]?.id ?? "";
  return first.slice(0, Math.max(0, first.lastIndexOf("-")));
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

import { ConfigError, DatasetError, UsageError } from "../core/errors.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../core/run.js";
import type { Store } from "../store/store.js";
import { type EvalFlags, rejectOverrides } from "./eval-flags.js";
import type { Evaluation } from "./evaluation.js";
import { requireRun } from "./run/stored-run.js";

const MOST_SHOWN = 10;

/**
 * Checks that what is on disk now is what the run was started with: otherwise its first half and its second
 * half would judge different things.
 *
 * @throws {DatasetError} naming the cases that changed or went away
 * @throws {ConfigError} when the agent is another version
 */
export function checkResumable(run: RunHeader, evaluation: Evaluation): void {
  const hashes = new Map(evaluation.dataset.cases.map((one) => [one.id, one.hash]));
  const changed = new Set<string>();
  for (const planned of run.plan) {
    if (hashes.get(planned.caseId) !== planned.caseHash) changed.add(planned.caseId);
  }
  if (changed.size > 0) {
    const lines = new Map(evaluation.dataset.cases.map((one) => [one.id, one.line]));
    const problems = [...changed].slice(0, MOST_SHOWN).map((id) => {
      const line = lines.get(id);
      const what = line === undefined ? "is no longer in the dataset" : "has changed";
      const place = { file: evaluation.dataset.path, ...(line === undefined ? {} : { line }) };
      return { ...place, message: `case "${id}" ${what} since run ${run.id} was started` };
    });
    const rest = changed.size - problems.length;
    if (rest > 0) problems.push({ file: evaluation.dataset.path, message: `and ${rest} more cases` });
    throw new DatasetError(problems, {
      nextStep: "restore the dataset to resume, or start a new run without --resume",
    });
  }
  if (run.agentVersion !== evaluation.agent.version) {
    throw new ConfigError(
      [
        {
          file: `agent ${evaluation.agent.name}`,
          message: `expected version ${run.agentVersion.slice(0, 12)}, found ${evaluation.agent.version.slice(0, 12)}: agent file, prompt, tools, documents or model parameters changed since run ${run.id} was started`,
        },
      ],
      { nextStep: "restore the agent to resume, or start a new run without --resume" },
    );
  }
}

/**
 * The run that `--resume` or `--retry-errors` goes on with, or `null` for a new one.
 *
 * @throws {UsageError} when there is no such run, or flags are given that would change it
 */
export function earlierRun(flags: EvalFlags, store: Store): RunHeader | null {
  const asked = flags.resume ?? flags.retryErrors;
  if (asked === undefined) return null;
  rejectOverrides(flags);
  if (asked !== true) return runnable(requireRun(store, asked));
  for (const summary of store.listRuns()) {
    if (summary.provider === IMPORTED_PROVIDER || isScoredCopy(summary)) continue;
    const isWanted = flags.resume === undefined ? summary.errors > 0 : summary.trials < summary.planned;
    const run = isWanted ? store.getRun(summary.id) : null;
    if (run !== null) return run;
  }
  throw new UsageError(
    flags.resume === undefined ? "no run has trials that ended in an error" : "no run is left to resume",
    { nextStep: "start one with `agentctl eval`" },
  );
}

/** A run that `agentctl score` made of another one: its trials were executed there. */
function isScoredCopy({ invocation }: Pick<RunHeader, "invocation">): boolean {
  return invocation.score !== undefined;
}

function runnable(run: RunHeader): RunHeader {
  if (isScoredCopy(run)) {
    throw new UsageError(`run ${run.id} holds trials of another run, scored again`, {
      nextStep: "go on with the run that executed them; the notes of this one name it",
    });
  }
  if (run.provider !== IMPORTED_PROVIDER) return run;
  throw new UsageError(`run ${run.id} was imported: there is no agent to run its trials again`, {
    nextStep: "replay the recording with `agentctl eval --suite SUITE --recording FILE`",
  });
}

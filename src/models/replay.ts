import { closest } from "fastest-levenshtein";
import { ProviderError } from "../core/errors.js";
import type { RecordedTurn } from "../core/recording.js";
import { abortedError } from "./deadlines.js";
import type { CallPosition, Model, ModelRequest } from "./model.js";
import type { ReplaySource } from "./replay-source.js";
import { requestHash } from "./request-hash.js";

/**
 * A model that answers from a recording. A turn that was recorded with the hash of its request answers only that
 * request, and only in its own trial: a recording of one trial never passes for four. A turn without a hash (an
 * import) answers by its position. A trial that crashed while it was recorded answers nothing: the turns before the
 * crash may look like a whole conversation.
 *
 * @throws {ProviderError} REPLAY_MISS when nothing recorded fits, RECORDING_CRASHED at every call of a trial that
 * crashed while it was recorded
 */
export function createReplayModel(source: ReplaySource, name = "replay"): Model {
  return {
    provider: "replay",
    name,
    async complete(request, { signal, onText, onReplay }) {
      if (signal.aborted) throw abortedError(`replay of ${source.name}`);
      const { reply, durationMs } = findTurn(source, request);
      onReplay?.(durationMs);
      if (reply.text !== null) onText?.(reply.text);
      return reply;
    },
  };
}

const MAX_CRASH_LENGTH = 300;

function findTurn(source: ReplaySource, request: ModelRequest): RecordedTurn {
  const { position } = request;
  const crash = source.crash(position.caseId, position.trial);
  if (crash !== null) throw recordedCrash(source, position, crash);
  const recorded = source.turnAt(position);
  if (recorded?.requestHash === null) return recorded;
  const turns = source.turns(position.caseId, position.trial);
  const hash = turns.some((turn) => turn.requestHash !== null) ? requestHash(request) : null;
  if (recorded !== undefined && recorded.requestHash === hash) return recorded;
  const sameRequest = turns.find(
    (turn) => hash !== null && turn.requestHash === hash && turn.speaker === position.speaker,
  );
  if (sameRequest !== undefined) return sameRequest;
  if (recorded !== undefined) throw changedRequest(source, position, hash, recorded.requestHash);
  throw new ProviderError(
    "REPLAY_MISS",
    `${source.name}: no recorded reply for ${describe(position)}; ${nearest(source, position)}`,
    { nextStep: "Run what the recording holds, or record it with `agentctl eval --record FILE`." },
  );
}

function recordedCrash(source: ReplaySource, { caseId, trial }: CallPosition, crash: string): ProviderError {
  return new ProviderError(
    "RECORDING_CRASHED",
    `${source.name}: the recorded conversation of case "${caseId}", trial ${trial} crashed: ${shorten(crash)}`,
    { nextStep: "Nothing can be said of this trial; record it again to score it." },
  );
}

function changedRequest(
  source: ReplaySource,
  position: CallPosition,
  hash: string | null,
  recordedHash: string | null,
): ProviderError {
  return new ProviderError(
    "REPLAY_MISS",
    `${source.name}: the request of ${describe(position)} changed since the recording ` +
      `(hash ${hash?.slice(0, 12)}, recorded ${recordedHash?.slice(0, 12)})`,
    {
      nextStep:
        "Undo the change of prompt, tools, case or parameters, or record again with " +
        `\`agentctl eval --record ${source.name}\` on a model that can answer.`,
    },
  );
}

/** Imported crashes can be whole stack traces. */
function shorten(message: string): string {
  const line = message.trim().replaceAll(/\s+/g, " ") || "unknown failure";
  return line.length <= MAX_CRASH_LENGTH ? line : `${line.slice(0, MAX_CRASH_LENGTH)}…`;
}

function describe({ caseId, trial, speaker, turn }: CallPosition): string {
  return `case "${caseId}", trial ${trial}, ${speaker} turn ${turn}`;
}

/** The recorded key nearest to the one asked for: same trial, else same case, else the case of likest name. */
function nearest(source: ReplaySource, position: CallPosition): string {
  const caseIds = source.caseIds();
  if (caseIds.length === 0) return "the recording is empty";
  const caseId = caseIds.includes(position.caseId) ? position.caseId : closest(position.caseId, [...caseIds]);
  const trial = source
    .trials(caseId)
    .reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
  function distance(candidate: number): number {
    return Math.abs(candidate - position.trial);
  }
  const turns = source.turns(caseId, trial);
  const turn = turns.findLast((candidate) => candidate.speaker === position.speaker) ?? turns.at(-1);
  if (turn === undefined) return `nearest is case "${caseId}", trial ${trial}, which has no turns`;
  return `nearest is ${describe(turn)}`;
}

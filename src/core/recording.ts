import type { Speaker } from "./events.js";
import type { ModelReply } from "./message.js";

/** What a simulated user says when it is done, as in tau-bench; the agent never sees it. */
export const USER_STOP_MARK = "###STOP###";

/** What the scenario of the case does not say enough for, as in tau2-bench. */
export const USER_OUT_OF_SCOPE_MARK = "###OUT-OF-SCOPE###";

/** What a simulated user says to end the conversation, as in tau2-bench; the agent never sees it. */
export const USER_END_MARKS: readonly string[] = [USER_STOP_MARK, "###TRANSFER###", USER_OUT_OF_SCOPE_MARK];

/** Ends the goal of a case that was imported without one: nobody can say then what its user should have said. */
export const GOAL_NOT_GIVEN = "(the results do not tell what the user was to do)";

/** One model call of a recorded conversation: a line of a cassette file. */
export interface RecordedTurn {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly speaker: Speaker;
  /** 0-based index among the calls of this speaker in this trial. */
  readonly turn: number;
  /** Content hash of the request that was answered; `null` for imported recordings, which go by position. */
  readonly requestHash: string | null;
  readonly reply: ModelReply;
  /** `null` when the recording does not say. */
  readonly durationMs: number | null;
}

/** One recorded conversation, as read from a tau-bench or tau2-bench file or a cassette. */
export interface RecordedSimulation {
  readonly caseId: string;
  readonly trial: number;
  /** In conversation order, both speakers. */
  readonly turns: readonly RecordedTurn[];
  /** Reward that the recording claims, 0 to 1; `null` when it has none. */
  readonly reward: number | null;
  /** Message of the infrastructure failure that ended the simulation, or `null`. */
  readonly crash: string | null;
  /** Tool answers in call order, to compare ours with. */
  readonly toolResults: readonly {
    readonly callId: string;
    readonly name: string;
    readonly content: string;
  }[];
}

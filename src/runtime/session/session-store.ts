import type { Message } from "../../core/message.js";
import type { ConversationLog } from "../conversation-log.js";

/** A conversation that outlives processes. */
export interface SessionRecord {
  readonly id: string;
  readonly tenantId: string;
  /** `null` for somebody who did not sign in. */
  readonly userId: string | null;
  readonly agentName: string;
  /** Content hash of the agent that it was begun with. */
  readonly agentVersion: string;
  /** One more with each write: a writer that saw an older one is refused. */
  readonly version: number;
  readonly messageCount: number;
  /** Messages of the user that wait for their turn. */
  readonly queuedCount: number;
  /** Whether a message of the user was taken up and not answered yet, be it by a crash. */
  readonly isTurnOpen: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type NewSession = Pick<SessionRecord, "id" | "tenantId" | "userId" | "agentName" | "agentVersion">;

/** One hold of one process on one session. */
export interface SessionOwner {
  readonly host: string;
  readonly pid: number;
  /** Tells two holds of the same process apart. */
  readonly token: string;
}

export interface QueuedMessage {
  readonly position: number;
  readonly text: string;
}

export interface ClaimRequest {
  readonly owner: SessionOwner;
  /** A message of the user to put at the end of the queue; `null` for none. */
  readonly text: string | null;
  /** Whether the message is queued when somebody else holds the session, or not taken at all. */
  readonly whenBusy: "queue" | "reject";
}

export type Claim =
  | { readonly kind: "held" }
  /** `queued`: the holder will take up the message after those before it. */
  | { readonly kind: "busy"; readonly holder: SessionOwner; readonly queued: number | null };

/** The log of a session that its owner holds; what it wrote is safe as {@link SessionStore} says. */
export interface StoredLog extends ConversationLog {
  /** Version after the last write. */
  readonly version: number;
  /** The message leaves the queue with the next `append`, in the same write. */
  take(message: QueuedMessage): void;
  /** The turn is over, whether or not there was an answer. A message that was taken and never appended is dropped. */
  closeTurn(): void;
}

/** Texts that a deletion removed. */
export interface DeletedSessions {
  readonly sessions: number;
  readonly messages: number;
  readonly notes: number;
  readonly queued: number;
  readonly effects: number;
}

export interface SessionFilter {
  readonly tenantId?: string;
  readonly userId?: string | null;
  /** Most sessions to list, the last written first; 100 when left out. */
  readonly limit?: number;
}

/**
 * Where conversations are kept. One process writes a session at a time: it claims it, works, and gives it back. A claim
 * ends with its process, or when it was not renewed for the lease time.
 *
 * Readers of this process see at once what was written. It outlives a kill of the process at the end of the turn of the
 * event loop, or when `commit` has returned; what could not be kept makes the next write of its session fail.
 *
 * Every method throws `StoreError` when the store fails, and `SessionError` as told.
 */
export interface SessionStore {
  /** @throws {SessionError} SESSION_EXISTS */
  create(session: NewSession): SessionRecord;
  find(id: string): SessionRecord | null;
  list(filter?: SessionFilter): readonly SessionRecord[];
  /** The messages as they are now, for readers. Empty when there is no such session. */
  messages(id: string): readonly Message[];
  /** Queues the message and takes the session, or says who has it, in one step. @throws {SessionError} SESSION_UNKNOWN */
  claim(id: string, request: ClaimRequest): Claim;
  /** Keeps the session for another lease time. @returns false when somebody else has it */
  renew(id: string, owner: SessionOwner): boolean;
  /** Opens the log for its owner. A write of a former owner throws {@link SessionError} SESSION_CONFLICT. */
  log(id: string, owner: SessionOwner): StoredLog;
  /** The next message of the queue; when there is none, the session is given back in the same step. */
  nextOrRelease(id: string, owner: SessionOwner): QueuedMessage | null;
  release(id: string, owner: SessionOwner): void;
  /** What was written is kept when it returns. @throws {StoreError} when something of the session was lost */
  commit(id: string): void;
  /** Removes one session with all that belongs to it; its pages are overwritten. */
  delete(id: string): DeletedSessions;
  /** Removes every session of a user. Nothing of their texts is left in the file when it returns. */
  deleteUser(tenantId: string, userId: string): DeletedSessions;
  close(): void;
}

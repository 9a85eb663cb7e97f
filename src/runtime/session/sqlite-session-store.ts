import type { Clock } from "../../core/clock.js";
import { SessionError } from "../../core/errors.js";
import type { Message } from "../../core/message.js";
import { type ConversationDatabase, openConversationDatabase } from "./conversation-database.js";
import { isOwnerAlive } from "./session-owner.js";
import { sessionStatements } from "./session-statements.js";
import type {
  Claim,
  ClaimRequest,
  DeletedSessions,
  NewSession,
  QueuedMessage,
  SessionFilter,
  SessionOwner,
  SessionRecord,
  SessionStore,
  StoredLog,
} from "./session-store.js";
import { SqliteStoredLog } from "./sqlite-stored-log.js";

export interface SessionStoreOptions {
  readonly clock: Clock;
  /** How long a claim holds without being renewed, in milliseconds; 30,000 when left out. */
  readonly leaseMs?: number;
}

const DEFAULT_LEASE_MS = 30_000;
const DEFAULT_LIMIT = 100;

/**
 * Opens the sessions in one SQLite file, see `conversationFile`; `:memory:` keeps them in the process.
 *
 * @throws {StoreError} when it cannot be opened
 */
export function openSessionStore(file: string, options: SessionStoreOptions): SessionStore {
  return new SqliteSessionStore(openConversationDatabase(file), options);
}

class SqliteSessionStore implements SessionStore {
  private readonly sql;
  private readonly leaseMs: number;

  constructor(
    private readonly database: ConversationDatabase,
    private readonly options: SessionStoreOptions,
  ) {
    this.sql = sessionStatements(database.connection);
    this.leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  }

  create(session: NewSession): SessionRecord {
    const made = this.database.write("create a session", null, () => {
      if (this.sql.find.get(session.id) !== undefined) {
        throw new SessionError("SESSION_EXISTS", `session ${session.id} exists already`, {
          nextStep: "Continue it, or begin one under another id.",
        });
      }
      this.sql.create.run({ ...session, now: this.options.clock.now() });
      return this.recordOf(session.id);
    });
    this.database.commit();
    return made;
  }

  find(id: string): SessionRecord | null {
    return this.database.read("read a session", () => {
      const row = this.sql.find.get(id);
      return row === undefined ? null : toRecord(row);
    });
  }

  list({ tenantId, userId, limit = DEFAULT_LIMIT }: SessionFilter = {}): readonly SessionRecord[] {
    return this.database.read("list the sessions", () =>
      this.sql.list
        .all({
          tenant: tenantId ?? null,
          anyTenant: tenantId === undefined ? 1 : 0,
          user: userId ?? null,
          anyUser: userId === undefined ? 1 : 0,
          limit,
        })
        .map(toRecord),
    );
  }

  messages(id: string): readonly Message[] {
    return this.database.read("read a session", () =>
      this.sql.messages.all(id).map((body) => JSON.parse(body) as Message),
    );
  }

  claim(id: string, { owner, text, whenBusy }: ClaimRequest): Claim {
    return this.database.write("claim a session", null, (): Claim => {
      const row = this.rowOf(id);
      const holder = this.holderOf(id);
      const isFree = holder === null || holder.token === owner.token;
      let queued: number | null = null;
      if (text !== null && (isFree || whenBusy === "queue")) {
        this.sql.enqueue.run(row.key, text);
        queued = row.queued + 1;
      }
      if (!isFree) return { kind: "busy", holder, queued };
      this.sql.hold.run({ ...owner, key: row.key, until: this.options.clock.now() + this.leaseMs });
      return { kind: "held" };
    });
  }

  renew(id: string, { token }: SessionOwner): boolean {
    return this.database.write("renew a session", null, () => {
      const until = this.options.clock.now() + this.leaseMs;
      return this.sql.renew.run({ id, token, until }).changes === 1;
    });
  }

  log(id: string, owner: SessionOwner): StoredLog {
    this.database.readAnew(id);
    return this.database.read("open a session", () => {
      const row = this.rowOf(id);
      return new SqliteStoredLog({
        sql: this.sql,
        key: row.key,
        id,
        version: row.version,
        token: owner.token,
        clock: this.options.clock,
        write: (work) => this.database.write("write a session", id, work),
        keep: () => this.commit(id),
      });
    });
  }

  nextOrRelease(id: string, owner: SessionOwner): QueuedMessage | null {
    return this.database.write("read the queue of a session", id, () => {
      const next = this.sql.next.get(id);
      if (next !== undefined) return { position: next.number, text: next.text };
      this.sql.release.run({ id, token: owner.token });
      return null;
    });
  }

  release(id: string, owner: SessionOwner): void {
    this.database.write("release a session", null, () => this.sql.release.run({ id, token: owner.token }));
  }

  commit(id: string): void {
    this.database.commit();
    this.database.refuseLost(id);
  }

  delete(id: string): DeletedSessions {
    return this.remove("delete a session", () => this.sql.keysOfId.all(id));
  }

  deleteUser(tenantId: string, userId: string): DeletedSessions {
    return this.remove("delete the sessions of a user", () => this.sql.keysOfUser.all(tenantId, userId), {
      tenantId,
      userId,
    });
  }

  close(): void {
    this.database.close();
  }

  /** Effects are found by their user as well: those of a conversation without a session are theirs too. */
  private remove(
    action: string,
    find: () => readonly { readonly key: number; readonly id: string }[],
    user?: { readonly tenantId: string; readonly userId: string },
  ): DeletedSessions {
    const counts = { sessions: 0, messages: 0, notes: 0, queued: 0, effects: 0 };
    this.database.write(action, null, () => {
      for (const { key, id } of find()) {
        counts.messages += this.sql.deleteMessages.run(key).changes;
        counts.notes += this.sql.deleteNotes.run(key).changes;
        counts.queued += this.sql.deleteQueue.run(key).changes;
        counts.effects += this.sql.deleteEffects.run({ id }).changes;
        this.sql.deleteFlows.run({ id });
        counts.sessions += this.sql.deleteSession.run(key).changes;
      }
      if (user === undefined) return;
      this.sql.deleteFlowsOfUser.run(user.tenantId, user.userId);
      counts.effects += this.sql.deleteEffectsOfUser.run(user.tenantId, user.userId).changes;
    });
    this.database.read(action, () => this.database.truncateJournal());
    return counts;
  }

  /** The process that holds a session, unless it is gone or its lease has ended. */
  private holderOf(id: string): SessionOwner | null {
    const row = this.sql.holder.get(id);
    if (row === undefined || row.until <= this.options.clock.now()) return null;
    const holder = { host: row.host, pid: row.pid, token: row.token };
    return isOwnerAlive(holder) ? holder : null;
  }

  private rowOf(id: string) {
    const row = this.sql.find.get(id);
    if (row !== undefined) return row;
    throw new SessionError("SESSION_UNKNOWN", `there is no session ${id}`, {
      nextStep: "List the sessions, or begin a new one.",
    });
  }

  private recordOf(id: string): SessionRecord {
    return toRecord(this.rowOf(id));
  }
}

function toRecord(row: ReturnType<SqliteSessionStore["rowOf"]>): SessionRecord {
  return {
    id: row.id,
    tenantId: row.tenant,
    userId: row.user,
    agentName: row.agent,
    agentVersion: row.agent_version,
    version: row.version,
    messageCount: row.messages,
    queuedCount: row.queued,
    isTurnOpen: row.turn_open === 1,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}

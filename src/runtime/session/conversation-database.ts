import { join, resolve } from "node:path";
import type Database from "better-sqlite3";
import { StoreError } from "../../core/errors.js";
import { openSqlite } from "../../store/open-sqlite.js";
import { storeFailure } from "../../store/sqlite-failure.js";

/**
 * Pages in the journal before SQLite moves them into the file, 40 MB. That stops every conversation for some
 * milliseconds, and the more seldom it happens the fewer pages are moved: the same few are written over and over.
 */
const CHECKPOINT_PAGES = 10_000;

/** Few indexes: each costs every step of every conversation a page, and few questions are asked across conversations. */
const SCHEMA = `
CREATE TABLE sessions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  user TEXT,
  agent TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  turn_open INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  holder_host TEXT,
  holder_pid INTEGER,
  holder_token TEXT,
  holder_until INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (tenant, user);
CREATE TABLE messages (
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_by_session ON inbox (session, number);
CREATE TABLE effects (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  conversation TEXT NOT NULL,
  tenant TEXT NOT NULL,
  user TEXT,
  turn INTEGER NOT NULL,
  step INTEGER NOT NULL,
  call TEXT NOT NULL,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  compensates TEXT,
  status TEXT NOT NULL,
  outcome TEXT,
  detail TEXT NOT NULL,
  intended_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX effects_by_conversation ON effects (conversation, number);
CREATE TABLE flows (
  conversation TEXT NOT NULL,
  turn INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (conversation, turn)
) STRICT, WITHOUT ROWID;
`;

/** File of conversations and their side effects below the data folder of a project. */
export function conversationFile(dataFolder: string): string {
  return join(dataFolder, "conversations.db");
}

/** Holds the pages of some thousand conversations that are at work, in KiB; all users of a file share it. */
const CACHE_KIB = 32_000;

const IN_MEMORY = ":memory:";

/** The files that this process has open, by path. */
const openFiles = new Map<string, ConversationDatabase>();

/**
 * Opens the file of conversations, creating it and its folder when missing. Sessions and the ledger share it, so that
 * what the journal syncs to the disk takes every message before it along; all that open it in one process share one
 * connection. `:memory:` is opened anew each time.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openConversationDatabase(file: string): ConversationDatabase {
  const path = file === IN_MEMORY ? file : resolve(file);
  const opened = openFiles.get(path) ?? new ConversationDatabase(path);
  if (path !== IN_MEMORY) openFiles.set(path, opened);
  return opened.shared();
}

/**
 * One connection to the file of conversations. Writes of one turn of the event loop are one transaction: a step writes
 * several times between two waits, and each transaction costs pages of journal. Nothing that comes from outside the
 * process is between them, so a kill loses what a kill at the last wait had lost. Whoever is about to be seen, by a
 * system or by the user, calls {@link commit} first.
 */
export class ConversationDatabase {
  /** For statements and questions; whoever writes does it within {@link write}. */
  readonly connection: Database.Database;
  private users = 0;
  private readonly begin: Database.Statement;
  /** Undoes the writes of one call when it fails, and no others. */
  private readonly part: (work: () => unknown) => unknown;
  /** Conversations with writes that are not committed. */
  private readonly pending = new Set<string>();
  /** Why writes of a conversation were lost, until it is read again. */
  private readonly lost = new Map<string, Error>();

  constructor(private readonly file: string) {
    this.connection = openSqlite(file, {
      what: "open the conversations",
      schema: SCHEMA,
      version: 1,
      busyTimeoutMs: 10_000,
      // What a power cut must not undo, the ledger syncs by itself.
      pragmas: [
        "synchronous = NORMAL",
        `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
        `cache_size = -${CACHE_KIB}`,
      ],
    });
    this.begin = this.connection.prepare("BEGIN IMMEDIATE");
    this.part = this.connection.transaction((work: () => unknown) => work());
  }

  shared(): this {
    this.users += 1;
    return this;
  }

  /** @throws {StoreError} when it cannot be read */
  read<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFailure(this.file, action, error);
    }
  }

  /**
   * Writes what `work` writes, all or nothing. It is committed at the end of this turn of the event loop.
   *
   * @param conversation - id of whose state it is; `null` when nothing goes on from what was written
   * @throws {StoreError} when it cannot be written, or when earlier writes of the conversation could not be committed
   */
  write<T>(action: string, conversation: string | null, work: () => T): T {
    return this.read(action, () => {
      if (conversation !== null) this.refuseLost(conversation);
      if (!this.connection.inTransaction) {
        this.begin.run();
        process.nextTick(() => this.commitAtLast());
      }
      if (conversation !== null) this.pending.add(conversation);
      try {
        return this.part(work) as T;
      } catch (error) {
        // A full disk ends the transaction of all.
        if (!this.connection.inTransaction) this.lose(error);
        throw error;
      }
    });
  }

  /**
   * Hands everything written so far to the system: a kill of the process loses nothing of it.
   *
   * @throws {StoreError} when it cannot be written; none of it is then
   */
  commit(): void {
    if (!this.connection.inTransaction) return;
    this.read("write the conversations", () => {
      try {
        this.connection.exec("COMMIT");
        this.pending.clear();
      } catch (error) {
        if (this.connection.inTransaction) this.connection.exec("ROLLBACK");
        this.lose(error);
        throw error;
      }
    });
  }

  /** @throws {StoreError} when writes of the conversation were lost since it was {@link readAnew} */
  refuseLost(conversation: string): void {
    const reason = this.lost.get(conversation);
    if (reason !== undefined) throw reason;
  }

  /** Whoever reads a session anew, with its specialists, goes on from what was committed. */
  readAnew(session: string): void {
    for (const id of this.lost.keys()) {
      if (id === session || id.startsWith(`${session}/`)) this.lost.delete(id);
    }
  }

  /** Writes what was deleted out of the journal of the file as well. */
  truncateJournal(): void {
    this.commit();
    this.connection.pragma("wal_checkpoint(TRUNCATE)");
  }

  /** Commits. The last one that closes it closes the file. */
  close(): void {
    this.users -= 1;
    try {
      this.commit();
    } finally {
      if (this.users === 0) {
        openFiles.delete(this.file);
        this.connection.close();
      }
    }
  }

  /** The next write of each conversation that lost something says so. */
  private commitAtLast(): void {
    try {
      this.commit();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  private lose(error: unknown): void {
    const reason = storeFailure(this.file, "write the conversations", error);
    for (const conversation of this.pending) this.lost.set(conversation, reason);
    this.pending.clear();
  }
}

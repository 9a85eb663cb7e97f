import type { FileHandle } from "node:fs/promises";
import type Database from "better-sqlite3";
import type { ToolOutcome } from "../../environments/environment.js";
import { type ConversationDatabase, openConversationDatabase } from "../session/conversation-database.js";
import type { ToolArguments } from "../tools/tool.js";
import { DiskSync } from "./disk-sync.js";
import type {
  Effect,
  EffectId,
  EffectStatus,
  Flow,
  LedgerStore,
  NewEffect,
  Settlement,
} from "./ledger-store.js";

interface EffectRow {
  readonly key: string;
  readonly conversation: string;
  readonly tenant: string;
  readonly user: string | null;
  readonly turn: number;
  readonly step: number;
  readonly call: string;
  readonly tool: string;
  readonly arguments: string;
  readonly compensates: string | null;
  readonly status: string;
  readonly outcome: string | null;
  readonly detail: string;
  readonly intended_at: number;
  readonly settled_at: number | null;
}

/**
 * Opens the ledger in the file of conversations.
 *
 * @param survives - `power-cut`: an intent is on the disk when it counts as written; `kill`: it is with the system
 * @param datasync - puts the journal on the disk; that of the system when left out
 * @throws {StoreError} when it cannot be opened
 */
export function openLedgerStore(
  file: string,
  survives: "power-cut" | "kill",
  datasync?: (journal: FileHandle) => Promise<void>,
): LedgerStore {
  const waits = survives === "power-cut" && file !== ":memory:";
  const sync = waits ? new DiskSync(`${file}-wal`, datasync) : null;
  return new SqliteLedgerStore(openConversationDatabase(file), sync);
}

class SqliteLedgerStore implements LedgerStore {
  private readonly sql;

  constructor(
    private readonly database: ConversationDatabase,
    private readonly sync: DiskSync | null,
  ) {
    this.sql = statements(database.connection);
  }

  effects(conversationId: string): readonly Effect[] {
    return this.database.read("read the ledger", () => this.sql.effects.all(conversationId).map(toEffect));
  }

  async intend(effect: NewEffect): Promise<boolean> {
    const { changes } = this.write(effect, () =>
      this.sql.intend.run({ ...effect, args: JSON.stringify(effect.args) } as never),
    );
    await this.keep();
    return changes === 1;
  }

  async reopen(effect: EffectId, atMs: number): Promise<void> {
    this.write(effect, () => this.sql.reopen.run(atMs, effect.key));
    await this.keep();
  }

  settle(effect: EffectId, { status, outcome, detail, atMs }: Settlement): void {
    const body = outcome === null ? null : JSON.stringify(outcome);
    this.write(effect, () => this.sql.settle.run(status, body, detail, atMs, effect.key));
  }

  flows(conversationId: string): readonly Flow[] {
    return this.database.read("read the ledger", () => this.sql.flows.all(conversationId));
  }

  setFlow(conversationId: string, { turn, status, reason }: Flow): void {
    this.write({ conversationId }, () => this.sql.setFlow.run(conversationId, turn, status, reason));
  }

  close(): void {
    this.database.close();
    void this.sync?.close();
  }

  private write<T>({ conversationId }: Pick<Effect, "conversationId">, work: () => T): T {
    return this.database.write("write the ledger", conversationId, work);
  }

  /** What was written is as safe as `survives` asks when the promise is fulfilled. */
  private async keep(): Promise<void> {
    this.database.commit();
    await this.sync?.flush();
  }
}

function statements(database: Database.Database) {
  return {
    effects: database.prepare<[string], EffectRow>(
      "SELECT * FROM effects WHERE conversation = ? ORDER BY number",
    ),
    intend: database.prepare(
      `INSERT INTO effects (key, conversation, tenant, user, turn, step, call, tool, arguments, compensates,
         status, detail, intended_at)
       VALUES (@key, @conversationId, @tenantId, @userId, @turn, @step, @callId, @tool, @args, @compensates,
         'intended', '', @intendedAtMs)
       ON CONFLICT (key) DO NOTHING`,
    ),
    reopen: database.prepare<[number, string]>(
      `UPDATE effects SET status = 'intended', outcome = NULL, detail = '', intended_at = ?, settled_at = NULL
       WHERE key = ?`,
    ),
    settle: database.prepare<[EffectStatus, string | null, string, number, string]>(
      "UPDATE effects SET status = ?, outcome = ?, detail = ?, settled_at = ? WHERE key = ?",
    ),
    flows: database.prepare<[string], Flow>(
      "SELECT turn, status, reason FROM flows WHERE conversation = ? ORDER BY turn",
    ),
    setFlow: database.prepare<[string, number, Flow["status"], string]>(
      `INSERT INTO flows (conversation, turn, status, reason) VALUES (?, ?, ?, ?)
       ON CONFLICT (conversation, turn) DO UPDATE SET status = excluded.status, reason = excluded.reason`,
    ),
  };
}

function toEffect(row: EffectRow): Effect {
  return {
    key: row.key,
    conversationId: row.conversation,
    tenantId: row.tenant,
    userId: row.user,
    turn: row.turn,
    step: row.step,
    callId: row.call,
    tool: row.tool,
    args: JSON.parse(row.arguments) as ToolArguments,
    compensates: row.compensates,
    status: row.status as EffectStatus,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as ToolOutcome),
    detail: row.detail,
    intendedAtMs: row.intended_at,
    settledAtMs: row.settled_at,
  };
}

import type { Clock } from "../../core/clock.js";
import { SessionError } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { SessionStatements } from "./session-statements.js";
import type { QueuedMessage, StoredLog } from "./session-store.js";

export interface StoredLogOptions {
  readonly sql: SessionStatements;
  readonly key: number;
  readonly id: string;
  readonly version: number;
  readonly token: string;
  readonly clock: Clock;
  readonly write: (work: () => void) => void;
  readonly keep: () => void;
}

/** The log of a session on its way through one turn. */
export class SqliteStoredLog implements StoredLog {
  readonly messages: Message[];
  version: number;
  private readonly notes: Map<string, Json>;
  private taken: QueuedMessage | null = null;

  constructor(private readonly options: StoredLogOptions) {
    const { sql, key } = options;
    this.version = options.version;
    this.messages = sql.bodies.all(key).map((body) => JSON.parse(body) as Message);
    this.notes = new Map(sql.notes.all(key).map(({ name, value }) => [name, JSON.parse(value) as Json]));
  }

  append(message: Message): void {
    const { sql, key } = this.options;
    this.advance(() => {
      sql.append.run(key, this.messages.length, JSON.stringify(message));
      if (this.taken === null) return;
      sql.dequeue.run(this.taken.position);
      sql.turn.run(1, key);
    });
    this.taken = null;
    this.messages.push(message);
  }

  note(name: string): Json | undefined {
    return this.notes.get(name);
  }

  setNote(name: string, value: Json | null): void {
    const { sql, key } = this.options;
    this.advance(() => {
      if (value === null) sql.removeNote.run(key, name);
      else sql.setNote.run(key, name, JSON.stringify(value));
    });
    if (value === null) this.notes.delete(name);
    else this.notes.set(name, value);
  }

  keep(): void {
    this.options.keep();
  }

  take(message: QueuedMessage): void {
    this.taken = message;
  }

  closeTurn(): void {
    const { sql, key } = this.options;
    this.advance(() => {
      if (this.taken !== null) sql.dequeue.run(this.taken.position);
      sql.turn.run(0, key);
    });
    this.taken = null;
  }

  private advance(work: () => void): void {
    const { sql, key, token, id, clock, write } = this.options;
    write(() => {
      const { changes } = sql.step.run({ key, version: this.version, token, now: clock.now() });
      if (changes === 0) {
        throw new SessionError(
          "SESSION_CONFLICT",
          `session ${id} was changed by another writer since version ${this.version}`,
          { nextStep: "Open it again: what the other one wrote is there." },
        );
      }
      work();
    });
    this.version += 1;
  }
}

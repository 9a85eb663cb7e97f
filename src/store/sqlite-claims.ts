import type Database from "better-sqlite3";
import type { RunOwner } from "./store.js";

/** Which process executes which run. */
export class SqliteClaims {
  private readonly find;
  private readonly put;
  private readonly remove;

  constructor(private readonly database: Database.Database) {
    this.find = database.prepare<[number], RunOwner>("SELECT host, pid FROM claims WHERE run = ?");
    this.put = database.prepare("INSERT OR REPLACE INTO claims (run, host, pid) VALUES (?, ?, ?)");
    this.remove = database.prepare("DELETE FROM claims WHERE run = ? AND host = ? AND pid = ?");
  }

  claim(run: number, owner: RunOwner, isAlive: (owner: RunOwner) => boolean): RunOwner | null {
    return this.database
      .transaction(() => {
        const holder = this.find.get(run);
        if (holder !== undefined && !isSame(holder, owner) && isAlive(holder)) return holder;
        this.put.run(run, owner.host, owner.pid);
        return null;
      })
      .immediate();
  }

  release(run: number, owner: RunOwner): void {
    this.remove.run(run, owner.host, owner.pid);
  }
}

function isSame(left: RunOwner, right: RunOwner): boolean {
  return left.host === right.host && left.pid === right.pid;
}

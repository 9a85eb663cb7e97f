import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { enterWal } from "./sqlite-wal.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-wal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("gives up a locked file after the busy timeout, not after that of many tries", () => {
  const file = join(folder, "locked.db");
  const holder = new Database(file);
  holder.exec("BEGIN EXCLUSIVE; CREATE TABLE held (a)");
  const database = new Database(file, { timeout: 150 });
  const start = performance.now();
  expect(() => enterWal(database, 150)).toThrow("database is locked");
  expect(performance.now() - start).toBeLessThan(900);
  database.close();
  holder.close();
});

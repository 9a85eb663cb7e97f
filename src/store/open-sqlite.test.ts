import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSqlite } from "./open-sqlite.js";

it("opens a file that has its tables while a writer holds the lock, and reads what was there", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-sqlite-"));
  const kept = {
    what: "open it",
    schema: "CREATE TABLE things (name TEXT)",
    version: 1,
    busyTimeoutMs: 50,
    pragmas: [],
  };
  const writer = openSqlite(join(folder, "kept.db"), kept);
  writer.exec("INSERT INTO things VALUES ('before')");
  writer.exec("BEGIN IMMEDIATE; INSERT INTO things VALUES ('not yet')");
  const reader = openSqlite(join(folder, "kept.db"), kept);
  expect(reader.prepare("SELECT name FROM things").pluck().all()).toEqual(["before"]);
  reader.close();
  writer.close();
  rmSync(folder, { recursive: true });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { StoreError } from "../../core/errors.js";
import {
  type ConversationDatabase,
  conversationFile,
  openConversationDatabase,
} from "./conversation-database.js";

const folder = mkdtempSync(join(tmpdir(), "agentctl-conversations-"));
afterAll(() => rmSync(folder, { recursive: true }));

let file: string;
let database: ConversationDatabase;
let elsewhere: Database.Database;
beforeEach(() => {
  file = conversationFile(mkdtempSync(join(folder, "data-")));
  database = openConversationDatabase(file);
  elsewhere = new Database(file, { readonly: true });
});
afterEach(() => {
  elsewhere.close();
  database.close();
});

const note = (conversation: string, reason: string) =>
  database.write("write a test", conversation, () =>
    database.connection
      .prepare("INSERT OR REPLACE INTO flows VALUES (?, 1, 'stuck', ?)")
      .run(conversation, reason),
  );
/** Breaks a rule that SQLite checks when the transaction is committed. */
const spoil = (conversation: string) =>
  database.write("write a test", conversation, () => {
    database.connection.pragma("defer_foreign_keys = ON");
    database.connection.exec("INSERT INTO messages VALUES (999, 0, '{}')");
  });
const reasons = (connection: Database.Database) =>
  connection.prepare("SELECT reason FROM flows ORDER BY conversation").pluck().all();
const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

it("commits the writes of one turn of the event loop together, and shows them to this process at once", async () => {
  const other = openConversationDatabase(file);
  note("a", "first");
  note("b", "second");
  expect(reasons(other.connection)).toEqual(["first", "second"]);
  expect(reasons(elsewhere)).toEqual([]);
  await endOfTurn();
  expect(reasons(elsewhere)).toEqual(["first", "second"]);
  note("a", "third");
  database.commit();
  expect(reasons(elsewhere)).toEqual(["third", "second"]);
  note("a", "fourth");
  other.close();
  expect(reasons(elsewhere)).toEqual(["fourth", "second"]);
  note("a", "fifth");
  expect(reasons(database.connection)).toEqual(["fifth", "second"]);
});

it("undoes a write that fails, and keeps what others wrote in the same turn", () => {
  note("a", "kept");
  const failing = () =>
    database.write("write a test", "b", () => {
      database.connection.exec("INSERT INTO flows VALUES ('b', 1, 'stuck', 'half')");
      database.connection.exec("INSERT INTO flows VALUES ('b', 1, 'stuck', 'twice')");
    });
  expect(failing).toThrow(StoreError);
  database.commit();
  expect(reasons(elsewhere)).toEqual(["kept"]);
});

it.each([
  ["when it is committed", () => database.commit()],
  ["at the end of the turn", endOfTurn],
])("refuses a conversation whose writes were lost %s, until it is read anew", async (_, commit) => {
  note("kept", "before");
  database.commit();
  note("a/desk", "lost");
  spoil("a");
  try {
    await commit();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
  }
  expect(() => note("a", "x")).toThrow(/cannot write the conversations/);
  expect(() => note("a/desk", "x")).toThrow(StoreError);
  expect(() => database.refuseLost("a")).toThrow(StoreError);
  note("kept", "after");
  database.readAnew("a");
  note("a", "again");
  note("a/desk", "again too");
  database.commit();
  expect(reasons(elsewhere)).toEqual(["again", "again too", "after"]);
});

it("loses the whole turn when the disk is full, and says so to each conversation of it", () => {
  note("a", "lost with the turn");
  const pages = database.connection.pragma("page_count", { simple: true }) as number;
  database.connection.pragma(`max_page_count = ${pages + 1}`);
  expect(() => note("b", "x".repeat(100_000))).toThrow(/the disk is full/);
  database.connection.pragma("max_page_count = 1000000");
  expect(() => note("a", "more")).toThrow(/the disk is full/);
  note("c", "free again");
  database.commit();
  expect(reasons(elsewhere)).toEqual(["free again"]);
});

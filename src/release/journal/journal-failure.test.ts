import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { journalFailure } from "./journal-failure.js";

it.each([
  [
    "SQLITE_BUSY",
    "database is locked",
    /A controller that hangs keeps it locked: .* agentctl canary status names/,
  ],
  ["SQLITE_FULL", "database or disk is full", /Free space on that disk/],
  ["SQLITE_CORRUPT", "database disk image is malformed", /Restore a copy of releases\.db/],
  ["SQLITE_READONLY", "attempt to write a readonly database", /Make releases\.db and its folder writable/],
  ["SQLITE_ERROR", "no such table: releases", /correct `journal` in release\.yaml/],
])("says of %s what to do, and how traffic goes back meanwhile", (code, message, wanted) => {
  const failure = journalFailure("releases.db", "write", new Database.SqliteError(message, code));
  expect(failure).toMatchObject({ code: "STORE_FAILED", nextStep: expect.stringMatching(wanted) });
  expect(failure).toMatchObject({
    nextStep: expect.stringContaining("agentctl canary rollback --force --reason, which needs no journal"),
  });
});

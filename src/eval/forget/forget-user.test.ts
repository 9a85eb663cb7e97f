import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { AuditLog } from "../../runtime/audit/audit-log.js";
import { anchorOf } from "../../runtime/audit/conversation-audit.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { openMemoryStore } from "../../runtime/memory/memory-store.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { forgetOwner, newOwner } from "../../runtime/session/session-owner.js";
import { openSessionStore } from "../../runtime/session/sqlite-session-store.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import { sampleRow, sampleTrial } from "../../store/testing/store-samples.js";
import { scanFiles } from "./byte-scan.js";
import { checkReceipt, type ReceiptUser } from "./receipt.js";
import { ADA, dataFolder, OTHERS, sessionOf, wordsOf } from "./testing/planted-project.js";
import { forgetAda, found, withPlanted } from "./testing/with-planted.js";

const planted = withPlanted();

/** A connection that keeps the journal of a database where it is, as another process does. */
function reader(file: string): Database.Database {
  const database = new Database(file);
  database.prepare("SELECT count(*) FROM sqlite_master").get();
  return database;
}

/** What the agent tells everybody. */
function greet(root: string, user: ReceiptUser, content: string): void {
  const store = openSessionStore(conversationFile(dataFolder(root)), { clock: systemClock });
  const id = `${sessionOf(user)}-greeted`;
  store.create({ id, ...user, agentName: "a", agentVersion: "v" });
  const owner = newOwner();
  store.claim(id, { owner, text: null, whenBusy: "queue" });
  store.log(id, owner).append({ role: "assistant", content, toolCalls: [] });
  store.release(id, owner);
  forgetOwner(owner);
  store.close();
}

describe.concurrent("deletion of a user", { timeout: 120_000 }, () => {
  it("finds what was planted, so that the scan can fail", async () => {
    const root = planted.copy();
    for (const user of [ADA, ...OTHERS]) expect(found(root, wordsOf(user))).toEqual(wordsOf(user));
  });

  it("leaves no byte of the user's texts in any file, and the texts of others as they were", async () => {
    const root = planted.copy();
    const data = dataFolder(root);
    const readers = [memoryFile(data), conversationFile(data), join(data, "agentctl.db")].map(reader);
    const { file, signed } = await forgetAda(root);
    expect(readdirSync(data)).toEqual(expect.arrayContaining(["memory.db-wal", "agentctl.db-wal"]));
    expect(found(root, wordsOf(ADA))).toEqual([]);
    for (const open of readers) open.close();
    for (const user of OTHERS) expect(found(root, wordsOf(user, true))).toEqual(wordsOf(user, true));
    for (const { gone, stays } of [
      { gone: "reports/acme-ada.html", stays: "reports/acme-ben.html" },
      { gone: ".agentctl/exports/acme-ada.txt.gz", stays: ".agentctl/exports/acme-ben.txt.gz" },
      { gone: "acme-ada.json", stays: "globex-ada.json" },
    ]) {
      expect(existsSync(join(root, gone))).toBe(false);
      expect(existsSync(join(root, stays))).toBe(true);
    }
    // Nobody but its author knows what a file of a person is for.
    const left = scanFiles([root], [sessionOf(ADA)]).hits.map((hit) => hit.file);
    expect(new Set(left)).toEqual(new Set([join(root, "notes.md")]));
    expect(readdirSync(join(data, "forget"))).toEqual(["build.lock"]);
    expect(Object.fromEntries(signed.receipt.stores.map(({ store, removed }) => [store, removed]))).toEqual({
      exports: { files: 13, lines: 6 },
      "run history": { cases: 1, trials: 2, replies: 3 },
      "labels and verdicts": { items: 2, labels: 1, verdicts: 1, calibrationReports: 1 },
      "retrieval indexes": { documents: 2 },
      memory: { facts: 2, vectors: 1 },
      conversations: { sessions: 1, messages: 3, notes: 1, queued: 1, effects: 1 },
    });
    const { verification } = signed.receipt;
    expect(verification.filesWithHits).toEqual([]);
    expect(verification.texts).toBeGreaterThan(8);
    expect(verification.files).toBeGreaterThan(15);
    expect(checkReceipt(file, data, ADA)).toMatchObject({ isGenuine: true, isOurs: true, isForUser: true });
  });

  it("is not done by deleting rows alone: the scan finds what VACUUM and overwriting remove", async () => {
    const root = planted.copy();
    const control = (file: string, sql: string) => {
      const database = new Database(file);
      database.pragma("secure_delete = OFF");
      database.pragma("foreign_keys = ON");
      database.exec(sql);
      database.pragma("wal_checkpoint(TRUNCATE)");
      database.close();
    };
    const data = dataFolder(root);
    const mine = "tenant = 'acme' AND user = 'ada'";
    control(memoryFile(data), `DELETE FROM facts WHERE ${mine}`);
    control(conversationFile(data), `DELETE FROM effects WHERE ${mine}; DELETE FROM sessions WHERE ${mine}`);
    expect(found(root, wordsOf(ADA))).toEqual(
      expect.arrayContaining([
        expect.stringContaining("Qxfact"),
        expect.stringContaining("Qxmessage"),
        expect.stringContaining("Qxremovedrun"),
      ]),
    );
  });

  it("reaches what lies in the journals of databases only", async () => {
    const root = planted.copy();
    const data = dataFolder(root);
    const history = join(data, "agentctl.db");
    const held = [history, memoryFile(data)].map(reader);
    const text = "QxjournalK7 said a moment ago";
    const trial = sampleTrial("late", 0, {
      error: { code: "X", message: `${sessionOf(ADA)} ${text}`, isRetryable: false },
    });
    const store = openSqliteStore(history);
    store.addTrial("run", trial, sampleRow(trial, 1));
    store.close();
    const memory = openMemoryStore(memoryFile(data), systemClock);
    const fact = { id: "late", kind: "fact" as const, subject: "user", attribute: "late", text };
    memory.put({ ...ADA, space: "" }, [
      { ...fact, source: sessionOf(ADA), observedAtMs: 3, expiresAtMs: null },
    ]);
    memory.close();
    const files = () => new Set(scanFiles([data], ["QxjournalK7"]).hits.map(({ file }) => file));
    expect(files()).toEqual(new Set([`${history}-wal`, `${memoryFile(data)}-wal`]));
    await forgetAda(root);
    expect(files()).toEqual(new Set());
    for (const open of held) open.close();
  });

  it("leaves the audit log, which never held a text", async () => {
    const root = planted.copy();
    const data = dataFolder(root);
    const text = "QxauditK7 and other words";
    const events = sampleTrial("x", 0).events.map((event) => ({ ...event, payload: { role: "user", text } }));
    const log = new AuditLog(join(data, "audit.db"));
    log.append([anchorOf("run/case/0", events as never)]);
    log.close();
    expect(scanFiles([data], ["QxauditK7"]).hits).toEqual([]);
    const before = readFileSync(join(data, "audit.db"));
    await forgetAda(root);
    expect(readFileSync(join(data, "audit.db")).equals(before)).toBe(true);
  });

  it("names the files that still hold what an index held: it would be there again once rebuilt", async () => {
    const root = planted.copy();
    const [document] = wordsOf(ADA).filter((word) => word.startsWith("Qxdocument"));
    writeFileSync(
      join(root, "letter.md"),
      `---\nuser: ada\n---\nGrüße "${document}" wrote this 漢字 line.\n`,
    );
    const { signed } = await forgetAda(root);
    expect(signed.receipt.verification.filesWithHits).toEqual(["letter.md"]);
  });

  it("tells what others say as well from what is left", async () => {
    const root = planted.copy();
    const greeting = "Good day, this is the harbour desk.";
    for (const user of [ADA, ...OTHERS]) greet(root, user, greeting);
    const { verification } = (await forgetAda(root)).signed.receipt;
    expect(found(root, [greeting])).toEqual([greeting]);
    expect(verification).toMatchObject({ sharedTexts: 1, filesWithHits: [] });
  });

  it("is refused while an eval runs, before anything is removed", async () => {
    const root = planted.copy();
    const history = join(dataFolder(root), "agentctl.db");
    const store = openSqliteStore(history);
    const owner = { host: "elsewhere", pid: 1 };
    store.claimRun("run", owner, () => true);
    await expect(forgetAda(root)).rejects.toThrow(/run run is being executed by process 1 on elsewhere/);
    expect(found(root, wordsOf(ADA))).toEqual(wordsOf(ADA));
    expect(readdirSync(join(dataFolder(root), "forget"))).toEqual(["build.lock"]);
    store.releaseRun("run", owner);
    store.close();
    await forgetAda(root);
    expect(found(root, wordsOf(ADA))).toEqual([]);
  });

  it("can be done again, and for a user of whom there is nothing", async () => {
    const root = planted.copy();
    await forgetAda(root);
    const { signed } = await forgetAda(root);
    const counts = signed.receipt.stores.flatMap(({ removed }) => Object.values(removed));
    expect(counts.every((count) => count === 0)).toBe(true);
  });

  it("keeps the key for its owner alone, and no name or text in the receipt", async () => {
    const root = planted.copy();
    const { file } = await forgetAda(root);
    const text = readFileSync(file, "utf8");
    expect(text).not.toMatch(/"ada"|"acme"|Grüße/);
    for (const word of wordsOf(ADA)) expect(text).not.toContain(word);
    const key = statSync(join(dataFolder(root), "keys", "receipts.pem"));
    expect(key.mode & 0o777).toBe(0o600);
  });
});

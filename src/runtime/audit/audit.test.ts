import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentEvent } from "../../core/events.js";
import { EventRecorder } from "../event-recorder.js";
import { AuditLog } from "./audit-log.js";
import { auditRecordsOf } from "./audit-record.js";
import { anchorOf, checkAnchor } from "./conversation-audit.js";
import { chainProblems, LiveAudit, liveRecordsOf, sessionSubject } from "./live-audit.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-audit-"));
  file = join(folder, "audit.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function events(): AgentEvent[] {
  const clock = { now: () => 1_790_000_000_000, monotonic: () => 0 };
  const recorder = new EventRecorder(
    { traceId: "t".repeat(32), conversationId: "c/0", tenantId: "x" },
    clock,
  );
  recorder.emit("msg_received", { role: "user", text: "My card is 4111 1111 1111 1111." });
  recorder.emit("guardrail_triggered", {
    rule: "retrieval.instructions",
    action: "quarantine",
    detail: "1 passage",
    classifier: "heuristic:x@1",
    score: 0.8,
    documentIds: ["doc-1"],
  });
  recorder.emit("tool_call_start", {
    callId: "tool-0",
    name: "refund",
    arguments: { usd: 5 },
    sideEffect: true,
  });
  recorder.emit("response_sent", { text: "Hello." });
  return recorder.events;
}

function put(list: AgentEvent[], index: number, change: object): void {
  list[index] = { ...list[index], ...change } as AgentEvent;
}

describe("records of a conversation", () => {
  it("hold what was decided, by what and on which documents, and no text", () => {
    const records = auditRecordsOf(events());
    expect(records[1]).toMatchObject({
      sequence: 1,
      subject: "retrieval.instructions",
      decision: "quarantine",
      classifier: "heuristic:x@1",
      score: 0.8,
      document_ids: ["doc-1"],
      previous_hash: records[0]?.hash,
    });
    expect(JSON.stringify(records)).not.toMatch(/4111|Hello/);
    expect(auditRecordsOf(events())).toEqual(records);
  });

  it.each<[string, (list: AgentEvent[]) => void, RegExp]>([
    ["a changed word", (list) => put(list, 3, { payload: { text: "Hallo." } }), /record 3 .* altered/],
    [
      "a changed score",
      (list) => put(list, 1, { payload: { ...list[1]?.payload, score: 0.1 } }),
      /record 1 .* altered/,
    ],
    ["a removed event", (list) => void list.splice(2, 1), /^record 2 \(event t+-2\) was removed$/],
    ["a removed tail", (list) => void list.splice(2), /record 2 .* removed from the end/],
    [
      "two swapped events",
      (list) => void list.splice(1, 2, list[2] as AgentEvent, list[1] as AgentEvent),
      /record 2 .* another place/,
    ],
    [
      "an added event",
      (list) => void list.push({ ...list[3], event_id: "new" } as AgentEvent),
      /event new\) was added/,
    ],
    [
      "a changed time",
      (list) => put(list, 0, { timestamp: "2020-01-01T00:00:00.000Z" }),
      /record 0 .* altered/,
    ],
    [
      "another conversation",
      (list) => put(list, 0, { conversation_id: "d" }),
      /not those that were anchored/,
    ],
  ])("name %s", (_, tamper, problem) => {
    const log = new AuditLog(file);
    log.append([anchorOf("run/c/0", events())]);
    expect(checkAnchor(log, "run/c/0", events())).toEqual([]);
    const changed = events();
    tamper(changed);
    expect(checkAnchor(log, "run/c/0", changed)?.join("\n")).toMatch(problem);
    expect(checkAnchor(log, "run/c/1", changed)).toBeNull();
    log.close();
  });
});

describe("a session that goes on", () => {
  it("keeps one chain, also when two processes have it open, and has a call in the log before it runs", () => {
    const log = new AuditLog(file);
    const subject = sessionSubject("c/0");
    const [one, two] = [new LiveAudit(log, subject), new LiveAudit(log, subject)];
    for (const event of events().slice(0, 3)) one.onEvent(event);
    expect(liveRecordsOf(log, subject).at(-1)).toMatchObject({ subject: "refund", decision: "asked" });
    one.onEvent(events()[3] as AgentEvent);
    one.flush();
    for (const event of events()) two.onEvent(event);
    two.flush();
    for (const event of events()) one.onEvent(event);
    one.flush();
    const records = liveRecordsOf(log, subject);
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index));
    expect(records).toHaveLength(12);
    expect(chainProblems(records, "c/0")).toEqual([]);
    expect(chainProblems(records, "c/1")).not.toEqual([]);
    expect(chainProblems(records.toSpliced(2, 1), "c/0").join()).toContain("does not follow");
    log.close();
  });
});

describe("the log", () => {
  function written(rows = 5): void {
    const log = new AuditLog(file);
    for (let row = 1; row <= rows; row++) log.append([{ subject: `s${row}`, body: { kind: "x", row } }]);
    expect(log.check()).toMatchObject({ rows, problems: [], head: { sequence: rows } });
    log.close();
  }

  function tamperedBy(sql: string): readonly string[] {
    const database = new Database(file);
    database.exec("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete");
    database.exec(sql);
    database.close();
    const log = new AuditLog(file);
    const { problems } = log.check();
    log.close();
    return problems;
  }

  it("refuses changes and deletions", () => {
    written();
    const database = new Database(file);
    expect(() => database.exec("UPDATE audit SET body = '{}'")).toThrow("append-only");
    expect(() => database.exec("DELETE FROM audit")).toThrow("append-only");
    database.close();
  });

  it.each([
    [
      "an edited byte",
      "UPDATE audit SET body = replace(body, '3', '4') WHERE sequence = 3",
      ["row 3 of the audit log was altered"],
    ],
    [
      "an edited subject",
      "UPDATE audit SET subject = 'z' WHERE sequence = 2",
      ["row 2 of the audit log was altered"],
    ],
    ["a deleted row", "DELETE FROM audit WHERE sequence = 3", ["row 3 of the audit log was deleted"]],
    [
      "a cut tail",
      "DELETE FROM audit WHERE sequence > 3",
      ["rows 4 to 5 of the audit log were deleted, at the end"],
    ],
    ["an emptied log", "DELETE FROM audit", ["rows 1 to 5 of the audit log were deleted, at the end"]],
    [
      "two swapped rows",
      "UPDATE audit SET sequence = -2 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = -2",
      ["row 2 of the audit log was altered", "row 3 of the audit log was altered"],
    ],
  ])("names %s", (_, sql, problems) => {
    written();
    expect(tamperedBy(sql)).toEqual(expect.arrayContaining(problems));
  });

  it("does not hide a cut tail by going on", () => {
    written();
    tamperedBy("DELETE FROM audit WHERE sequence > 3");
    const log = new AuditLog(file);
    log.append([{ subject: "later", body: { kind: "x" } }]);
    expect(log.check().problems).toEqual(["rows 4 to 5 of the audit log were deleted"]);
    log.close();
  });

  it("notices a head that is gone", () => {
    written();
    rmSync(`${file}.head`);
    expect(tamperedBy("SELECT 1")[0]).toContain("audit.db.head is missing");
  });

  it("takes rows of two writers in one chain", () => {
    const [one, two] = [new AuditLog(file), new AuditLog(file)];
    for (let round = 0; round < 5; round++) {
      one.append([{ subject: "one", body: { kind: "x", round } }]);
      two.append([{ subject: "two", body: { kind: "x", round } }]);
    }
    expect(one.check()).toMatchObject({ rows: 10, problems: [] });
    expect(two.about("two")).toHaveLength(5);
    one.close();
    two.close();
  });
});

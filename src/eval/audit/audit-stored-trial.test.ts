import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { AuditLog } from "../../runtime/audit/audit-log.js";
import { anchorOf, trialSubject } from "../../runtime/audit/conversation-audit.js";
import { openChat } from "../chat/open-chat.js";
import { evaluate } from "../evaluate.js";
import { placesOf } from "../forget/data-places.js";
import { forgetUser } from "../forget/forget-user.js";
import { loadProject } from "../project/load-project.js";
import { scaffoldProject } from "../project/scaffold.js";
import { auditStoredTrial } from "./audit-stored-trial.js";

const CASE = "document-05";
const silent = { runStarted() {}, trialStarted() {}, trialFinished() {}, runFinished() {} };

let made: string;
let runId: string;
let folder: string;

/** The suite that has every layer at work, so that the trail holds decisions of each. */
function run(at: string, flags: { readonly caseId?: readonly string[]; readonly resume?: string }) {
  return evaluate(flags.resume === undefined ? { suite: "safety", ...flags } : flags, {
    workingDirectory: at,
    env: {},
    clock: systemClock,
    signal: new AbortController().signal,
    observer: silent,
  });
}

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), "agentctl-audited-"));
  scaffoldProject(made);
  const outcome = await run(made, { caseId: [CASE, "override-01"] });
  runId = outcome.run.id;
});
afterAll(() => rmSync(made, { recursive: true }));

/** Each test tampers with a copy. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-audit-"));
  scaffoldProject(folder);
  const data = join(folder, ".agentctl");
  new Database(join(made, ".agentctl", "agentctl.db")).exec("PRAGMA wal_checkpoint(TRUNCATE)").close();
  new Database(join(made, ".agentctl", "audit.db")).exec("PRAGMA wal_checkpoint(TRUNCATE)").close();
  new AuditLog(join(data, "audit.db")).close();
  for (const name of ["agentctl.db", "audit.db", "audit.db.head"]) {
    for (const rest of ["-wal", "-shm"]) rmSync(join(data, name + rest), { force: true });
    writeFileSync(join(data, name), readFileSync(join(made, ".agentctl", name)));
  }
  return () => rmSync(folder, { recursive: true });
});

const audit = (head?: { readonly sequence: number; readonly hash: string }) =>
  auditStoredTrial(runId, CASE, head === undefined ? {} : { head }, folder);

function edit(file: string, sql: string): void {
  const database = new Database(join(folder, ".agentctl", file));
  database.exec(sql);
  database.close();
}

/** Changes the stored events of the case, as somebody with access to the file could. */
function editEvents(change: (events: Record<string, unknown>[]) => void): void {
  const database = new Database(join(folder, ".agentctl", "agentctl.db"));
  const find = database.prepare<[string], { id: number; trial: string }>(
    "SELECT id, trial FROM bodies WHERE json_extract(trial, '$.caseId') = ?",
  );
  const { id, trial } = find.get(CASE) ?? expect.unreachable();
  const body = JSON.parse(trial) as { events: Record<string, unknown>[] };
  change(body.events);
  database.prepare("UPDATE bodies SET trial = ? WHERE id = ?").run(JSON.stringify(body), id);
  database.close();
}

const WITHOUT_TRIGGERS = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;";

describe("the trail of a trial", () => {
  it("says what was decided, why, on which documents and by what, and that it is whole", () => {
    const report = audit();
    expect(report).toMatchObject({ verdict: "whole", problems: [], log: { rows: 2 } });
    expect(report.records).toContainEqual(
      expect.objectContaining({
        event_type: "guardrail_triggered",
        subject: "retrieval.instructions",
        decision: "quarantine",
        classifier: expect.stringContaining("heuristic:embedded-instructions@") as string,
        document_ids: ["hub-reset"],
        reason: expect.stringContaining("reads like orders") as string,
      }),
    );
  });

  it("is kept in a log without a word of it", () => {
    const log = readFileSync(join(folder, ".agentctl", "audit.db"), "latin1");
    for (const word of ["hub reset", CASE, "lookup_order", "C-1001"]) expect(log).not.toContain(word);
  });

  it("names an edited payload", () => {
    editEvents((events) => {
      const last = events.findLast((one) => one.event_type === "response_sent") ?? expect.unreachable();
      last.payload = { text: "I refunded you." };
    });
    expect(audit().problems).toEqual([expect.stringMatching(/^record \d+ \(event .+\) was altered$/)]);
    expect(audit().verdict).toBe("tampered");
  });

  it("names a removed decision, and decisions in another order", () => {
    editEvents(
      (events) =>
        void events.splice(
          events.findIndex((one) => one.event_type === "guardrail_triggered"),
          1,
        ),
    );
    expect(audit().problems[0]).toMatch(/record 2 .* was removed/);
    editEvents((events) => void events.reverse());
    expect(audit().problems.join("\n")).toMatch(/another place/);
  });

  it("is removed, not unknown, when the trial is gone", () => {
    edit("agentctl.db", `DELETE FROM trials WHERE case_id = '${CASE}'`);
    expect(audit()).toMatchObject({ verdict: "removed", records: [], problems: [] });
    expect(() => auditStoredTrial(runId, "no-such-case", {}, folder)).toThrow(UsageError);
  });

  it("is not anchored when it never was, and says so instead of whole", () => {
    for (const name of ["audit.db", "audit.db.head"]) rmSync(join(folder, ".agentctl", name));
    expect(audit()).toMatchObject({ verdict: "not-anchored", log: null });
  });
});

describe("the log", () => {
  it.each([
    ["a deleted row", "DELETE FROM audit WHERE sequence = 1", /row 1 .* was deleted/],
    [
      "an edited row",
      "UPDATE audit SET body = replace(body, 'a', 'b') WHERE sequence = 2",
      /row 2 .* altered/,
    ],
    ["a cut tail", "DELETE FROM audit WHERE sequence = 2", /row 2 .* deleted, at the end/],
  ])("names %s", (_, sql, problem) => {
    edit("audit.db", WITHOUT_TRIGGERS + sql);
    expect(audit()).toMatchObject({ verdict: "tampered" });
    expect(audit().problems.join("\n")).toMatch(problem);
  });

  it("names that it was taken away as a whole", () => {
    rmSync(join(folder, ".agentctl", "audit.db"));
    expect(audit()).toMatchObject({ verdict: "tampered", log: null });
  });

  it("is caught with a head that was noted down, also when log and head were written anew", () => {
    const { head } = audit().log ?? expect.unreachable();
    expect(audit(head).verdict).toBe("whole");
    editEvents((events) => void events.splice(3));
    for (const name of ["audit.db", "audit.db.head"]) rmSync(join(folder, ".agentctl", name));
    const forged = new AuditLog(join(folder, ".agentctl", "audit.db"));
    const trial = { caseId: CASE, trial: 0 };
    const database = new Database(join(folder, ".agentctl", "agentctl.db"));
    const bodies = database.prepare<[], { trial: string }>("SELECT trial FROM bodies").all();
    database.close();
    const { events } = bodies.map((row) => JSON.parse(row.trial)).find((one) => one.caseId === CASE);
    forged.append([anchorOf(trialSubject(runId, trial), events)]);
    forged.close();
    expect(audit().verdict).toBe("whole");
    expect(audit(head)).toMatchObject({
      verdict: "tampered",
      problems: ["row 2 of the audit log is not the one that was noted down"],
    });
  });
});

it("a process killed between anchor and store leaves nothing that a resumed run does not put right", async () => {
  edit("agentctl.db", `DELETE FROM trials WHERE case_id = '${CASE}'; UPDATE runs SET status = 'running'`);
  await run(folder, { resume: runId });
  expect(audit()).toMatchObject({ verdict: "whole", problems: [], log: { rows: 3 } });
});

it("a conversation of a chat has a trail, which outlives the deletion of its user", async () => {
  const agent = join(folder, "agents", "asked.yaml");
  writeFileSync(
    agent,
    "name: asked\nprompt: { version: '1', text: Help. }\nmodel: { provider: adversarial, name: obey-v1 }\nenvironment: orders\nidentity: { tenant: acme, user: ada }\n",
  );
  const chat = await openChat(
    { agent, session: "ada-1" },
    { workingDirectory: folder, env: {}, clock: systemClock },
  );
  const said = "Cancel order A-1042, the marzipan was mouldy.";
  await chat.send(said, {}, new AbortController().signal);
  await chat.send("And thank you for the marzipan.", {}, new AbortController().signal);
  await chat.close();
  const trail = () => auditStoredTrial("chat", "ada-1", {}, folder);
  expect(trail()).toMatchObject({ verdict: "whole", agent: expect.stringMatching(/^asked@/) as string });
  expect(trail().records.map(({ sequence }) => sequence)).toEqual(trail().records.map((_, index) => index));
  expect(trail().records.filter(({ subject }) => subject === "cancel_order").length).toBeGreaterThan(1);
  const before = trail().records.length;
  const dataFolder = join(folder, ".agentctl");
  const user = { tenantId: "acme", userId: "ada" };
  await forgetUser(user, placesOf(loadProject(undefined, folder)), { dataFolder, clock: systemClock });
  expect(trail()).toMatchObject({ verdict: "whole", agent: "deleted session" });
  expect(trail().records).toHaveLength(before);
  const bytes = ["audit.db", "audit.db-wal"].map((name) => {
    try {
      return readFileSync(join(dataFolder, name), "latin1");
    } catch {
      return "";
    }
  });
  expect(bytes.join("")).not.toMatch(/marzipan|ada-1/);
  edit("audit.db", `${WITHOUT_TRIGGERS} DELETE FROM audit WHERE sequence = 4`);
  expect(trail().verdict).toBe("tampered");
});

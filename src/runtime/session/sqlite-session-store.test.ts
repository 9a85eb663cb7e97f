import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { StoreError } from "../../core/errors.js";
import { openLedgerStore } from "../ledger/sqlite-ledger-store.js";
import { conversationFile, openConversationDatabase } from "./conversation-database.js";
import { newOwner } from "./session-owner.js";
import { openSessionStore } from "./sqlite-session-store.js";
import { LEASE_MS, sessionStoreContract } from "./testing/session-store-contract.js";

const folder = mkdtempSync(join(tmpdir(), "agentctl-sessions-"));
afterAll(() => rmSync(folder, { recursive: true }));
const newFile = () => conversationFile(mkdtempSync(join(folder, "store-")));

sessionStoreContract("sessions in a file", () => {
  const file = newFile();
  return { open: (clock) => openSessionStore(file, { clock, leaseMs: LEASE_MS }), isShared: true };
});
sessionStoreContract("sessions in memory", () => ({
  open: (clock) => openSessionStore(":memory:", { clock, leaseMs: LEASE_MS }),
  isShared: false,
}));

it("leaves no byte of a deleted user in any file", async () => {
  const file = newFile();
  const store = openSessionStore(file, { clock: systemClock });
  const ledger = openLedgerStore(file, "kill");
  const secret = "Zaphod-Beeblebrox-42";
  for (let index = 0; index < 200; index += 1) {
    const id = `s${index}`;
    store.create({
      id,
      tenantId: "acme",
      userId: index % 2 === 0 ? "u1" : "u2",
      agentName: "a",
      agentVersion: "1",
    });
    const owner = newOwner();
    store.claim(id, { owner, text: null, whenBusy: "queue" });
    const text = `${index % 2 === 0 ? secret : "somebody else"} ${"x".repeat(index * 20)}`;
    const log = store.log(id, owner);
    log.append({ role: "user", content: text });
    log.setNote("plan", text);
    store.claim(id, { owner: newOwner(), text, whenBusy: "queue" });
    await ledger.intend({
      key: id,
      conversationId: index < 100 ? id : `gone-${id}`,
      tenantId: "acme",
      userId: index % 2 === 0 ? "u1" : "u2",
      turn: 1,
      step: 0,
      callId: "c",
      tool: "refund",
      args: { text },
      compensates: null,
      intendedAtMs: 1,
    });
  }
  const bytes = () =>
    readdirSync(join(file, ".."))
      .map((name) => readFileSync(join(file, "..", name)).toString("latin1"))
      .join("");
  expect(bytes()).toContain(secret);
  const counts = { sessions: 100, messages: 100, notes: 100, queued: 100, effects: 100 };
  expect(store.deleteUser("acme", "u1")).toEqual(counts);
  expect(bytes()).not.toContain(secret);
  expect(bytes()).toContain("somebody else");
  store.close();
  ledger.close();
});

it("deletes the effects of a session's specialists with it, and no other's", async () => {
  const file = newFile();
  const store = openSessionStore(file, { clock: systemClock });
  const ledger = openLedgerStore(file, "kill");
  store.create({ id: "a", tenantId: "acme", userId: null, agentName: "a", agentVersion: "1" });
  const conversations = ["a", "a/desk", "a/desk/mail", "a0", "a-b", "b/desk"];
  for (const conversationId of conversations) {
    await ledger.intend({
      key: conversationId,
      conversationId,
      tenantId: "acme",
      userId: null,
      turn: 1,
      step: 0,
      callId: "c",
      tool: "refund",
      args: {},
      compensates: null,
      intendedAtMs: 1,
    });
    ledger.setFlow(conversationId, { turn: 1, status: "stuck", reason: "r" });
  }
  expect(store.delete("a")).toMatchObject({ sessions: 1, effects: 3 });
  const left = (read: (id: string) => readonly unknown[]) =>
    conversations.filter((id) => read(id).length > 0);
  expect(left((id) => ledger.effects(id))).toEqual(["a0", "a-b", "b/desk"]);
  expect(left((id) => ledger.flows(id))).toEqual(["a0", "a-b", "b/desk"]);
  store.close();
  ledger.close();
});

it("refuses a file that a newer agentctl wrote", () => {
  const file = newFile();
  const database = openConversationDatabase(file);
  database.connection.pragma("user_version = 99");
  database.close();
  expect(() => openSessionStore(file, { clock: systemClock })).toThrow(StoreError);
});

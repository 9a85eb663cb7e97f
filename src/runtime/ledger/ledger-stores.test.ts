import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { conversationFile } from "../session/conversation-database.js";
import { memoryLedgerStore } from "./memory-ledger-store.js";
import { readEffects } from "./read-effects.js";
import { openLedgerStore } from "./sqlite-ledger-store.js";
import { ledgerStoreContract } from "./testing/ledger-store-contract.js";

const folder = mkdtempSync(join(tmpdir(), "agentctl-ledger-"));
afterAll(() => rmSync(folder, { recursive: true }));
const newFolder = () => mkdtempSync(join(folder, "data-"));

ledgerStoreContract("a ledger in the process", memoryLedgerStore);
ledgerStoreContract("a ledger that survives a kill", () =>
  openLedgerStore(conversationFile(newFolder()), "kill"),
);
ledgerStoreContract("a ledger that survives a power cut", () =>
  openLedgerStore(conversationFile(newFolder()), "power-cut"),
);

it("writes many intents at once, and shows them to a reader", async () => {
  const data = newFolder();
  expect(readEffects(data, "c1")).toEqual([]);
  const store = openLedgerStore(conversationFile(data), "power-cut");
  const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
  const intend = (key: string) =>
    store.intend({
      key,
      conversationId: "c1",
      tenantId: "t",
      userId: null,
      turn: 1,
      step: 0,
      callId: "c",
      tool: "t",
      args: {},
      compensates: null,
      intendedAtMs: 1,
    });
  const written = await Promise.all([...keys, ...keys].map(intend));
  expect(written.filter(Boolean)).toHaveLength(200);
  expect(readEffects(data, "c1").map(({ key }) => key)).toEqual(keys);
  store.close();
});

import type { LedgerStore } from "../../runtime/ledger/ledger-store.js";
import type { PartFactory, PartStorage } from "./agent-parts.js";

/** The ledger of an agent file with a `ledger` block. */
export const ledgerPart: PartFactory = async ({ ledger }, { storage }) => {
  if (ledger === undefined) return null;
  const { ledgerPart: part } = await import("../../runtime/ledger/ledger-part.js");
  return part({
    settings: {
      onFailure: ledger.on_failure,
      repeats: ledger.repeats,
      reconcileAttempts: ledger.reconcile_attempts,
      reconcileWaitMs: ledger.reconcile_wait_ms,
      settleMs: ledger.settle_ms,
    },
    store: await ledgerStoreOf(storage, ledger.survives),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
};

/** A file opens SQLite, which runs without one never load. */
async function ledgerStoreOf(
  storage: PartStorage,
  survives: "power-cut" | "kill",
): Promise<() => LedgerStore> {
  if (storage.kind === "memory") {
    const { memoryLedgerStore } = await import("../../runtime/ledger/memory-ledger-store.js");
    return memoryLedgerStore;
  }
  const { conversationFile } = await import("../../runtime/session/conversation-database.js");
  const { openLedgerStore } = await import("../../runtime/ledger/sqlite-ledger-store.js");
  const store = openLedgerStore(conversationFile(storage.path), survives);
  return () => store;
}

import { describe, expect, it } from "vitest";
import type { LedgerStore, NewEffect } from "../ledger-store.js";

/** What every store of the ledger must do. */
export function ledgerStoreContract(name: string, open: () => LedgerStore): void {
  describe(name, () => {
    const effect = (key: string, changes: Partial<NewEffect> = {}): NewEffect => ({
      key,
      conversationId: "c1",
      tenantId: "acme",
      userId: null,
      turn: 1,
      step: 0,
      callId: "call",
      tool: "refund",
      args: { cents: 1, note: "für 🙂" },
      compensates: null,
      intendedAtMs: 5,
      ...changes,
    });

    it("keeps effects in the order of their intents, each key once", async () => {
      const store = open();
      expect(await store.intend(effect("b"))).toBe(true);
      expect(await store.intend(effect("a", { compensates: "b", userId: "u" }))).toBe(true);
      expect(await store.intend(effect("x", { conversationId: "c2" }))).toBe(true);
      expect(await store.intend(effect("b", { tool: "other" }))).toBe(false);
      const open_ = { status: "intended", outcome: null, detail: "", settledAtMs: null };
      expect(store.effects("c1")).toEqual([
        { ...effect("b"), ...open_ },
        { ...effect("a", { compensates: "b", userId: "u" }), ...open_ },
      ]);
      store.close();
    });

    it("settles an effect, and opens one again that never took effect", async () => {
      const store = open();
      await store.intend(effect("k"));
      const outcome = { content: '{"id":1}', isError: false };
      store.settle(effect("k"), { status: "done", outcome, detail: "d", atMs: 9 });
      expect(store.effects("c1")).toEqual([
        { ...effect("k"), status: "done", outcome, detail: "d", settledAtMs: 9 },
      ]);
      await store.reopen(effect("k"), 11);
      expect(store.effects("c1")).toEqual([
        {
          ...effect("k"),
          intendedAtMs: 11,
          status: "intended",
          outcome: null,
          detail: "",
          settledAtMs: null,
        },
      ]);
      store.close();
    });

    it("keeps the last state of each flow", () => {
      const store = open();
      store.setFlow("c1", { turn: 2, status: "compensating", reason: "r" });
      store.setFlow("c1", { turn: 2, status: "compensated", reason: "r" });
      store.setFlow("c2", { turn: 1, status: "stuck", reason: "r" });
      expect(store.flows("c1")).toEqual([{ turn: 2, status: "compensated", reason: "r" }]);
      expect(store.flows("c3")).toEqual([]);
      store.close();
    });
  });
}

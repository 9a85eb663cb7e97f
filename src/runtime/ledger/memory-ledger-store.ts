import type { Effect, Flow, LedgerStore } from "./ledger-store.js";

/** A ledger that lives as long as the process: for trials, which are run again from the start. */
export function memoryLedgerStore(): LedgerStore {
  const effects = new Map<string, Effect>();
  const flows = new Map<string, Map<number, Flow>>();
  const change = (key: string, changes: Partial<Effect>) => {
    const effect = effects.get(key);
    if (effect !== undefined) effects.set(key, { ...effect, ...changes });
  };
  return {
    effects: (conversationId) => [...effects.values()].filter((one) => one.conversationId === conversationId),
    intend: async (effect) => {
      if (effects.has(effect.key)) return false;
      effects.set(effect.key, {
        ...effect,
        status: "intended",
        outcome: null,
        detail: "",
        settledAtMs: null,
      });
      return true;
    },
    reopen: async ({ key }, atMs) => {
      change(key, { status: "intended", outcome: null, detail: "", intendedAtMs: atMs, settledAtMs: null });
    },
    settle: ({ key }, { status, outcome, detail, atMs }) =>
      change(key, { status, outcome, detail, settledAtMs: atMs }),
    flows: (conversationId) => [...(flows.get(conversationId)?.values() ?? [])],
    setFlow: (conversationId, flow) => {
      const known = flows.get(conversationId) ?? new Map<number, Flow>();
      flows.set(conversationId, known.set(flow.turn, flow));
    },
    close: () => {},
  };
}

import { expect } from "vitest";
import { BOOKING_CENTS, REFUND_CENTS } from "./fixtures/ledger/flow.js";
import type { KillBench, Observed, Scenario } from "./ledger-kill.js";

interface Ending {
  readonly facts: { readonly [fact: string]: number };
  readonly reply: RegExp;
}

export const ALL_DONE: Ending = {
  facts: {
    cancelled: 1,
    refunds: 1,
    charged_back: 0,
    bookings: 1,
    customer: REFUND_CENTS - BOOKING_CENTS,
    merchant: -REFUND_CENTS,
    hotel: BOOKING_CENTS,
  },
  reply: /^DONE cancel refund book$/,
};
export const UNDONE: Ending = {
  facts: { cancelled: 0, refunds: 1, charged_back: 1, bookings: 0, customer: 0, merchant: 0, hotel: 0 },
  reply: /book failed\. What had been changed before was undone \(refund, cancel\), so nothing has changed/,
};
export const NOTHING: Ending = {
  facts: { cancelled: 0, refunds: 0, charged_back: 0, bookings: 0, customer: 0, merchant: 0, hotel: 0 },
  reply: /^FAILED after $/,
};

/** Compares what the three systems hold with what the user was told, and counts what is wrong. */
export class LedgerChecks {
  lost = 0;
  doubled = 0;
  falseConfirmations = 0;

  /** What must hold at every moment, be the process dead or alive. */
  always(seen: Observed): void {
    const money = ["customer", "merchant", "hotel"].reduce((sum, name) => sum + factOf(seen, name), 0);
    expect(money).toBe(0);
    const doubled = ["refunds", "charged_back", "bookings"].filter((name) => factOf(seen, name) > 1);
    this.doubled += doubled.length;
    expect(doubled).toEqual([]);
    const isUndone = factOf(seen, "charged_back") === 1;
    if (factOf(seen, "refunds") === 1 && !isUndone) expect(factOf(seen, "cancelled")).toBe(1);
    if (factOf(seen, "bookings") === 1) expect(factOf(seen, "refunds")).toBe(1);
    const wrong = repliesOf(seen).filter((text) => isFalse(text, seen));
    this.falseConfirmations += wrong.length;
    expect(wrong).toEqual([]);
  }

  ending(seen: Observed, ending: Ending): void {
    this.always(seen);
    const expected = Object.entries(ending.facts);
    const lost = expected.filter(([name, value]) => value > 0 && factOf(seen, name) < 1);
    this.lost += lost.length;
    expect(Object.fromEntries(expected.map(([name]) => [name, factOf(seen, name)]))).toEqual(ending.facts);
    expect(repliesOf(seen)).toHaveLength(1);
    expect(repliesOf(seen)[0]).toMatch(ending.reply);
    expect(seen.statuses.filter((status) => status === "intended" || status === "unknown")).toEqual([]);
  }

  /** Runs the scenario undisturbed: how it ends, and which boundaries it passes. */
  async undisturbed(systems: KillBench, scenario: Scenario, ending: Ending): Promise<readonly string[]> {
    const folder = await systems.newRun(scenario.fault);
    await systems.work(folder, scenario, null);
    this.ending(await systems.observe(folder), ending);
    return systems.boundaries(folder);
  }

  toString(): string {
    const { lost, doubled, falseConfirmations } = this;
    return `effects lost ${lost}, doubled ${doubled}, false confirmations ${falseConfirmations}`;
  }
}

export function factOf({ facts }: Observed, name: string): number {
  return facts[name] ?? 0;
}

/** What the user was told. */
export function repliesOf({ messages }: Observed): readonly string[] {
  return messages.flatMap((one) =>
    one.role === "assistant" && (one.toolCalls ?? []).length === 0 ? [one.content ?? ""] : [],
  );
}

/** Whether the user was told something that did not happen. */
function isFalse(text: string, seen: Observed): boolean {
  const [cancelled, refunds, bookings] = ["cancelled", "refunds", "bookings"].map((name) =>
    factOf(seen, name),
  );
  if (text.startsWith("DONE")) return cancelled !== 1 || refunds !== 1 || bookings !== 1;
  const isUnchanged = cancelled === 0 && bookings === 0 && factOf(seen, "customer") === 0;
  return text.includes("so nothing has changed") && !isUnchanged;
}

/** Works on the items, several at a time: most of a run is waiting. */
export async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

const LANES = 3;

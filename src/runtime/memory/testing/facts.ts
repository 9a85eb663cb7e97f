import type { Fact, MemoryScope, NewFact } from "../fact.js";

export const ADA: MemoryScope = { space: "", tenantId: "acme", userId: "ada" };

/** A fact about a user; what is left out is usual. */
export function newFact(part: Partial<NewFact>): NewFact {
  return {
    id: "f",
    kind: "fact",
    subject: "user",
    attribute: "hobby",
    text: "paints",
    source: "talk-1",
    observedAtMs: 1_000,
    expiresAtMs: null,
    ...part,
  };
}

export function storedFact(part: Partial<Fact>): Fact {
  return { ...newFact(part), scope: ADA, retiredAtMs: null, replacedBy: null, ...part };
}

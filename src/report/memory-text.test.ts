import { describe, expect, it } from "vitest";
import type { DeletionReceipt } from "./memory-documents.js";
import { renderDeletion, renderMemory } from "./memory-text.js";

function deletion(verification: Partial<DeletionReceipt["receipt"]["verification"]>): DeletionReceipt {
  const none = { files: 2, bytes: 10, texts: 3, patterns: 42, sharedTexts: 0, filesWithHits: [] };
  return {
    receipt: {
      id: "id",
      user: { salt: "s", hash: "h" },
      requestedAt: "2026-11-21T16:00:00.000Z",
      completedAt: "2026-11-21T16:00:01.000Z",
      interruptions: 0,
      stores: [
        { store: "run history", removed: { cases: 0, trials: 2, replies: 1 } },
        { store: "memory", removed: {} },
      ],
      verification: { ...none, ...verification },
      agentctlVersion: "0.1.0",
    },
    contentHash: "c",
    signature: { algorithm: "ed25519", publicKey: "p", value: "v" },
  };
}

describe("renderDeletion", () => {
  it("says what was removed, where it was searched, and where the receipt lies", () => {
    expect(renderDeletion(deletion({}), "r.json").split("\n")).toEqual([
      "Deleted:",
      "  run history: 2 trials, 1 reply",
      "  memory: nothing",
      "Scanned 2 files (10 bytes) for 3 pieces of the user's texts: none is left.",
      "Receipt: r.json",
    ]);
  });

  it("names files that still match, and claims nothing where nothing was looked for", () => {
    expect(renderDeletion(deletion({ filesWithHits: ["a.md"] }), "r")).toContain("still in a.md. Somebody");
    const blind = renderDeletion(deletion({ texts: 0 }), "r");
    expect(blind).toContain("none was looked for");
    expect(blind).not.toContain("none is left");
  });
});

it("renderMemory shows a fact on one line, whatever it holds", () => {
  const fact = {
    id: "f",
    kind: "preference",
    subject: "user",
    attribute: "contact",
    text: "prefers\nletters\u001b[31m",
    source: "s",
    observedAt: "2026-11-20T00:00:00.000Z",
    expiresAt: "2027-01-01T00:00:00.000Z",
    isCurrent: false,
    replacedBy: "g",
  };
  const lines = renderMemory({ tenantId: "t", userId: "ada", sessions: 1, facts: [fact] }).split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe("ada: 1 fact, 1 session");
  expect(lines[1]).toMatch(/prefers letters.*\(2026-11-20, until 2027-01-01, replaced\)$/);
  expect(lines[1]).not.toContain("\u001b");
});

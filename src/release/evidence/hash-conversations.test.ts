import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sampleConversation } from "../testing/sample-release.js";
import { hashConversations } from "./hash-conversations.js";

const many = Array.from({ length: 9000 }, (_, index) => sampleConversation({ id: `c-${index}` }));

it("is that of the lines, however many pieces they are hashed in", () => {
  const lines = many.map((one) => `${JSON.stringify(one)}\n`).join("");
  expect(lines.length).toBeGreaterThan(2 ** 21);
  expect(hashConversations(many)).toBe(createHash("sha256").update(lines).digest("hex"));
});

it("tells other conversations, and another order, apart", () => {
  const [first, second] = many as [(typeof many)[number], (typeof many)[number]];
  const hashes = [[], [first], [first, second], [second, first], [{ ...first, thumb: false }]];
  expect(new Set(hashes.map(hashConversations)).size).toBe(5);
});

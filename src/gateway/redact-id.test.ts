import fc from "fast-check";
import { expect, it } from "vitest";
import { findPii } from "../metrics/safety/pii-rules.js";
import { redactId } from "./redact-id.js";

it.each([
  "conv-17",
  "3cc0da86-04c2-4950-bfc6-ab7841c0a50e",
  "12345678-1234-1234-1234-123456789012",
  "#W2378156",
])("leaves %s as it is", (id) => {
  expect(redactId(id)).toBe(id);
});

it.each([
  "ana@example.com",
  "session of ana@example.com",
  "+49 170 1234567",
  "4111111111111111",
  "sk-abcdefghijklmnopqrstuvwx",
  "x".repeat(201),
])("hashes %s, always to the same", (id) => {
  expect(redactId(id)).toMatch(/^sha256:[0-9a-f]{16}$/);
  expect(redactId(id)).toBe(redactId(id));
  expect(redactId(id)).not.toBe(redactId(`${id}2`));
});

const PIECES = [
  ..."aZe_-.+@ (9",
  ..."0123456789",
  "sk-",
  "AKIA",
  "ghp_",
  "glpat-",
  "xoxb-",
  "AIza",
  "eyJ",
  "abcdefgh",
  "ABCDEFGHIJKLMNOP",
  "0123456789abcdefghij",
  "4111111111111111",
  "123-45-6789",
  "555-123-4567",
  "GB82WEST12345698765432",
  "ana@example.com",
];

it("takes the short way only where the rules for personal data find nothing", () => {
  const ids = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(ids, (pieces) => {
      const id = pieces.join("");
      fc.pre(!/^[0-9a-f]{8}-/i.test(id));
      expect(redactId(id) === id).toBe(id.length <= 200 && findPii(id).length === 0);
    }),
    { numRuns: 5_000 },
  );
});

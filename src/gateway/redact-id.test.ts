import { expect, it } from "vitest";
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

import { describe, expect, it } from "vitest";
import { pageText } from "./page-text.js";

describe("pageText", () => {
  it.each([
    ["an API key", "use sk-abcdefghij0123456789xyz now", "sk-abcdefghij"],
    ["a password that is named", "my password is hunter22x ok", "hunter22x"],
    ["a short address", "ab://u:c1d2@h", "c1d2"],
    ["a token behind a name", "pwd=a1b2c3d4", "a1b2c3d4"],
    ["a private key", `-----BEGIN PRIVATE KEY-----\n${"Ab1 ".repeat(20)}`, "Ab1"],
    ["a bearer token", "Authorization: Bearer abcdefghij0123456789", "abcdefghij0123456789"],
  ])("shows nothing of %s", (_, text, secret) => {
    expect(pageText(text, 4_000)).toContain("[redacted secret]");
    expect(pageText(text, 4_000)).not.toContain(secret);
  });

  it("shows no first half of a secret that the cut goes through", () => {
    const text = `${"word ".repeat(20)}sk-abcdefghij0123456789xyz`;
    expect(pageText(text, 112)).not.toContain("sk-abc");
  });

  it("says how much it cut, and never cuts a character in two", () => {
    expect(pageText("x".repeat(50), 50)).toBe("x".repeat(50));
    expect(pageText("x".repeat(51), 50)).toBe(`${"x".repeat(50)}… [cut: about 1 more characters]`);
    expect(pageText("🙂".repeat(10), 5)).toBe("🙂🙂… [cut: about 15 more characters]");
  });
});

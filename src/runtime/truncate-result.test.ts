import fc from "fast-check";
import { expect, it } from "vitest";
import { truncateResult } from "./truncate-result.js";

it("leaves a text that fits as it is", () => {
  expect(truncateResult("abc", 3)).toEqual({ text: "abc", removedChars: 0 });
});

it("keeps head and tail, and says how much is gone", () => {
  expect(truncateResult("0123456789", 5)).toEqual({
    text: "0123\n[… 5 characters removed …]\n9",
    removedChars: 5,
  });
});

it("accounts for every character", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (text, most) => {
      const { removedChars } = truncateResult(text, most);
      return removedChars === Math.max(0, text.length - most);
    }),
  );
});
